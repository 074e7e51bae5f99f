package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// notPaths match words that CONTRIBUTING.md invents for what a reader adds, packages of
// Go, and what make build makes.
var notPaths = regexp.MustCompile(`newstore|NAME|ROOM|COMMAND|…|://|^testing/|^\./docker-secrets$`)

// codeOf returns the texts between backquotes in a page, in order.
func codeOf(t *testing.T, page string) []string {
	t.Helper()
	content, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var code []string
	for _, found := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(string(content), -1) {
		code = append(code, strings.ReplaceAll(found[1], `\|`, "|"))
	}
	return code
}

// pathOf returns the path that word names, relative to this folder; "" if it is no path.
func pathOf(word string) string {
	path := strings.TrimSuffix(strings.TrimPrefix(word, "./"), "...")
	isFile := regexp.MustCompile(`^[\w.*-]+\.(go|md|sh|yml|tsv|mod)$`).MatchString(path)
	if notPaths.MatchString(word) || !isFile && !regexp.MustCompile(`^[\w.*-]+(/[\w.*-]*)+$`).MatchString(path) && path == word {
		return ""
	}
	return path
}

// A path in CONTRIBUTING.md must be there.
func TestContributingNamesPaths(t *testing.T) {
	paths := 0
	for _, code := range codeOf(t, "CONTRIBUTING.md") {
		for word := range strings.FieldsSeq(code) {
			path := pathOf(word)
			if path == "" {
				continue
			}
			paths++
			if found, err := filepath.Glob(path); err != nil || len(found) == 0 {
				t.Errorf("CONTRIBUTING.md: %s: there is no %s", code, path)
			}
		}
	}
	if paths < 50 {
		t.Errorf("%d paths are found, too few to be all", paths)
	}
}

// A make target in CONTRIBUTING.md must be one of the Makefile.
func TestContributingNamesTargets(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, code := range codeOf(t, "CONTRIBUTING.md") {
		_, targets, isMake := strings.Cut(" "+code, " make ")
		for target := range strings.FieldsSeq(targets) {
			if !isMake || target == "&&" {
				continue
			}
			found++
			if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(target) + `:`).Match(makefile) {
				t.Errorf("CONTRIBUTING.md: %s: the Makefile has no target %s", code, target)
			}
		}
	}
	if found < 10 {
		t.Errorf("%d targets are found, too few to be all", found)
	}
}

// A test that CONTRIBUTING.md chooses with -run must be there: go test is content with none.
func TestContributingNamesTests(t *testing.T) {
	run := regexp.MustCompile(`go test \./(\S+) -run '?([\w|]+)'?`)
	found := 0
	for _, code := range codeOf(t, "CONTRIBUTING.md") {
		for _, command := range run.FindAllStringSubmatch(code, -1) {
			folder, patterns := command[1], command[2]
			tests := testNames(t, folder)
			for pattern := range strings.SplitSeq(patterns, "|") {
				found++
				if pattern != "COMMAND" && !strings.Contains(tests, pattern) {
					t.Errorf("CONTRIBUTING.md: %s: no test of %s is called %s", code, folder, pattern)
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("%d patterns are found, too few to be all", found)
	}
}

// testNames returns the names of the tests in a folder, one a line.
func testNames(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`(?m)^func Test(\w+)\(`).FindAllStringSubmatch(string(content), -1) {
			names.WriteString(name[1] + "\n")
		}
	}
	return names.String()
}
