// Package shelltest finds the shells of this machine for tests. Only tests import it.
package shelltest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Shells are those on this machine that a text for /bin/sh must run in.
func Shells(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for name, words := range map[string][]string{
		"dash": {"dash"}, "ash": {"busybox", "sh"}, "bash": {"bash"}, "posix": {"bash", "--posix"},
	} {
		if _, err := exec.LookPath(words[0]); err == nil {
			found[name] = words
		}
	}
	if len(found) == 0 {
		t.Skip("no shell here")
	}
	return found
}

// Awkward is a value that a shell would act on anywhere but in quotes.
const Awkward = "a'b\"c$HOME `id` \\ $(id) * #;&|\n  end"

// WriteSecret writes value to a file and returns a function that gives its path for
// any secret.
func WriteSecret(t *testing.T, value string) func(string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(value), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(string) string { return path }
}
