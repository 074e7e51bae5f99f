package plugin

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
)

// stackReaders are the commands that read the stack file at path.
func stackReaders(path string) map[string][]string {
	return map[string][]string{
		"check":            {"check", "-f", "compose.yml", "-c", path},
		"graph":            {"graph", "-c", path},
		"deploy --dry-run": {"deploy", "--dry-run", "-c", path, "shop"},
		"migrate --undo":   {"migrate", "--undo", "-f", path},
		"diff":             {"diff", "-c", path, "shop"},
		"push --dry-run":   {"push", "--dry-run", "-c", path, "--to", "vault://kv/app/"},
	}
}

// hugeStacks are stack files that would take minutes or all memory, and what is said of
// them.
func hugeStacks() map[string]struct{ text, want string } {
	stack := head + "x-stack: shop\n"
	return map[string]struct{ text, want string }{
		"a scalar of 15 MB":           {stack + "x-a: " + strings.Repeat(canary, 1_250_000), "a text of more than 4 MiB"},
		"a million items in one line": {stack + "x-a: [" + strings.Repeat("x,", 1_000_000) + "]\n", "more than 600,000 lines, commas and brackets"},
		"aliases of aliases":          {bomb() + stack, "more than 1,000,000 keys and values"},
		"merges of merges":            {merges() + stack, "more than 1,000,000 keys and values"},
		"lists in lists":              {stack + "x-a: " + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000) + "\n", "exceeded max depth"},
		"more than 16 MiB":            {stack + strings.Repeat("#"+canary+"\n", 1_500_000), "larger than 16 MiB"},
	}
}

// A stack file that is too large must be an error that says what the limit is, in 512 MiB
// of memory and without a value, whichever command reads it. check says what it could not
// look at.
func TestTooLargeStack(t *testing.T) {
	for name, c := range hugeStacks() {
		dir := t.TempDir()
		filetest.Write(t, dir, "stack.yml", c.text)
		filetest.Write(t, dir, "compose.yml", head)
		for command, args := range stackReaders("stack.yml") {
			t.Run(command+": "+name, func(t *testing.T) {
				code, said := inLittleMemory(t, dir, args...)
				if code == exitDone && command != "check" || !strings.Contains(said, c.want) {
					t.Errorf("exit code %d, %.300q; want %q", code, strings.ReplaceAll(said, canary, "VALUE"), c.want)
				}
				if strings.Contains(said, canary) {
					t.Error("the error shows a value")
				}
			})
		}
	}
}

// What is no regular file must be refused before it is opened: a pipe would never end, and
// a device fill the memory.
func TestStackThatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	filetest.Write(t, dir, "compose.yml", head)
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "zero")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"pipe", "zero"} {
		for command, args := range stackReaders(path) {
			t.Run(command+": "+path, func(t *testing.T) {
				if code, said := inLittleMemory(t, dir, args...); code == exitDone && command != "check" || !strings.Contains(said, "not a regular file") {
					t.Errorf("exit code %d, %.300q; want that it is not a regular file", code, said)
				}
			})
		}
	}
}
