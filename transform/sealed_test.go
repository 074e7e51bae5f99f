package transform

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A file of this package that imports what judges or holds values must not compile:
// those packages import this one, so it would be a circle.
func TestRewriteCannotImportValues(t *testing.T) {
	const module = "github.com/docker-secrets/docker-secrets/"
	for _, room := range []string{"transform/classify", "transform/verdict", "compose", "source"} {
		output, err := buildWith(t, "package transform\n\nimport _ \""+module+room+"\"\n")
		if err == nil || !strings.Contains(output, "import cycle not allowed") {
			t.Errorf("importing %s: %v, want an import cycle\n%s", room, err, output)
		}
	}
	if output, err := buildWith(t, "package transform\n\nimport _ \""+module+"secret\"\n"); err != nil {
		t.Errorf("the same with a room that it may import: %v\n%s", err, output)
	}
}

// buildWith builds this package with one more file of that content.
func buildWith(t *testing.T, content string) (output string, err error) {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	file, overlay := filepath.Join(t.TempDir(), "leak.go"), filepath.Join(t.TempDir(), "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(folder, "leak.go"): file}})
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string][]byte{file: []byte(content), overlay: list} {
		if err = os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	printed, err := exec.CommandContext(t.Context(), "go", "build", "-overlay", overlay, ".").CombinedOutput()
	return string(printed), err
}

// No file of this package, or of those that it rewrites with, may name the type of a
// value. Package images may: it says of a value whether an image would change it.
func TestRewriteNamesNoValue(t *testing.T) {
	var files []string
	for _, folder := range []string{".", "seal", "shell"} {
		found, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 20 {
		t.Fatalf("only %d files are found", len(files))
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if name, ok := node.(*ast.SelectorExpr); ok && (name.Sel.Name == "NewValue" || name.Sel.Name == "Reveal" || name.Sel.Name == "Value" && isPackage(name.X, "secret")) {
				t.Errorf("%s: a value in the rewriting half", fset.Position(name.Pos()))
			}
			return true
		})
	}
}

func isPackage(x ast.Expr, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == name
}
