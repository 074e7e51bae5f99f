package repository_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/repository"
	"github.com/docker-secrets/docker-secrets/secret"
)

// Values that are invented here.
const (
	password = "kR7xT2mB9vQ4wZ6n"
	token    = "ghp_Zt4Qn8Wb2Kd6Vf1Ys9Lp3Hx7Rm5Jc0Ge" //nolint:gosec // invented
)

// git runs git in folder, without the configuration of this machine.
func git(tb testing.TB, folder string, args ...string) string {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), "git", args...)
	cmd.Dir = folder
	cmd.Env = append(environ(), "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		tb.Fatalf("git %s: %v\n%s", args[0], err, out)
	}
	return string(out)
}

func environ() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1"}
}

func write(tb testing.TB, path, text string) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
}

// leaky makes a repository whose history holds a password and a token, and whose files
// hold neither.
func leaky(tb testing.TB) string {
	tb.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		tb.Skip(err)
	}
	folder := tb.TempDir()
	git(tb, folder, "init", "-q", "-b", "main")
	write(tb, filepath.Join(folder, "app.txt"), "first\n")
	git(tb, folder, "add", ".")
	git(tb, folder, "commit", "-qm", "first")
	write(tb, filepath.Join(folder, "api", ".env"), "LOG_LEVEL=info\nDB_PASSWORD="+password+"\nOTHER_PASSWORD=Hq3tVn8rXc5s\n")
	write(tb, filepath.Join(folder, "config.py"), "# a token\nTOKEN = '"+token+"'\n")
	git(tb, folder, "add", "-f", ".")
	git(tb, folder, "commit", "-qm", "second")
	git(tb, folder, "rm", "-q", "api/.env", "config.py")
	git(tb, folder, "commit", "-qm", "third")
	return folder
}

func search(tb testing.TB, folder string) repository.History {
	tb.Helper()
	r, err := repository.Open(tb.Context(), folder, environ())
	if err != nil {
		tb.Fatal(err)
	}
	history, err := r.Search(tb.Context(), []repository.Sought{{Name: "db_password", Value: secret.NewValue(password)}})
	if err != nil {
		tb.Fatal(err)
	}
	return history
}

// wantLeaks fails unless the history of folder has the leaks of leaky.
func wantLeaks(t *testing.T, folder string) {
	t.Helper()
	history := search(t, folder)
	var got []string
	for _, leak := range history.Leaks {
		if subject := git(t, folder, "log", "-1", "--format=%s", leak.Commit); subject != "second\n" {
			t.Errorf("%s: in commit %q", leak.Name, subject)
		}
		got = append(got, fmt.Sprintf("%s %s:%d %v", leak.Name, leak.Path, leak.Line, leak.Shape))
	}
	want := []string{"db_password api/.env:2 false", "OTHER_PASSWORD api/.env:3 true", "vendor-token config.py:2 true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if history.Blind != "" || history.Commits != 3 {
		t.Errorf("%d commits were searched; not searched: %q", history.Commits, history.Blind)
	}
}

// A secret that is only in the history must be found, by its value and by its shape.
func TestHistoryIsSearched(t *testing.T) { wantLeaks(t, leaky(t)) }

// A packed repository must be searched as a loose one.
func TestPackedHistoryIsSearched(t *testing.T) {
	folder := leaky(t)
	git(t, folder, "gc", "-q", "--aggressive", "--prune=now")
	wantLeaks(t, folder)
}

// A worktree must be searched with the history of its repository.
func TestWorktreeIsSearched(t *testing.T) {
	tree := filepath.Join(t.TempDir(), "tree")
	git(t, leaky(t), "worktree", "add", "-q", tree)
	wantLeaks(t, tree)
}

// A clone must be searched on all its branches, also where no file is checked out.
func TestBranchesAreSearched(t *testing.T) {
	folder := leaky(t)
	git(t, folder, "branch", "old", "HEAD~1")
	git(t, folder, "reset", "-q", "--hard", "HEAD~2")
	clone := filepath.Join(t.TempDir(), "clone")
	git(t, folder, "clone", "-q", folder, clone)
	if got := search(t, clone); len(got.Leaks) != 3 {
		t.Errorf("%v", got.Leaks)
	}
}

// A shallow clone must be searched as far as it goes, and must say that it is one.
func TestShallowHistoryIsSearched(t *testing.T) {
	folder := leaky(t)
	clone := filepath.Join(t.TempDir(), "clone")
	git(t, folder, "clone", "-q", "--depth", "2", "file://"+folder, clone)
	history := search(t, clone)
	if len(history.Leaks) != 3 || !strings.Contains(history.Blind, "shallow") {
		t.Errorf("%v, not searched: %q", history.Leaks, history.Blind)
	}
}

// What only a merge brought in must be found, and a message of a commit.
func TestMergesAndMessagesAreSearched(t *testing.T) {
	folder := t.TempDir()
	git(t, folder, "init", "-q", "-b", "main")
	git(t, folder, "commit", "-q", "--allow-empty", "-m", "first")
	git(t, folder, "checkout", "-q", "-b", "side")
	git(t, folder, "commit", "-q", "--allow-empty", "-m", "the password is "+password)
	git(t, folder, "checkout", "-q", "main")
	git(t, folder, "merge", "-q", "--no-ff", "--no-commit", "side")
	write(t, filepath.Join(folder, "evil.txt"), "x\n"+password+"\n")
	git(t, folder, "add", ".")
	git(t, folder, "commit", "-qm", "merge")
	history := search(t, folder)
	if len(history.Leaks) != 1 || history.Leaks[0].Path != "" || history.Leaks[0].More != 1 {
		t.Errorf("%+v", history.Leaks)
	}
}

// From a folder below the top, places must be relative to that folder.
func TestPlacesAreRelativeToTheFolder(t *testing.T) {
	folder := leaky(t)
	write(t, filepath.Join(folder, "api", "main.py"), "")
	git(t, folder, "add", ".")
	history := search(t, filepath.Join(folder, "api"))
	if len(history.Leaks) != 3 || history.Leaks[0].Path != ".env" || history.Leaks[2].Path != "../config.py" {
		t.Errorf("%+v", history.Leaks)
	}
	r, err := repository.Open(t.Context(), filepath.Join(folder, "api"), environ())
	if err != nil {
		t.Fatal(err)
	}
	tracked, err := r.Tracked(t.Context())
	if diff := cmp.Diff([]string{"../app.txt", "main.py"}, tracked); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// Only a .gitignore that others get too must count, and a later exception must win.
func TestIgnoredAsOthersSeeIt(t *testing.T) {
	folder := leaky(t)
	write(t, filepath.Join(folder, ".gitignore"), ".env\n*.pem\n!keep.pem\n")
	write(t, filepath.Join(folder, ".git", "info", "exclude"), "*.key\n")
	r, err := repository.Open(t.Context(), folder, environ())
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Ignored(t.Context(), []string{".env", "api/.env", "a.pem", "keep.pem", "a.key", "a.txt"})
	if diff := cmp.Diff([]bool{true, true, true, false, false, false}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// A folder that is in no repository must be said to be so.
func TestNoRepository(t *testing.T) {
	if _, err := repository.Open(t.Context(), t.TempDir(), environ()); err != repository.ErrNone { //nolint:errorlint // returned as it is
		t.Error(err)
	}
}

// No configuration of a repository may make git run a program.
func TestNothingOfTheRepositoryRuns(t *testing.T) {
	folder := leaky(t)
	mark := filepath.Join(t.TempDir(), "ran")
	program := filepath.Join(t.TempDir(), "program")
	write(t, program, "#!/bin/sh\ntouch "+mark+"\n")
	if err := os.Chmod(program, 0o700); err != nil { //nolint:gosec // it has to run
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, ".git", "info", "attributes"), "* diff=evil filter=evil\n")
	for _, key := range []string{"core.fsmonitor", "diff.evil.textconv", "diff.evil.command", "filter.evil.smudge", "diff.external", "core.pager", "log.showSignature"} {
		git(t, folder, "config", key, program)
	}
	_ = search(t, folder)
	if _, err := os.Stat(mark); err == nil {
		t.Error("a program of the repository ran")
	}
}

// manyCommits makes a repository of n commits, and the password in the middle of them.
func manyCommits(tb testing.TB, n int) string {
	tb.Helper()
	folder := tb.TempDir()
	git(tb, folder, "init", "-q", "-b", "main")
	var stream bytes.Buffer
	for i := range n {
		text := fmt.Sprintf("line %d of a file that changes\n", i)
		if i == n/2 {
			text += "DB_PASSWORD=" + password + "\n"
		}
		text += strings.Repeat("a line that is the same in every version of the file\n", 40)
		fmt.Fprintf(&stream, "commit refs/heads/main\ncommitter a <a@example.com> %d +0000\ndata 2\nx\nM 100644 inline folder%d/file%d.txt\ndata %d\n%s\n", 1_700_000_000+i, i%37, i%211, len(text), text)
	}
	cmd := exec.CommandContext(tb.Context(), "git", "fast-import", "--quiet")
	cmd.Dir, cmd.Env, cmd.Stdin = folder, environ(), &stream
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	return folder
}

// A secret in one of thousands of commits must be found.
func TestLongHistoryIsSearched(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 1_000
	}
	history := search(t, manyCommits(t, n))
	if len(history.Leaks) != 1 || history.Commits != n {
		t.Errorf("%d commits, %+v", history.Commits, history.Leaks)
	}
}

func BenchmarkSearch10000Commits(b *testing.B) {
	folder := manyCommits(b, 10_000)
	for b.Loop() {
		_ = search(b, folder)
	}
}
