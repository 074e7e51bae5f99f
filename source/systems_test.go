package source

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// packageOf returns the name of the store's package, such as "aws".
func packageOf(s store.Store) string { return path.Base(reflect.TypeOf(s).Elem().PkgPath()) }

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
	}
	return string(content)
}

// Every system but those of this machine must be known to secret.Managed, or a reference to
// it would be deployed as if it were the value.
func TestSystemsAreManaged(t *testing.T) {
	local := map[string]bool{}
	for _, system := range (Local{}).Systems() {
		local[system.Scheme()] = true
	}
	for _, system := range Systems(Local{}) {
		scheme := system.Scheme()
		if _, managed := secret.Managed(scheme + "://place/name"); managed == local[scheme] {
			t.Errorf("%s://: managed is %t; the table is in secret/managed.go", scheme, managed)
		}
	}
}

// Two systems must not have the same scheme.
func TestSchemesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, system := range Systems(Local{}) {
		if seen[system.Scheme()] {
			t.Errorf("%s:// is there twice", system.Scheme())
		}
		seen[system.Scheme()] = true
	}
}

// A secret manager must have a page in docs/ and a row in docs/references.md that links to it.
func TestStoresAreDocumented(t *testing.T) {
	readme := readFile(t, "../docs/references.md")
	for _, s := range Stores() {
		pkg := packageOf(s)
		page := readFile(t, filepath.Join("..", "docs", pkg+".md"))
		if !strings.Contains(page, s.Scheme()+"://") {
			t.Errorf("docs/%s.md has no %s://", pkg, s.Scheme())
		}
		row := regexp.MustCompile(`(?m)^\| ` + "`" + s.Scheme() + "://.*`" + ` \| \[.+\]\(` + pkg + `\.md\) \|$`)
		if !row.MatchString(readme) {
			t.Errorf("docs/references.md has no row %s", row)
		}
	}
}

// A secret manager must have a fake in internal/storetest, which is called as its package
// and has tests reach it without an account.
func TestStoresHaveFakes(t *testing.T) {
	functions := map[string]bool{} // in lower case
	files, err := filepath.Glob("../internal/storetest/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range parsed.Decls {
			if function, is := declaration.(*ast.FuncDecl); is && function.Recv == nil {
				functions[strings.ToLower(function.Name.Name)] = true
			}
		}
	}
	for _, s := range Stores() {
		pkg := packageOf(s)
		if !functions["new"+pkg] {
			t.Errorf("internal/storetest has no function New%s", strings.ToUpper(pkg[:1])+pkg[1:])
		}
	}
}

// A secret manager must have a wall: a lint rule of its own for its imports.
func TestStoresHaveWalls(t *testing.T) {
	config := readFile(t, "../.golangci.yml")
	for _, s := range Stores() {
		pkg := packageOf(s)
		if rule := fmt.Sprintf(`files: ["${base-path}/source/%s/**", "!$test"]`, pkg); !strings.Contains(config, rule) {
			t.Errorf(".golangci.yml has no depguard rule with %s", rule)
		}
	}
}

// The separators of a secret manager must be those that a base can replace.
func TestSeparators(t *testing.T) {
	for _, s := range Stores() {
		if separators := s.Separators(); separators == "" || strings.Trim(separators, "/._-") != "" || !strings.Contains(separators, "-") {
			t.Errorf("%s://: separators %q, want some of / . _ - and at least -", s.Scheme(), separators)
		}
	}
}

// Each message that the page of a secret manager lists must be one that a test of its
// package wants, word for word; … stands for anything.
func TestMessagesOfPages(t *testing.T) {
	row := regexp.MustCompile("(?m)^\\| `(.*?)` \\|")
	for _, s := range Stores() {
		pkg := packageOf(s)
		tests := testsOf(t, pkg) + testsOf(t, "store")
		_, table, _ := strings.Cut(readFile(t, filepath.Join("..", "docs", pkg+".md")), "\n## Messages\n")
		rows := row.FindAllStringSubmatch(table, -1)
		if len(rows) == 0 {
			t.Errorf("docs/%s.md: no messages are found", pkg)
		}
		for _, found := range rows {
			for part := range strings.SplitSeq(strings.ReplaceAll(found[1], "#/…", "#/\x00"), "…") {
				part = strings.Trim(strings.ReplaceAll(part, "\x00", "…"), " ;")
				if !strings.Contains(tests, part) {
					t.Errorf("docs/%s.md: no test of source/%s wants %q", pkg, pkg, part)
				}
			}
		}
	}
}

// testsOf returns the text of all tests in a folder.
func testsOf(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, file := range files {
		text.WriteString(readFile(t, file))
	}
	return text.String()
}
