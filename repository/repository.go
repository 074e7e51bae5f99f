package repository

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Faults of Open. Their texts are for people.
var (
	ErrNone  = errors.New("there is no git repository here")
	ErrNoGit = errors.New("git is not installed")
	ErrOwner = errors.New("git does not trust the repository, because another user owns it; allow it with: git config --global --add safe.directory FOLDER")
)

// Repository is a git repository, seen from a folder in it.
type Repository struct {
	folder  string // absolute
	top     string // from folder to the top: "", "../"
	environ []string
	Shallow bool // older commits were not fetched
	Partial bool // some objects were not fetched
}

// Open finds the repository that folder, an absolute path, is in. environ are the
// shell's variables, of which git gets only those that it needs. The error is one of
// the faults above.
func Open(ctx context.Context, folder string, environ []string) (*Repository, error) {
	r := &Repository{folder: folder, environ: scrubbed(environ)}
	out, err := r.git(ctx, nil, "rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-cdup")
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(out), "\n")
	if len(lines) < 3 || lines[0] != "true" {
		return nil, ErrNone
	}
	r.Shallow, r.top = lines[1] == "true", lines[2]
	partial, _ := r.git(ctx, nil, "config", "--get", "extensions.partialclone")
	r.Partial = len(partial) > 0
	return r, nil
}

// command returns a git that runs no program of the repository's choice.
func (r *Repository) command(ctx context.Context, args ...string) *exec.Cmd {
	safe := []string{"-C", r.folder, "--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.excludesFile="}
	cmd := exec.CommandContext(ctx, "git", slices.Concat(safe, args)...)
	cmd.Env = r.environ
	return cmd
}

// git runs git with input and returns what it prints.
func (r *Repository) git(ctx context.Context, input []byte, args ...string) ([]byte, error) {
	cmd := r.command(ctx, args...)
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &said
	out, err := cmd.Output()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return nil, ErrNoGit
	case strings.Contains(said.String(), "dubious ownership"):
		return nil, ErrOwner
	case strings.Contains(said.String(), "not a git repository"):
		return nil, ErrNone
	case err != nil:
		return out, errors.New("git " + args[0] + " failed")
	}
	return out, nil
}

// scrubbed returns the variables of environ that git needs. None of them is where a
// value of the application could be.
func scrubbed(environ []string) []string {
	kept := []string{"LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1"}
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if slices.Contains([]string{"PATH", "HOME", "XDG_CONFIG_HOME", "USERPROFILE", "SYSTEMROOT", "GIT_CEILING_DIRECTORIES", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"}, name) {
			kept = append(kept, pair)
		}
	}
	return kept
}

// Tracked returns the files that git tracks or that are staged, relative to the folder,
// with '/', sorted.
func (r *Repository) Tracked(ctx context.Context) ([]string, error) {
	out, err := r.git(ctx, nil, "ls-files", "-z", "--full-name", ":/")
	if err != nil {
		return nil, err
	}
	var paths []string
	for path := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if path != "" {
			paths = append(paths, r.relative(path))
		}
	}
	slices.Sort(paths)
	return paths, nil
}

// relative returns path, which is relative to the top, relative to the folder.
func (r *Repository) relative(path string) string {
	prefix, err := r.prefix()
	if rest, below := strings.CutPrefix(path, prefix); err == nil && below {
		return rest
	}
	return r.top + path
}

// prefix returns the path from the top to the folder, with '/' at its end.
func (r *Repository) prefix() (string, error) {
	if r.top == "" {
		return "", nil
	}
	top, err := filepath.EvalSymlinks(filepath.Join(r.folder, filepath.FromSlash(r.top)))
	if err != nil {
		return "", err
	}
	folder, err := filepath.EvalSymlinks(r.folder)
	if err != nil {
		return "", err
	}
	prefix, err := filepath.Rel(top, folder)
	return filepath.ToSlash(prefix) + "/", err
}

// Ignored tells for each of paths, relative to the folder, whether a .gitignore of the
// repository ignores it. What only this machine ignores does not count.
func (r *Repository) Ignored(ctx context.Context, paths []string) ([]bool, error) {
	out, err := r.git(ctx, []byte(strings.Join(paths, "\x00")+"\x00"), "check-ignore", "-v", "--non-matching", "--no-index", "--stdin", "-z")
	fields := strings.Split(string(out), "\x00") // file, line, pattern, path; git exits with 1 if none is ignored
	if len(fields) != 4*len(paths)+1 {
		if err == nil {
			err = errors.New("git check-ignore failed")
		}
		return nil, err
	}
	ignored := make([]bool, len(paths))
	for i := range paths {
		file, pattern := fields[4*i], fields[4*i+2]
		ignored[i] = filepath.Base(file) == ".gitignore" && !strings.HasPrefix(pattern, "!")
	}
	return ignored, nil
}
