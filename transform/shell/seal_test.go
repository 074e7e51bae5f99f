package shell

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/shelltest"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

func runShell(t *testing.T, shell []string, script string) string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), shell[0], append(shell[1:], "-c", script)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s\n%v: %s", script, err, output)
	}
	return string(output)
}

// fileAt is one file for every secret.
func fileAt(path string) func(string) File { return func(string) File { return File{Path: path} } }

// sealedScripts are scripts with a secret in any place, and what they print.
var sealedScripts = []struct{ script, want string }{
	{`printf '<%s>' SEAL`, "<" + shelltest.Awkward + ">"},
	{`printf '<%s>' -pSEAL,SEAL`, "<-p" + shelltest.Awkward + "," + shelltest.Awkward + ">"},
	{`printf '<%s>' "a SEAL b"`, "<a " + shelltest.Awkward + " b>"},
	{`printf '<%s>' 'a SEAL $HOME'`, "<a " + shelltest.Awkward + " $HOME>"},
	{`printf '<%s>' "$(printf %s SEAL)"`, "<" + shelltest.Awkward + ">"},
	{`printf '<%s>' "$(printf %s "SEAL")"`, "<" + shelltest.Awkward + ">"},
	{"printf '<%s>' \"`printf %s SEAL`\"", "<" + shelltest.Awkward + ">"},
	{`printf '<%s>' "${NONE:-SEAL}"`, "<" + shelltest.Awkward + ">"},
	{`printf '<%s>' ${NONE:-"SEAL"}`, "<" + shelltest.Awkward + ">"},
	{`printf '<%s>' \SEAL`, "<" + shelltest.Awkward + ">"},
	{`A=SEAL; printf '<%s>' "$A"`, "<" + shelltest.Awkward + ">"},
	{"printf x # it's SEAL\nprintf '<%s>' 'SEAL'", "x<" + shelltest.Awkward + ">"},
	{"cat <<EOF\nit's SEAL\nEOF\nprintf '<%s>' \"SEAL\"", "it's " + shelltest.Awkward + "\n<" + shelltest.Awkward + ">"},
	{"cat <<-E\n\tSEAL\n\tE\nprintf y", shelltest.Awkward + "\ny"},
	{`(printf '<%s>' SEAL)`, "<" + shelltest.Awkward + ">"},
	{`echo $((1<<2)); printf '<%s>' SEAL`, "4\n<" + shelltest.Awkward + ">"},
	{"case a in a) printf '<%s>' 'SEAL';; esac", "<" + shelltest.Awkward + ">"},
	{`if true && [ SEAL != x ]; then printf ok; fi`, "ok"},
	{`printf %s#a SEAL`, shelltest.Awkward + "#a"},
	{`(printf x)# it's SEAL` + "\nprintf '<%s>' SEAL", "x<" + shelltest.Awkward + ">"},
	{`printf '<%s>' "$SEAL"`, "<$" + shelltest.Awkward + ">"},
	{`printf '<%s>' "$(case a in a) printf %s "SEAL";; esac)"`, "<" + shelltest.Awkward + ">"},
	{"printf '<%s>' \"`printf %s \\\"SEAL\\\"`\"", "<" + shelltest.Awkward + ">"},
	{"printf '<%s>' `printf \\`printf x\\``\"SEAL\"", "<x" + shelltest.Awkward + ">"},
	{`A=SEAL"z"; printf '<%s>' "${A#'SEAL'}"`, "<z>"},
	{`a=1; b=2; echo $((a<<b)); printf '<%s>' SEAL`, "4\n<" + shelltest.Awkward + ">"},
	{"cat <<E\n$(printf '<%s>' SEAL 'SEAL') ${NONE:-SEAL}\nE", "<" + shelltest.Awkward + "><" + shelltest.Awkward + "> " + shelltest.Awkward + "\n"},
	{"cat <<E\n\\SEAL\nE", `\` + shelltest.Awkward + "\n"},
	{"cat <<E; printf '<%s>' SEAL\n\"\nE", "\"\n<" + shelltest.Awkward + ">"},
}

// A secret in a shell's text must reach the program as one text, whatever is in it.
func TestReadSealsInAnyPlace(t *testing.T) {
	file := fileAt(shelltest.WriteSecret(t, shelltest.Awkward)(""))
	for _, tt := range sealedScripts {
		readsSeals(t, tt.script, "", tt.want, file)
	}
}

// The line ends at the end of a secret must reach the program too, but where the
// script itself has $( ) around it.
func TestReadSealsWithLineEnds(t *testing.T) {
	value := shelltest.Awkward + "\n\n"
	file := File{Path: shelltest.WriteSecret(t, value)(""), Held: "_ds1"}
	for _, tt := range sealedScripts {
		if strings.Contains(tt.script, "(printf %s") || strings.Contains(tt.script, "`printf %s") || strings.Contains(tt.script, "$(case") {
			continue
		}
		readsSeals(t, tt.script, file.Hold()+"\n", strings.ReplaceAll(tt.want, shelltest.Awkward, value), func(string) File { return file })
	}
}

// readsSeals runs script behind head in every shell.
func readsSeals(t *testing.T, script, head, want string, file func(string) File) {
	t.Helper()
	read, ok := ReadSeals(strings.ReplaceAll(script, "SEAL", seal.Of("x")), file)
	if !ok || seal.Has(read) {
		t.Errorf("%s: not read", script)
		return
	}
	for name, shell := range shelltest.Shells(t) {
		if diff := cmp.Diff(want, runShell(t, shell, head+read)); diff != "" {
			t.Errorf("%s in %s: %s (-want +got)\n%s", script, name, read, diff)
		}
	}
}

// A place in which a shell expands nothing must be told apart.
func TestReadSealsInQuotedHereDocument(t *testing.T) {
	for _, script := range []string{"cat <<'E'\nSEAL\nE\n", "cat <<\\E\nSEAL", "cat <<'a b'\na\nSEAL\na b\n"} {
		if read, ok := ReadSeals(strings.ReplaceAll(script, "SEAL", seal.Of("x")), fileAt("/x")); ok {
			t.Errorf("%s: read as %q", script, read)
		}
	}
}

// A mark that begins no seal is the author's own text and must stay.
func TestReadSealsUnclosed(t *testing.T) {
	text := "echo '" + seal.Close + seal.Open + "a' b"
	if read, ok := ReadSeals(text, nil); read != text || !ok {
		t.Errorf("%q, %t, want %q", read, ok, text)
	}
}

// A number must be read in arithmetic, where dash and ash take no quotes.
func TestReadSealsInArithmetic(t *testing.T) {
	file := fileAt(shelltest.WriteSecret(t, "3")(""))
	read, ok := ReadSeals("echo $((1<<"+seal.Of("x")+"))", file)
	if !ok {
		t.Fatal("not read")
	}
	for name, shell := range shelltest.Shells(t) {
		if diff := cmp.Diff("8\n", runShell(t, shell, read)); diff != "" {
			t.Errorf("%s: %s (-want +got)\n%s", name, read, diff)
		}
	}
}

// A command in words must run the same in a shell, with its secrets in place.
func TestQuoteWords(t *testing.T) {
	file := fileAt(shelltest.WriteSecret(t, shelltest.Awkward)(""))
	words := []string{"printf", "<%s>", "plain", "", "it's", "a b", "$HOME", "`id`", "~", "a=b", "-x", "é", "\n", `\`, "#", seal.Of("x"), "p$" + seal.Of("x") + "\"`"}
	var want strings.Builder
	for _, word := range words[2:] {
		want.WriteString("<" + seal.Replace(word, func(string) string { return shelltest.Awkward }) + ">")
	}
	for name, shell := range shelltest.Shells(t) {
		if diff := cmp.Diff(want.String(), runShell(t, shell, "exec "+Quote(words, file))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// The script must be found that a shell among the words runs, and nothing else.
func TestScriptIn(t *testing.T) {
	for words, want := range map[string]int{
		"sh -c TEXT":                    2,
		"/bin/bash -euc TEXT a":         2,
		"bash -o pipefail -c TEXT":      4,
		"tini -- sh -e -c TEXT":         5,
		"sh script.sh -c config":        -1,
		"redis-server -c x":             -1,
		"sh -c":                         -1,
		"docker-entrypoint.sh sh -lc T": 3,
		"":                              -1,
	} {
		if got := ScriptIn(strings.Fields(words)); got != want {
			t.Errorf("%q: %d, want %d", words, got, want)
		}
	}
}

// Whatever a text is, no seal must be left and nothing else be lost.
func FuzzReadSeals(f *testing.F) {
	f.Add("a 'X' \"X\" `X` $(X) ${A:-X} <<E\nX\nE\n# X\n\\X $'X'")
	f.Add("$((1<<X))\\")
	f.Add("\"`\\`\\\"X\\\"\\``${A%'X'}\" case a in a) $X;; esac")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, seal.Open) {
			return
		}
		read, _ := ReadSeals(strings.ReplaceAll(text, "X", seal.Of("x")), fileAt("/run/secrets/x"))
		if seal.Has(read) {
			t.Errorf("%q became %q", text, read)
		}
		rest := read
		for i := range len(text) {
			at := strings.IndexByte(rest, text[i])
			if text[i] == 'X' || text[i] == '\\' && strings.HasPrefix(text[i+1:], "X") {
				continue
			}
			if at < 0 {
				t.Fatalf("byte %d of %q is not in %q", i, text, read)
			}
			rest = rest[at+1:]
		}
	})
}
