package plugin

import (
	"os"
	"path/filepath"
	"testing"
)

// linkedProgram is the path of the program: a link to this test binary under the name by
// which TestMain makes it the program.
func linkedProgram(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "docker-secrets")
	test, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err = os.Symlink(test, program); err != nil {
		t.Fatal(err)
	}
	return program
}
