package transform

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func runShell(t *testing.T, shell []string, script string) string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), shell[0], append(shell[1:], "-c", script)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s\n%v: %s", script, err, output)
	}
	return string(output)
}

// A secret in a shell's text must reach the program as one text, whatever is in it.
func TestReadSealsInAnyPlace(t *testing.T) {
	path := writeSecret(t, awkward)
	sealed := SealOf("x")
	for _, tt := range []struct{ script, want string }{
		{`printf '<%s>' SEAL`, "<" + awkward + ">"},
		{`printf '<%s>' -pSEAL,SEAL`, "<-p" + awkward + "," + awkward + ">"},
		{`printf '<%s>' "a SEAL b"`, "<a " + awkward + " b>"},
		{`printf '<%s>' 'a SEAL $HOME'`, "<a " + awkward + " $HOME>"},
		{`printf '<%s>' "$(printf %s SEAL)"`, "<" + awkward + ">"},
		{`printf '<%s>' "$(printf %s "SEAL")"`, "<" + awkward + ">"},
		{"printf '<%s>' \"`printf %s SEAL`\"", "<" + awkward + ">"},
		{`printf '<%s>' "${NONE:-SEAL}"`, "<" + awkward + ">"},
		{`printf '<%s>' ${NONE:-"SEAL"}`, "<" + awkward + ">"},
		{`printf '<%s>' \SEAL`, "<" + awkward + ">"},
		{`A=SEAL; printf '<%s>' "$A"`, "<" + awkward + ">"},
		{"printf x # it's SEAL\nprintf '<%s>' 'SEAL'", "x<" + awkward + ">"},
		{"cat <<EOF\nit's SEAL\nEOF\nprintf '<%s>' \"SEAL\"", "it's " + awkward + "\n<" + awkward + ">"},
		{"cat <<-E\n\tSEAL\n\tE\nprintf y", awkward + "\ny"},
		{`(printf '<%s>' SEAL)`, "<" + awkward + ">"},
		{`echo $((1<<2)); printf '<%s>' SEAL`, "4\n<" + awkward + ">"},
		{"case a in a) printf '<%s>' 'SEAL';; esac", "<" + awkward + ">"},
		{`if true && [ SEAL != x ]; then printf ok; fi`, "ok"},
		{`printf %s#a SEAL`, awkward + "#a"},
	} {
		read, ok := readSeals(strings.ReplaceAll(tt.script, "SEAL", sealed), path)
		if !ok || HasSeal(read) {
			t.Errorf("%s: not read", tt.script)
			continue
		}
		for name, shell := range shells(t) {
			if diff := cmp.Diff(tt.want, runShell(t, shell, read)); diff != "" {
				t.Errorf("%s in %s: %s (-want +got)\n%s", tt.script, name, read, diff)
			}
		}
	}
}

// A place in which a shell expands nothing must be told apart.
func TestReadSealsInQuotedHereDocument(t *testing.T) {
	if read, ok := readSeals("cat <<'E'\n"+SealOf("x")+"\nE\n", func(string) string { return "/x" }); ok {
		t.Errorf("read as %q", read)
	}
}

// A command in words must run the same in a shell, with its secrets in place.
func TestQuoteWords(t *testing.T) {
	path := writeSecret(t, awkward)
	words := []string{"printf", "<%s>", "plain", "", "it's", "a b", "$HOME", "`id`", "~", "a=b", "-x", "é", "\n", `\`, "#", SealOf("x"), "p$" + SealOf("x") + "\"`"}
	var want strings.Builder
	for _, word := range words[2:] {
		want.WriteString("<" + ReplaceSeals(word, func(string) string { return awkward }) + ">")
	}
	for name, shell := range shells(t) {
		if diff := cmp.Diff(want.String(), runShell(t, shell, "exec "+quoteWords(words, path))); diff != "" {
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
		if got := scriptIn(strings.Fields(words)); got != want {
			t.Errorf("%q: %d, want %d", words, got, want)
		}
	}
}

// Whatever a text is, no seal must be left and nothing else be lost.
func FuzzReadSeals(f *testing.F) {
	f.Add("a 'X' \"X\" `X` $(X) ${A:-X} <<E\nX\nE\n# X\n\\X $'X'")
	f.Add("$((1<<X))\\")
	f.Fuzz(func(t *testing.T, text string) {
		sealed := strings.ReplaceAll(text, "X", SealOf("x"))
		read, _ := readSeals(sealed, func(name string) string { return "/run/secrets/" + name })
		if HasSeal(read) && !HasSeal(text) {
			t.Errorf("%q became %q", text, read)
		}
		if plain, _ := readSeals(text, nil); !strings.Contains(text, sealOpen) && plain != text {
			t.Errorf("%q became %q", text, plain)
		}
	})
}
