package plugin

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A migrate without any env file and any variable of the shell, as in a fresh clone,
// must leave the stack file as it is, and --check must say that it is up to date. The
// flags that made the file need not be said again.
func TestCheckoutKeepsTheStackFile(t *testing.T) {
	for _, c := range goldenCases(t) {
		if c.want["exit"] != "" {
			continue // there is no stack file
		}
		t.Run(c.name, func(t *testing.T) {
			dir := c.unpack(t)
			if result := execute(t, dir, c.environ, c.command()...); result.exit != 0 {
				t.Fatalf("exit %d: %s", result.exit, result.stderr)
			}
			removeEnvFiles(t, dir)
			before := tree(t, dir)
			c.args = unremembered(c.args)
			// Which application is meant is no value.
			which := slices.DeleteFunc(slices.Clone(c.environ), func(pair string) bool { return !strings.HasPrefix(pair, "COMPOSE_FILE=") })
			if result := execute(t, dir, which, c.command()...); result.exit != 0 {
				t.Fatalf("exit %d: %s", result.exit, result.stderr)
			}
			if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
				t.Errorf("(-with the values +without)\n%s", diff)
			}
			result := execute(t, dir, which, c.command("--check")...)
			if result.exit != 0 || !strings.Contains(result.stderr, "is up to date") {
				t.Errorf("--check: exit %d: %s", result.exit, result.stderr)
			}
		})
	}
}

// removeEnvFiles deletes every file below dir that git ignores in most applications.
func removeEnvFiles(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.Contains(entry.Name(), "env") || strings.HasSuffix(path, ".yml") {
			return err
		}
		return os.Remove(path)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// unremembered are those of args that the stack file does not keep: where it is, and
// verdicts and deliveries, for which x-docker-secrets is there.
func unremembered(args []string) []string {
	var all []string
	for i := 0; i < len(args); i++ {
		switch {
		case slices.Contains([]string{"-o", "--secret", "--plain", "--deliver"}, args[i]):
			all = append(all, args[i], args[i+1])
			i++
		case args[i] == "--strict":
			all = append(all, args[i])
		}
	}
	return all
}
