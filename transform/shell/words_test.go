package shell

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/shelltest"
)

// shown are commands with "|" between words and "$" for what an expansion gives.
func shown(commands [][]Word) []string {
	var lines []string
	for _, command := range commands {
		words := make([]string, len(command))
		for i, word := range command {
			words[i] = strings.ReplaceAll(word.Text, string(rune(Expansion)), "$")
		}
		lines = append(lines, strings.Join(words, "|"))
	}
	return lines
}

// The words must be those that a program gets from a shell.
func TestCommandsAsShell(t *testing.T) {
	for _, words := range []string{
		`a b`, `'a b' "c d" e\ f`, "\"a\\b\\\"\\\\\\$\\`\" 'a\\b'", `a'b'"c"d`, `'' ""`, `a#b # c`, "a\\\nb \\\n c", `\#a`, `a$ "b$" $`, `"it's" 'a"b'`,
		`$'a b'`, `a\`,
	} {
		script := `printf '<%s>' ` + words
		var want strings.Builder
		for _, word := range Commands(WholeWord(0, script))[0][2:] {
			want.WriteString("<" + strings.TrimPrefix(word.Text, string(rune(Expansion))) + ">")
		}
		for name, shell := range shelltest.Shells(t) {
			if name == "dash" && strings.Contains(script, "$'") {
				continue // it has no $'…'
			}
			if diff := cmp.Diff(runShell(t, shell, script), want.String()); diff != "" {
				t.Errorf("%s: %s (-shell +got)\n%s", name, script, diff)
			}
		}
	}
}

// Every command must be found, wherever a shell would run one, and none be torn by
// what stands within it.
func TestCommands(t *testing.T) {
	for script, want := range map[string][]string{
		`a b; c|d && e & f`:                    {"a|b", "c", "d", "e", "f"},
		`a "$(b c)" d`:                         {"b|c", "a|$|d"},
		`a -p$(b)c d`:                          {"b", "a|-p$c|d"},
		"a `b \\`c\\`` d":                      {"c", "b|$", "a|$|d"},
		`(a b) c`:                              {"a|b", "c"},
		`a >b 2>&1 c`:                          {"a|b|2|1|c"},
		`a ${B:-c d}`:                          {"a|${B:-c|d"},
		`a "${B:-c d}" ${C}`:                   {"a|${B:-c d}|${C}"},
		`a $((1 + $(b) * (2))) c`:              {"b", "a|$1 + $ * 2|c"},
		`a $((b) | (c))`:                       {"b", "c", "a|$"},
		`a $B$$ "$@"`:                          {"a|$B$$|$@"},
		`a $(case b in b) c;; (d) e;; esac) f`: {"case|b|in|b", "c", "d", "e", "esac", "a|$|f"},
		"a <<E b\nf $(c)\nE\nd":                {"a|E|b", "c", "f|$", "d"},
		"a <<E\nit's\nE\nb":                    {"a|E", "its\n", "b"},
		"a <<'E' <<-F\n'\nE\n\tb c\n\tF\nd":    {"a|E|F", "\n", "b|c", "d"},
		`a 'b`:                                 {"a|b"},
		`a "$(b 'c`:                            {"b|c", "a|$"},
		`a ) b`:                                {"a", "b"},
		`if a; then b; fi`:                     {"if|a", "then|b", "fi"},
		"a # b\nc":                             {"a", "c"},
		"":                                     nil,
	} {
		if diff := cmp.Diff(want, shown(Commands(WholeWord(0, script)))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", script, diff)
		}
	}
}

// The program must be found behind keywords and assignments.
func TestProgram(t *testing.T) {
	for script, want := range map[string]string{"a b": "a", "if ! A=b c d": "c", "A=b": "true", `"$A" b`: "\x00A", "then exec a": "a"} {
		if got := Program(Commands(WholeWord(0, script))[0]); got != want {
			t.Errorf("%s: %q, want %q", script, got, want)
		}
	}
}

// A variable must be seen wherever the text or what it runs may expand it.
func TestExpands(t *testing.T) {
	for text, want := range map[string]bool{
		"$A": true, "${A}": true, "${A:-b}": true, "${#A}": true, "'$A'": true, `\$A`: true, "b$A.": true,
		"$AB": false, "${AB}": false, "A": false, "$": false, "$(A)": false, "": false,
	} {
		if got := Expands(text, "A"); got != want {
			t.Errorf("%s: %t, want %t", text, got, want)
		}
	}
}

// Whatever a text is, each byte of a word must be the one that it says it comes from.
func FuzzCommands(f *testing.F) {
	for _, script := range []string{"a \"b\\\"c\" 'd' `e \\`f\\`` $(g)", "a <<E\n$(b)\nE\n", "case a in a) ${b#'c'};; esac", "$((1<<2)) $((a)|(b))", "\\", "\"`", "$'\\'"} {
		f.Add(script)
	}
	f.Fuzz(func(t *testing.T, script string) {
		for _, command := range Commands(WholeWord(0, script)) {
			for _, word := range command {
				for i := range len(word.Text) {
					start, end := word.Source(i, i+1)
					if end != start+1 || word.Text[i] != script[start] && word.Text[i] != Expansion {
						t.Fatalf("%q: byte %d of %q is said to come from %d to %d", script, i, word.Text, start, end)
					}
				}
			}
		}
	})
}
