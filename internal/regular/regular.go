// Package regular reads files that somebody else named: it takes regular files of a
// bounded size and nothing else, so that no pipe, no device and no image of a disk
// stops a run or fills the memory.
//
// It does not know what the files are for.
package regular

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// MaxSize is the size in bytes of the largest file that Read reads.
const MaxSize = 16 << 20

// The reasons for which a file is refused.
var (
	ErrNotRegular = errors.New("not a regular file")
	ErrTooLarge   = errors.New("larger than 16 MiB")
)

// Read returns the content of the regular file at path, through symbolic links. The
// error is an *fs.PathError; it wraps ErrNotRegular, ErrTooLarge or syscall.EISDIR for
// what is refused.
func Read(path string) ([]byte, error) {
	if err := Check(path); err != nil { // before it is opened: to open a pipe waits for its writer
		return nil, err
	}
	file, err := os.Open(path) //nolint:forbidigo // after the check
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	content, err := Bounded(file)
	if err != nil {
		return nil, refused(path, err)
	}
	return content, nil
}

// Check returns the error of Read for a file that Read refuses or that is not there,
// and opens nothing.
func Check(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return refused(path, syscall.EISDIR)
	case !info.Mode().IsRegular():
		return refused(path, ErrNotRegular)
	case info.Size() > MaxSize:
		return refused(path, ErrTooLarge)
	}
	return nil
}

// Bounded reads r to its end. The error is ErrTooLarge if that is behind MaxSize bytes.
func Bounded(r io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, MaxSize+1)) // a file in /proc has no size before it is read
	if err == nil && len(content) > MaxSize {
		return nil, ErrTooLarge
	}
	return content, err
}

func refused(path string, err error) error {
	if _, names := errors.AsType[*fs.PathError](err); names {
		return err
	}
	return &fs.PathError{Op: "read", Path: path, Err: err}
}
