//go:build unix

package document

import (
	"path/filepath"
	"syscall"
	"testing"
)

// What is no regular file must be an error at once: a pipe would wait for its writer.
func TestReadTakesRegularFilesOnly(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{pipe, t.TempDir(), "/dev/zero"} {
		if _, err := Read(path); err == nil {
			t.Errorf("%s: read without an error", path)
		}
	}
}
