package document

import (
	"errors"
	"fmt"
	"io/fs"
)

// FileError says in our words why the file at path could not be read.
func FileError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s does not exist", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s cannot be read: permission denied", path)
	}
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s cannot be read: %w", path, pathErr.Err)
	}
	return fmt.Errorf("%s cannot be read", path)
}

// Pathless is err without the path that an *fs.PathError repeats.
func Pathless(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}
	return err
}
