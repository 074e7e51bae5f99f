//go:build unix

package regular

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/fstest"
)

// What is no regular file must be refused at once: a pipe would wait for its writer,
// and a device may never end.
func TestReadTakesRegularFilesOnly(t *testing.T) {
	folder := t.TempDir()
	pipe, socket, link := filepath.Join(folder, "pipe"), filepath.Join(folder, "socket"), filepath.Join(folder, "link")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	if err := syscall.Mknod(socket, syscall.S_IFSOCK|0o600, 0); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		pipe: ErrNotRegular, socket: ErrNotRegular, link: ErrNotRegular, "/dev/zero": ErrNotRegular, folder: syscall.EISDIR,
		filepath.Join(folder, "missing"): os.ErrNotExist,
	} {
		if _, err := Read(path); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", path, err, want)
		}
	}
}

// A file of the largest size must be read, and one of a byte more refused, whether its
// size is known before or not.
func TestReadIsBounded(t *testing.T) {
	for size, want := range map[int64]error{MaxSize: nil, MaxSize + 1: ErrTooLarge} {
		path := filepath.Join(t.TempDir(), "sparse")
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Truncate(size); err != nil {
			t.Fatal(err)
		}
		if _, err := Bounded(file); !errors.Is(err, want) {
			t.Errorf("%d bytes of a stream: got %v, want %v", size, err, want)
		}
		if _, err := Read(path); !errors.Is(err, want) {
			t.Errorf("%d bytes: got %v, want %v", size, err, want)
		}
	}
}

// A folder must be read as os.DirFS reads it, but for files that are none.
func TestFSOpensRegularFilesOnly(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a", "sub/b"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := fstest.TestFS(FS(folder), "a", "sub/b"); err != nil {
		t.Error(err)
	}
	if err := syscall.Mkfifo(filepath.Join(folder, "pipe"), 0o600); err != nil {
		t.Skip(err)
	}
	if _, err := FS(folder).Open("pipe"); !errors.Is(err, ErrNotRegular) {
		t.Errorf("open: %v", err)
	}
	if _, err := fs.ReadFile(FS(folder), "pipe"); !errors.Is(err, ErrNotRegular) {
		t.Errorf("read: %v", err)
	}
}
