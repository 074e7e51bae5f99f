package document

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
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

// MaxFile is the size in bytes of the largest file that Read reads.
const MaxFile = 16 << 20

// Faults of files that are not read.
var (
	errNotRegular = errors.New("not a regular file")
	errTooLarge   = errors.New("larger than 16 MiB")
)

// Read returns the content of the file at path. Only a regular file of MaxFile bytes
// or less is read: a device or a pipe may never end. The error is an *fs.PathError.
func Read(path string) ([]byte, error) {
	refuse := func(err error) ([]byte, error) { return nil, &fs.PathError{Op: "read", Path: path, Err: err} }
	info, err := os.Stat(path) // before it is opened: to open a pipe waits for its writer
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return refuse(syscall.EISDIR)
	case !info.Mode().IsRegular():
		return refuse(errNotRegular)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, MaxFile+1))
	if err == nil && len(content) > MaxFile {
		return refuse(errTooLarge)
	}
	return content, err
}
