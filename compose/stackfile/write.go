package stackfile

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/moby/sys/atomicwriter"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// Write replaces the file at path by content as a whole or not at all, keeps the
// mode of a file that is there (0644 for a new one), and touches nothing when the
// bytes are equal. A symbolic link is followed, so that it stays one.
func Write(path string, content []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a regular file; give another name with -o", path)
		}
		mode = info.Mode().Perm()
		if old, err := os.ReadFile(path); err == nil && string(old) == string(content) {
			return nil
		}
	}
	if err := atomicwriter.WriteFile(path, content, mode); err != nil {
		return fmt.Errorf("%s cannot be written: %w; give another place with -o", path, document.Pathless(err))
	}
	return nil
}
