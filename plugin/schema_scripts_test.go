package plugin

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/schematest"
)

var (
	ranJSON     = regexp.MustCompile(`(?m)^!? *(exec|exits [0-9]) docker[- ]secrets (?:-\S+ )*([a-z]+) .*--format[= ]'?json'?( |$)`)
	scriptPaths = []string{"../testdata/script/*.txtar", "../e2e/testdata/script/*.txtar"}
)

// Each command that prints JSON must do so in a script, run in the way that validates it
// against the schema; and none in another way.
func TestScriptsValidateJSON(t *testing.T) {
	validated := map[string]bool{}
	for _, pattern := range scriptPaths {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: no scripts: %v", pattern, err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range ranJSON.FindAllStringSubmatch(string(text), -1) {
				if found[1] == "exec" {
					t.Errorf("%s: %s: write exits 0, which validates what is printed", path, found[0])
				}
				validated[found[2]] = true
			}
		}
	}
	tree, err := Tree()
	if err != nil {
		t.Fatal(err)
	}
	for _, cmd := range tree.Commands() {
		if schematest.Output(cmd.Name()) != "" && !validated[cmd.Name()] {
			t.Errorf("%s: no script has it print JSON", cmd.Name())
		}
	}
}
