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
	"syscall"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Local says where the references to this machine look.
type Local struct {
	Dir      string   // folder of the stack file, for relative paths
	Environ  []string // the shell's variables, KEY=VALUE
	EnvFiles []string // the files in which env:// looks for what the shell does not have, unless the reference names files; nil: .env in Dir
	NeedSet  bool     // a compose:// place whose text needs a variable that is not set has no value; else the variable is empty, as in Compose
}

// Systems returns the systems of this machine: env, dotenv, compose and file.
func (l Local) Systems() []store.System {
	r := &reader{
		Local: l, read: map[string]*compose.Environment{}, envFiles: map[envFileKey]envFile{},
		documents: compose.NewDocuments(), applications: map[string]evaluation{},
	}
	return []store.System{
		perReference{scheme: "env", resolve: r.environment},
		perReference{scheme: "dotenv", resolve: r.dotEnv},
		perReference{scheme: "compose", resolve: r.place, reads: r.reads},
		perReference{scheme: "file", resolve: r.file},
	}
}

// reader resolves references to this machine. It reads each file once, and an env file
// once for each set of variables that it is interpolated with. Its systems share it and
// use it at the same time.
type reader struct {
	Local

	mu   sync.Mutex
	read map[string]*compose.Environment // by the paths of the files, in order, joined with NUL

	envFiles     map[envFileKey]envFile
	documents    *compose.Documents
	applications map[string]evaluation // by all of a reference but its fragment
}

// perReference is a system that resolves one reference after the other.
type perReference struct {
	scheme  string
	resolve func(ref secret.Reference) (secret.Value, error)
	reads   func(ref secret.Reference) []string // after resolve; nil for none
}

// Scheme returns what the references begin with.
func (p perReference) Scheme() string { return p.scheme }

// Resolve returns one result for each of refs, in order.
func (p perReference) Resolve(_ context.Context, refs []secret.Reference) []store.Result {
	results := make([]store.Result, len(refs))
	for i, ref := range refs {
		results[i].Value, results[i].Err = p.resolve(ref)
		if p.reads != nil {
			results[i].Reads = p.reads(ref)
		}
	}
	return results
}

// environment resolves env://NAME[?file=PATH]…. As in Compose the shell is first.
func (r *reader) environment(ref secret.Reference) (secret.Value, error) {
	env, err := r.interpolation(ref)
	if err != nil {
		return secret.Value{}, err
	}
	value, ok := env.Value(ref.Path)
	if !ok {
		return secret.Value{}, fmt.Errorf("%s: not set: %w", ref, store.ErrNotFound)
	}
	return value, checkEmbedded(ref, value, env.All())
}

// dotEnv resolves dotenv://PATH#KEY[?format=raw&file=PATH…].
func (r *reader) dotEnv(ref secret.Reference) (secret.Value, error) {
	path, env, err := r.within(ref)
	if err != nil {
		return secret.Value{}, err
	}
	format := ""
	if formats := ref.Param("format"); len(formats) > 0 {
		format = formats[0]
	}
	file := r.envFileAt(envFileKey{path, format, env})
	if file.err != nil {
		return secret.Value{}, file.err
	}
	value, ok := file.values[ref.Fragment]
	if !ok {
		return secret.Value{}, fmt.Errorf("%s: no such key: %w", ref, store.ErrNotFound)
	}
	return value, checkEmbedded(ref, value, env.All(), maps.All(file.values))
}

// envFileKey is all that the values of an env file depend on.
type envFileKey struct {
	path, format string
	env          *compose.Environment
}

// envFile is what became of an env file.
type envFile struct {
	values map[string]secret.Value
	err    error
}

// envFileAt reads an env file, once.
func (r *reader) envFileAt(key envFileKey) envFile {
	r.mu.Lock()
	defer r.mu.Unlock()
	file, known := r.envFiles[key]
	if !known {
		file.values, file.err = compose.ReadEnvFile(key.path, key.format, nil, key.env.Lookup)
		r.envFiles[key] = file
	}
	return file
}

// place resolves compose://PATH#services.SERVICE.environment.VAR[?file=PATH]….
func (r *reader) place(ref secret.Reference) (secret.Value, error) {
	path, env, err := r.within(ref)
	if err != nil {
		return secret.Value{}, err
	}
	value, err := r.readPlace(path, ref, env)
	if len(ref.Param("with")) > 0 || errors.Is(err, compose.ErrNoSuchPlace) && isVariableOf(ref) {
		value, err = r.evaluated(ref)
	}
	switch {
	case errors.Is(err, compose.ErrNoSuchPlace):
		return secret.Value{}, fmt.Errorf("%s: no such place: %w", ref, store.ErrNotFound)
	case r.NeedSet && compose.IsUnset(err):
		return secret.Value{}, unset(ref, err)
	case err != nil:
		return secret.Value{}, err
	}
	return value, checkEmbedded(ref, value, env.All())
}

// unset returns the error for a place whose value is not available here; err says which
// variable is not set.
func unset(ref secret.Reference, err error) error {
	return fmt.Errorf("%s: %w: %w", ref, err, store.ErrNotFound)
}

// ErrEmbedded means that a value contains a reference to a secret manager and more. Its
// Result has the text as Value, which is enough for a template.
var ErrEmbedded = errors.New("whose value is in a secret manager, and deploy cannot put it together")

// checkEmbedded returns ErrEmbedded, with ref and a variable's name, if value contains the
// value of one of variables, that value is a reference to a secret manager, and value is
// more than it. Resolve follows only whole values, so the service would get the reference.
func checkEmbedded(ref secret.Reference, value secret.Value, variables ...iter.Seq2[string, secret.Value]) error {
	text := value.Reveal()
	if _, whole := secret.Managed(text); whole || !strings.Contains(text, "://") {
		return nil
	}
	var names []string
	for _, source := range variables {
		for name, part := range source {
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

// within returns the file that ref names a part of, and the variables to interpolate it
// with. The error wraps ErrNotFound if there is no such file.
func (r *reader) within(ref secret.Reference) (path string, env *compose.Environment, err error) {
	path = r.path(ref.Path)
	if _, missing := os.Stat(path); errors.Is(missing, fs.ErrNotExist) {
		return "", nil, fmt.Errorf("%s: no such file: %w", ref, store.ErrNotFound)
	}
	env, err = r.interpolation(ref)
	return path, env, err
}

// readPlace reads the whole text at the place. With literal=N it reads the N-th credential
// that is written in the text, with default=NAME the result of ${NAME:-…} in it.
func (r *reader) readPlace(path string, ref secret.Reference, env *compose.Environment) (secret.Value, error) {
	if names := ref.Param("default"); len(names) > 0 {
		return r.documents.ReadDefault(path, ref.Fragment, names[0], env)
	}
	literals := ref.Param("literal")
	switch {
	case len(literals) == 0 && r.NeedSet:
		return r.documents.ReadSetPlace(path, ref.Fragment, env)
	case len(literals) == 0:
		return r.documents.ReadPlace(path, ref.Fragment, env)
	}
	number, err := strconv.Atoi(literals[0])
	if err != nil {
		return secret.Value{}, fmt.Errorf("%s: literal= must be a number", ref)
	}
	return r.documents.ReadCredential(path, ref.Fragment, number, env)
}

// file resolves file://PATH: all bytes of the file, also a final newline.
func (r *reader) file(ref secret.Reference) (secret.Value, error) {
	content, err := regular.Read(r.path(ref.Path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return secret.Value{}, fmt.Errorf("%s: no such file: %w", ref, store.ErrNotFound)
	case errors.Is(err, regular.ErrNotRegular), errors.Is(err, syscall.EISDIR):
		return secret.Value{}, fmt.Errorf("%s: not a regular file; name one", ref)
	case errors.Is(err, regular.ErrTooLarge):
		return secret.Value{}, fmt.Errorf("%s: larger than 16 MiB; a secret on the Swarm has at most 500 KiB", ref)
	case err != nil:
		return secret.Value{}, fmt.Errorf("%s: cannot be read; check its permissions", ref)
	}
	return secret.NewValue(string(content)), nil
}

// interpolation returns the variables that Compose would interpolate with: those of the
// shell, then those of the files that ref names, or else of Local's files.
func (r *reader) interpolation(ref secret.Reference) (*compose.Environment, error) {
	var files []string
	for _, file := range ref.Param("file") {
		if path := r.path(file); exists(path) {
			files = append(files, path)
		}
	}
	if len(ref.Param("file")) == 0 {
		files = r.EnvFiles
		if implied := r.path(".env"); files == nil && exists(implied) {
			files = []string{implied}
		}
	}
	key := strings.Join(files, "\x00")
	r.mu.Lock()
	defer r.mu.Unlock()
	if env, ok := r.read[key]; ok {
		return env, nil
	}
	env, err := compose.NewEnvironment(r.Environ, files)
	if err == nil {
		r.read[key] = env
	}
	return env, err
}

// path returns a path of a reference, joined to Dir if it is relative.
func (l Local) path(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(l.Dir, filepath.FromSlash(path))
}

// exists reports whether there is a file at path, and no folder.
func exists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
