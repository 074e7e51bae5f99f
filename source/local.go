package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Local says from where the references to this machine are meant.
type Local struct {
	Dir      string   // folder of the stack file; relative paths are relative to it
	Environ  []string // the shell's variables, KEY=VALUE
	EnvFiles []string // what env:// reads where the shell has nothing and the reference names no file; nil: .env in Dir
}

// Systems are those of this machine: env, dotenv, compose and file.
func (l Local) Systems() []store.System {
	r := &reader{Local: l, read: map[string]*compose.Environment{}, applications: map[string]evaluation{}}
	return []store.System{
		each{scheme: "env", resolve: r.environment},
		each{scheme: "dotenv", resolve: r.envFile},
		each{scheme: "compose", resolve: r.place},
		each{scheme: "file", resolve: r.file},
	}
}

// reader is a Local that reads the same env files once, however many references
// are resolved with them. Its systems answer at the same time.
type reader struct {
	Local

	mu   sync.Mutex
	read map[string]*compose.Environment // by the files, in order

	applications map[string]evaluation // by all of a reference but its fragment
}

// each is a system that answers one reference at a time.
type each struct {
	scheme  string
	resolve func(ref secret.Reference) (secret.Value, error)
}

func (e each) Scheme() string { return e.scheme }

func (e each) Resolve(_ context.Context, refs []secret.Reference) []store.Result {
	results := make([]store.Result, len(refs))
	for i, ref := range refs {
		results[i].Value, results[i].Err = e.resolve(ref)
	}
	return results
}

// environment resolves env://NAME[?file=PATH]…: the shell first, as Compose does.
func (l *reader) environment(ref secret.Reference) (secret.Value, error) {
	env, err := l.interpolation(ref)
	if err != nil {
		return secret.Value{}, err
	}
	value, ok := env.Value(ref.Path)
	if !ok {
		return secret.Value{}, fmt.Errorf("%s: not set: %w", ref, store.ErrNotFound)
	}
	return value, made(ref, value, env.All())
}

// envFile resolves dotenv://PATH#KEY[?format=raw&file=PATH…].
func (l *reader) envFile(ref secret.Reference) (secret.Value, error) {
	path, env, err := l.within(ref)
	if err != nil {
		return secret.Value{}, err
	}
	format := ""
	if formats := ref.Param("format"); len(formats) > 0 {
		format = formats[0]
	}
	vars, err := compose.ReadEnvFile(path, format, nil, env.Lookup)
	if err != nil {
		return secret.Value{}, err
	}
	value, ok := vars[ref.Fragment]
	if !ok {
		return secret.Value{}, fmt.Errorf("%s: no such key: %w", ref, store.ErrNotFound)
	}
	return value, made(ref, value, env.All(), maps.All(vars))
}

// place resolves compose://PATH#services.SERVICE.environment.VAR[?file=PATH]….
func (l *reader) place(ref secret.Reference) (secret.Value, error) {
	path, env, err := l.within(ref)
	if err != nil {
		return secret.Value{}, err
	}
	value, err := readPlace(path, ref, env)
	if len(ref.Param("with")) > 0 || errors.Is(err, compose.ErrNoSuchPlace) && isVariableOf(ref) {
		value, err = l.evaluated(ref)
	}
	if errors.Is(err, compose.ErrNoSuchPlace) {
		return secret.Value{}, fmt.Errorf("%s: no such place: %w", ref, store.ErrNotFound)
	}
	if err != nil {
		return secret.Value{}, err
	}
	return value, made(ref, value, env.All())
}

// ErrEmbedded is a value that is a text around a reference to a secret manager. Its
// Result has the text all the same: a template needs no more.
var ErrEmbedded = errors.New("whose value is in a secret manager, and deploy cannot put it together")

// made returns an error when value is made with one of variables whose value is a
// reference to a secret manager, and more: the service would get the reference,
// because only a whole value is followed.
func made(ref secret.Reference, value secret.Value, variables ...iter.Seq2[string, secret.Value]) error {
	text := value.Reveal()
	if _, whole := secret.Managed(text); whole || !strings.Contains(text, "://") {
		return nil
	}
	var names []string
	for _, all := range variables {
		for name, part := range all {
			if _, managed := secret.Managed(part.Reveal()); managed && strings.Contains(text, part.Reveal()) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("%s: made with %s, %w; make it in environment: of the compose file, as one text around ${%s}, or keep the whole of it in the manager too", ref, slices.Min(names), ErrEmbedded, slices.Min(names))
}

// within is the file that ref names a part of, and what that is interpolated with.
func (l *reader) within(ref secret.Reference) (path string, env *compose.Environment, err error) {
	path = l.path(ref.Path)
	if _, missing := os.Stat(path); errors.Is(missing, fs.ErrNotExist) {
		return "", nil, fmt.Errorf("%s: no such file: %w", ref, store.ErrNotFound)
	}
	env, err = l.interpolation(ref)
	return path, env, err
}

// readPlace reads the whole text at the place; with literal=N the N-th credential
// that is spelled out in it; with default=NAME what ${NAME:-…} in it gives.
func readPlace(path string, ref secret.Reference, env *compose.Environment) (secret.Value, error) {
	if names := ref.Param("default"); len(names) > 0 {
		return compose.ReadDefault(path, ref.Fragment, names[0], env)
	}
	literals := ref.Param("literal")
	if len(literals) == 0 {
		return compose.ReadPlace(path, ref.Fragment, env)
	}
	number, err := strconv.Atoi(literals[0])
	if err != nil {
		return secret.Value{}, fmt.Errorf("%s: literal= wants a number", ref)
	}
	return compose.ReadCredential(path, ref.Fragment, number, env)
}

// file resolves file://PATH: its bytes as they are, a final newline included.
func (l *reader) file(ref secret.Reference) (secret.Value, error) {
	content, err := os.ReadFile(l.path(ref.Path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return secret.Value{}, fmt.Errorf("%s: no such file: %w", ref, store.ErrNotFound)
	case err != nil:
		return secret.Value{}, fmt.Errorf("%s: cannot be read; check its permissions", ref)
	}
	return secret.NewValue(string(content)), nil
}

// interpolation is what Compose would interpolate with: the shell, then the files
// that ref names, else those that Local does.
func (l *reader) interpolation(ref secret.Reference) (*compose.Environment, error) {
	var files []string
	for _, file := range ref.Param("file") {
		if path := l.path(file); exists(path) {
			files = append(files, path)
		}
	}
	if len(ref.Param("file")) == 0 {
		files = l.EnvFiles
		if implied := l.path(".env"); files == nil && exists(implied) {
			files = []string{implied}
		}
	}
	key := strings.Join(files, "\x00")
	l.mu.Lock()
	defer l.mu.Unlock()
	if env, ok := l.read[key]; ok {
		return env, nil
	}
	env, err := compose.NewEnvironment(l.Environ, files)
	if err == nil {
		l.read[key] = env
	}
	return env, err
}

func (l Local) path(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(l.Dir, filepath.FromSlash(path))
}

func exists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
