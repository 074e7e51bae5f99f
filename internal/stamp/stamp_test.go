package stamp

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// later is when a run begins for which the files of a test have settled.
func later() time.Time { return time.Now().Add(settled + time.Second) }

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A file whose content changes must have another stamp, whatever its size, its time of
// change and its name are afterwards, and also within the same second.
func TestChangedFileIsNotKnown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, path string)
		known  bool
	}{
		{"nothing", func(*testing.T, string) {}, true},
		{"read", func(t *testing.T, path string) { t.Helper(); _, _ = os.ReadFile(path) }, true},
		{"same size", func(t *testing.T, path string) { t.Helper(); write(t, path, "KEY=bbbb") }, false},
		{"same size and time", func(t *testing.T, path string) {
			t.Helper()
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, path, "KEY=bbbb")
			if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"another file of the same name", func(t *testing.T, path string) {
			t.Helper()
			write(t, path+".new", "KEY=bbbb")
			if err := os.Rename(path+".new", path); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"gone", func(t *testing.T, path string) { t.Helper(); _ = os.Remove(path) }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			env, ledger, program := filepath.Join(dir, ".env"), filepath.Join(dir, "kept", "ledger.json"), filepath.Join(dir, "program")
			write(t, env, "KEY=aaaa")
			write(t, program, "program")
			first := Open(ledger, program, later())
			first.Note("env://KEY", []string{env}, "id")
			first.Save()
			tt.change(t, env)
			if known := Open(ledger, program, later()).Object("env://KEY", []string{env}) == "id"; known != tt.known {
				t.Errorf("known %v, want %v", known, tt.known)
			}
		})
	}
}

// A file that changed a moment ago may change again with the same stamp: it must not be
// noted.
func TestFileThatJustChangedIsNotNoted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env, ledger := filepath.Join(dir, ".env"), filepath.Join(dir, "ledger.json")
	write(t, env, "KEY=aaaa")
	first := Open(ledger, os.Args[0], time.Now())
	first.Note("env://KEY", []string{env}, "id")
	first.Save()
	if id := Open(ledger, os.Args[0], later()).Object("env://KEY", []string{env}); id != "" {
		t.Error("it was noted")
	}
}

// The same source over other files, another program and a file that is no ledger must be
// nothing that is known; the ledger must be its owner's alone and have no content of files.
func TestOnlyTheSameIsKnown(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env, other, ledger, program := filepath.Join(dir, ".env"), filepath.Join(dir, "other"), filepath.Join(dir, "kept", "ledger.json"), filepath.Join(dir, "program")
	for _, path := range []string{env, other, program} {
		write(t, path, "KEY=aaaa")
	}
	first := Open(ledger, program, later())
	first.Note("env://KEY", []string{env}, "id")
	first.Save()
	content, err := os.ReadFile(ledger)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(ledger)
	if err != nil || info.Mode().Perm() != 0o600 || strings.Contains(string(content), "aaaa") {
		t.Errorf("mode %v, error %v:\n%s", info.Mode(), err, content)
	}
	for name, got := range map[string]string{
		"more files":    Open(ledger, program, later()).Object("env://KEY", []string{env, other}),
		"no files":      Open(ledger, program, later()).Object("env://KEY", nil),
		"other source":  Open(ledger, program, later()).Object("env://OTHER", []string{env}),
		"other program": Open(ledger, other, later()).Object("env://KEY", []string{env}),
		"no ledger":     Open(env, program, later()).Object("env://KEY", []string{env}),
	} {
		if got != "" {
			t.Errorf("%s: %s is known", name, got)
		}
	}
	if Open(ledger, program, later()).Object("env://KEY", []string{env}) != "id" {
		t.Error("the same is not known")
	}
}
