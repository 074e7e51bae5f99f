package lower

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The list of codes must be what the code records, no more and no less, and say
// which of them are losses.
func TestCodesAreFresh(t *testing.T) {
	want := map[string]string{}
	for _, c := range codes {
		if want[c.name] != "" {
			t.Errorf("%s stands there twice", c.name)
		}
		want[c.name] = c.loss
	}
	if !slices.IsSortedFunc(codes, func(a, b code) int { return strings.Compare(a.name, b.name) }) {
		t.Error("not sorted")
	}
	got := map[string]string{"no-equivalent": "yes", "dropped-KEY": "no"} // those of rules without a function
	for code, losses := range recorded(t) {
		got[code] = map[[2]bool]string{{true, false}: "no", {false, true}: "yes", {true, true}: "by case"}[losses]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("codes.go (-list +code)\n%s", diff)
	}
}

// recorded are the codes of all calls that record a change: whether one is a note,
// and whether one is a loss.
func recorded(t *testing.T) map[string][2]bool {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	found := map[string][2]bool{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			name, code := recording(n)
			switch {
			case name == "":
			case code == "" && path != "lower.go": // where note and lose themselves are
				t.Errorf("%s: a change whose code is no literal", path)
			case code != "":
				losses := found[code]
				found[code] = [2]bool{losses[0] || name != "lose", losses[1] || name == "lose"}
			}
			return true
		})
	}
	return found
}

// recording is the function and the code of a call that records a change.
func recording(n ast.Node) (name, code string) {
	call, _ := n.(*ast.CallExpr)
	if call == nil {
		return "", ""
	}
	selector, _ := call.Fun.(*ast.SelectorExpr)
	if selector == nil || selector.Sel.Name != "note" && selector.Sel.Name != "lose" {
		return "", ""
	}
	literal, _ := call.Args[1].(*ast.BasicLit)
	if literal == nil {
		return selector.Sel.Name, ""
	}
	code, _ = strconv.Unquote(literal.Value)
	return selector.Sel.Name, code
}

// The codes of the golden cases must be on the list, those of dropped keys under
// one name.
func TestGoldenCodesAreListed(t *testing.T) {
	listed := map[string]bool{}
	for _, c := range codes {
		listed[c.name] = true
	}
	for _, r := range rules() {
		if r.fate == dropped && r.lower == nil {
			listed["dropped-"+strings.ReplaceAll(last(r.key), "_", "-")] = true
		}
	}
	unseen := maps.Clone(listed)
	paths, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, account, _ := strings.Cut(string(text), "-- want.changes --\n")
		for line := range strings.Lines(account) {
			code := strings.Fields(line)[1]
			if delete(unseen, code); !listed[code] {
				t.Errorf("%s: %s is not on the list", path, code)
			}
		}
	}
	delete(unseen, "dropped-KEY")
	delete(unseen, "unknown-key") // compose-go loads no file with one
	for _, code := range slices.Sorted(maps.Keys(unseen)) {
		t.Errorf("%s is in no golden case", code)
	}
}
