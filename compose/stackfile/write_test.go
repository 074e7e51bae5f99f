package stackfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
)

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// entries are the names in dir, in one line.
func entries(t *testing.T, dir string) string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, one := range list {
		names = append(names, one.Name())
	}
	return strings.Join(names, " ")
}

// A file must be replaced as a whole, keep its mode, and leave nothing beside it; a
// new one is readable for all.
func TestWriteReplacesWholeFileAndKeepsMode(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "stack.yml")
	if err := Write(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("a new file: %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("newer")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode is now %v, %v", info.Mode(), err)
	}
	if content(t, path) != "newer" || entries(t, dir) != "stack.yml" {
		t.Errorf("%q in %s", content(t, path), entries(t, dir))
	}
}

// A file of the same bytes must not be touched.
func TestWriteLeavesEqualFileUntouched(t *testing.T) {
	path := filetest.Write(t, t.TempDir(), "stack.yml", "same")
	long := time.Unix(1000000000, 0)
	if err := os.Chtimes(path, long, long); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("same")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || !info.ModTime().Equal(long) {
		t.Errorf("it was touched: %v", err)
	}
}

// A link must stay one; what it leads to is written.
func TestWriteKeepsLink(t *testing.T) {
	dir := t.TempDir()
	target := filetest.Write(t, dir, "live/stack.yml", "old")
	link := filepath.Join(dir, "stack.yml")
	if err := os.Symlink(filepath.Join("live", "stack.yml"), link); err != nil {
		t.Skipf("no links here: %v", err)
	}
	if err := Write(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 || content(t, target) != "new" {
		t.Errorf("link %v, %v, content %q", info.Mode(), err, content(t, target))
	}
}

// What cannot be written must be named, with what to do, and nothing left behind.
func TestWriteNamesWhatItCannotWrite(t *testing.T) {
	dir := t.TempDir()
	for path, reason := range map[string]string{
		dir:                                 "not a regular file",
		filepath.Join(dir, "none", "s.yml"): "no such file or directory",
	} {
		err := Write(path, []byte("new"))
		if err == nil || !strings.HasPrefix(err.Error(), path+" ") || !strings.Contains(err.Error(), reason) || !strings.Contains(err.Error(), "-o") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if left := entries(t, dir); left != "" {
		t.Errorf("left behind: %s", left)
	}
}
