// Package filetest writes files for tests. Only tests import it.
package filetest

import (
	"os"
	"path/filepath"
	"testing"
)

// Write writes text to name in dir, makes the folders above it, and returns its path.
func Write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
