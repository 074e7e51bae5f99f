package plugin

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/schematest"
)

// Every golden case must give exactly what it wants: the stack file and the
// report, or the words and the exit code of a refusal that wrote nothing.
func TestGoldenCases(t *testing.T) {
	report, err := schematest.Open("..", "migrate.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range goldenCases(t) {
		t.Run(c.name, func(t *testing.T) {
			dir := c.unpack(t)
			got, result := c.migrate(t, dir)
			if result.exit == 0 {
				c.accept(t, dir)
			}
			if result.stdout != "" {
				if err := report.JSON(result.stdout); err != nil {
					t.Errorf("the report is not as its schema says: %v", err)
				}
			}
			if *update {
				c.rewrite(t, got)
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got; go test ./plugin -run Golden -update rewrites)\n%s", c.intent, diff)
			}
		})
	}
}

// migrate runs the command on the case in dir and returns what came of it, in
// the form that the case wants it.
func (c goldenCase) migrate(t *testing.T, dir string) (map[string]string, outcome) {
	t.Helper()
	result := execute(t, dir, c.environ, c.command("--format", "json")...)
	got := map[string]string{}
	if result.exit != 0 {
		got["exit"] = strconv.Itoa(result.exit) + "\n"
	}
	if result.stderr != "" {
		got["stderr"] = strings.ReplaceAll(result.stderr, filepath.Dir(dir), "$WORK")
	}
	if result.stdout != "" {
		got["report.json"] = result.stdout
	}
	after := tree(t, dir)
	for name, text := range after {
		if before, ok := c.files[name]; !ok || before != text {
			got[name] = text
		}
	}
	return got, result
}

// command is the case's command line, with more at its end.
func (c goldenCase) command(more ...string) []string {
	args := append([]string{"migrate", "--offline"}, c.args...)
	return append(args, more...)
}
