package plugin

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/sample"
)

// repeats is how often a case is migrated again: Go shuffles its maps anew each time.
func repeats() int {
	if sample.Whole() {
		return 20
	}
	return 4
}

// The same application must give the same bytes, stack file and report, however
// often it is migrated from its folder as it came.
func TestSameInputGivesSameBytes(t *testing.T) {
	for _, c := range goldenCases(t) {
		t.Run(c.name, func(t *testing.T) {
			dir := c.unpack(t)
			first, _ := c.migrate(t, dir)
			for range repeats() {
				c.restore(t, dir)
				again, _ := c.migrate(t, dir)
				if diff := cmp.Diff(first, again); diff != "" {
					t.Fatalf("another run gives something else (-first +again)\n%s", diff)
				}
			}
		})
	}
}

var keptList = regexp.MustCompile(`(?s),\n  "kept": \[.*?\]`)

// A second migrate must change nothing, and --check must say so.
func TestSecondMigrateChangesNothing(t *testing.T) {
	for _, c := range goldenCases(t) {
		t.Run(c.name, func(t *testing.T) {
			dir := c.unpack(t)
			first, result := c.migrate(t, dir)
			if result.exit != 0 {
				t.Skip("the case is refused")
			}
			second, _ := c.migrate(t, dir)
			second["report.json"] = keptList.ReplaceAllString(second["report.json"], "") // of secrets that are not set
			if diff := cmp.Diff(first, second); diff != "" {
				t.Errorf("the second migrate changed something (-first +second)\n%s", diff)
			}
			if check := execute(t, dir, c.environ, c.command("--check")...); check.exit != exitDone {
				t.Errorf("--check exits with %d", check.exit)
			}
			if shown := execute(t, dir, c.environ, c.command("--diff")...); shown.stdout != "" {
				t.Errorf("--diff shows\n%s", shown.stdout)
			}
		})
	}
}

// --check must exit with 3 and write nothing where the stack file is missing or
// old, and --diff must show it.
func TestCheckTellsOfStaleFile(t *testing.T) {
	for _, c := range goldenCases(t) {
		t.Run(c.name, func(t *testing.T) {
			if c.want["exit"] != "" {
				t.Skip("the case is refused")
			}
			dir := c.unpack(t)
			if check := execute(t, dir, c.environ, c.command("--check")...); check.exit != exitPending {
				t.Errorf("--check exits with %d, want %d", check.exit, exitPending)
			}
			if shown := execute(t, dir, c.environ, c.command("--diff")...); shown.stdout == "" || shown.exit != exitDone {
				t.Errorf("--diff exits with %d and shows %d bytes", shown.exit, len(shown.stdout))
			}
			if diff := cmp.Diff(c.files, tree(t, dir)); diff != "" {
				t.Errorf("something was written (-before +after)\n%s", diff)
			}
		})
	}
}

// restore makes dir again what unpack made it.
func (c goldenCase) restore(t *testing.T, dir string) {
	t.Helper()
	for name := range tree(t, dir) {
		path := filepath.Join(dir, name)
		text, ok := c.files[name]
		if !ok {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
