package plugin

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	formatVerb    = regexp.MustCompile(`%[-+ #0]*[0-9.]*[a-zA-Z]`)
	shellVariable = regexp.MustCompile(`\$[0-9a-z_]+`)
	messageRow    = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")
)

// literals returns the texts of the program's source, with "…" for what is filled in.
func literals(t *testing.T) []string {
	t.Helper()
	var texts []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir():
			if err == nil && slices.Contains([]string{"testdata", ".git", "internal"}, entry.Name()) {
				return filepath.SkipDir
			}
			return err
		case filepath.Ext(path) == ".sh" && strings.Contains(path, "shim"):
			content, fault := os.ReadFile(path)
			texts = append(texts, shellVariable.ReplaceAllString(string(content), "…"))
			return fault
		case filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for node := range ast.Preorder(file) {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				text, err := strconv.Unquote(literal.Value)
				if err != nil {
					return err
				}
				texts = append(texts, formatVerb.ReplaceAllString(text, "…"))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// Each message that the page explains must be one that the program says.
func TestTroubleshootingQuotesMessages(t *testing.T) {
	page, err := os.ReadFile("../docs/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	texts, rows := literals(t), messageRow.FindAllStringSubmatch(string(page), -1)
	if len(rows) < 30 {
		t.Errorf("only %d messages", len(rows))
	}
	for _, row := range rows {
		if !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, row[1]) }) {
			t.Errorf("nothing says %q", row[1])
		}
	}
}
