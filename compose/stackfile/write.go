package stackfile

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/moby/sys/atomicwriter"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// Write replaces the file at path by content as a whole or not at all, keeps the
// mode of a file that is there (0644 less the umask for a new one), and touches
// nothing when the bytes are equal. A symbolic link is followed, so that it stays one.
func Write(path string, content []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	} else if target, err := os.Readlink(path); err == nil { // to nothing yet
		if path = filepath.Join(filepath.Dir(path), target); filepath.IsAbs(target) {
			path = target
		}
	}
	var mode fs.FileMode
	info, err := os.Stat(path)
	switch {
	case err != nil:
		mode, err = newMode(filepath.Dir(path))
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file; give another name with -o", path)
	default:
		mode = info.Mode().Perm()
		if old, unreadable := regular.Read(path); unreadable == nil && string(old) == string(content) {
			return nil
		}
	}
	if err == nil {
		err = atomicwriter.WriteFile(path, content, mode)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w; give another place with -o", path, document.Pathless(err))
	}
	return nil
}

// newMode returns the mode of a new file in folder: 0644 less the umask, which only a
// file that is made tells without changing it.
func newMode(folder string) (mode fs.FileMode, err error) {
	path := filepath.Join(folder, ".docker-secrets-"+rand.Text())
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, err
	}
	info, err := file.Stat()
	if err == nil {
		mode = info.Mode().Perm()
	}
	return mode, errors.Join(err, file.Close(), os.Remove(path))
}
