package regular

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// FS returns the files of folder, as os.DirFS does, but opens only what Read would read,
// and folders.
func FS(folder string) fs.FS {
	return folderFS{FS: os.DirFS(folder), folder: folder} //nolint:forbidigo // each call is checked
}

type folderFS struct {
	fs.FS
	folder string
}

// Open opens a folder, or a file that Read would read.
func (f folderFS) Open(name string) (fs.File, error) {
	if err := f.check("open", name); err != nil {
		return nil, err
	}
	return f.FS.Open(name)
}

// ReadFile reads a file as Read does.
func (f folderFS) ReadFile(name string) ([]byte, error) {
	if err := f.check("read", name); err != nil {
		return nil, err
	}
	return fs.ReadFile(f.FS, name)
}

// Stat follows links and opens nothing.
func (f folderFS) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }

// Lstat follows no link and opens nothing.
func (f folderFS) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(f.FS, name) }

// ReadLink returns where a link leads.
func (f folderFS) ReadLink(name string) (string, error) { return fs.ReadLink(f.FS, name) }

// ReadDir lists a folder.
func (f folderFS) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.FS, name) }

func (f folderFS) check(op, name string) error {
	if !fs.ValidPath(name) {
		return &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	path := filepath.Join(f.folder, filepath.FromSlash(name))
	err := Check(path)
	if errors.Is(err, syscall.EISDIR) || errors.Is(err, fs.ErrNotExist) {
		return nil // os.DirFS opens folders, and says what is wrong
	}
	return err
}
