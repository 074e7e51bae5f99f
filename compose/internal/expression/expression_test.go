package expression

import (
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/template"
	"github.com/google/go-cmp/cmp"
)

// An evaluated template must be what Compose makes of it, for every template
// that both take.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{
		"plain", "$A", "${A}", "$$A", "${A:-x}", "${B:-x}", "${B-x}", "${E:-x}", "${E-x}", "${A:+y}", "${B+y}", "${E+y}",
		"${B:-${A}}", "${B:-pre${C:-z}post} tail ${A}", "a${A}b${B:-c}d$$e", "${A:?need}", "${B:?need}", "$", "${", "${1}", "a$", "${A:-}", "${A:-{}}",
	} {
		f.Add(seed)
	}
	env := map[string]string{"A": "aye", "E": "", "C": "sea"}
	value := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\u017f\u212a") {
			t.Skip("compose-go's pattern folds these two into s and k; no name has them")
		}
		want, wantErr := template.SubstituteWithOptions(text, value, template.WithoutLogging)
		if wantErr != nil {
			return
		}
		parts, err := Parse(text)
		if err != nil {
			t.Fatalf("parseTemplate(%q): %v; Compose takes it", text, err)
		}
		got, err := Expand(parts, value, nil)
		if err != nil {
			t.Fatalf("expand(%q): %v; Compose takes it", text, err)
		}
		if got != want {
			t.Errorf("expand(%q) = %q, Compose makes %q", text, got, want)
		}
	})
}

// A template that is refused must be refused without its text.
func TestTemplateErrorQuotesNothing(t *testing.T) {
	for _, text := range []string{"hunter2${", "hunter2${1}", "${A hunter2}", "${A:-hunter2"} {
		_, err := Parse(text)
		if err == nil {
			t.Errorf("parseTemplate(%q) gave no error", text)
			continue
		}
		if err.Error() != ErrTemplate.Error() {
			t.Errorf("parseTemplate(%q) says %q", text, err)
		}
	}
}

// Each stretch of a value must be told apart by the variable that gave it, or whose
// default it is.
func TestPieces(t *testing.T) {
	lookup := func(name string) (string, bool) {
		text, set := map[string]string{"A": "a", "B": "b", "E": ""}[name]
		return text, set
	}
	for text, want := range map[string][]Piece{
		"${A}": {{Text: "a", Variable: "A"}}, "$A": {{Text: "a", Variable: "A"}}, "${A:-x}": {{Text: "a", Variable: "A"}}, "${A:?}": {{Text: "a", Variable: "A"}},
		"${A:+x}": {{Text: "x"}}, "${A}b": {{Text: "a", Variable: "A"}, {Text: "b"}}, "$$A": {{Text: "$A"}}, "": nil,
		"${X}": {{Variable: "X", Unset: true}}, "${E}": {{Variable: "E"}}, "${X:-}": nil, "${X:-y}": {{Text: "y", Default: "X"}}, "${X+y}": {{Variable: "X"}},
		"${X:-${A}}": {{Text: "a", Variable: "A"}}, "${X:-y${A}}": {{Text: "y", Default: "X"}, {Text: "a", Variable: "A"}},
		"${X:-${Y:-z}}": {{Text: "z", Default: "X"}}, "$X": {{Variable: "X", Unset: true}}, "pa$word": {{Text: "pa"}, {Lost: true}}, "pa$WORD": {{Text: "pa"}, {Lost: true}}, "$word": {{Lost: true}}, "pa${WORD}": {{Text: "pa"}, {Variable: "WORD", Unset: true}},
		"${X:-${Y}}": {{Variable: "Y", Unset: true}}, "${E:-y}": {{Text: "y", Default: "E"}}, "${E-y}": {{Variable: "E"}},
	} {
		parts, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Pieces(parts, lookup)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", text, err, diff)
		}
	}
}
