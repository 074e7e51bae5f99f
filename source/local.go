package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
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
		documents: compose.NewDocuments(), applications: map[string]evaluation{}, isClosed: map[string]bool{},
	}
	return []store.System{
		perReference{scheme: "env", resolve: r.environment, files: r.environmentInputs},
		perReference{scheme: "dotenv", resolve: r.dotEnv, files: r.dotEnvInputs},
		perReference{scheme: "compose", resolve: r.place, reads: r.reads},
		perReference{scheme: "file", resolve: r.file, files: r.fileInputs},
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
	isClosed     map[string]bool       // by path: nothing in the env file is interpolated
}

// perReference is a system that resolves one reference after the other.
type perReference struct {
	scheme  string
	resolve func(ref secret.Reference) (secret.Value, error)
	reads   func(ref secret.Reference) []string // after resolve; nil for none
	files   func(ref secret.Reference) []string // a Result's, after a resolve without an error; nil for none
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
		if p.files != nil && results[i].Err == nil {
			results[i].Files = p.files(ref)
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
	files := r.interpolationFiles(ref)
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

// interpolationFiles returns the files of interpolation, in order.
func (r *reader) interpolationFiles(ref secret.Reference) []string {
	if len(ref.Param("file")) == 0 {
		if implied := r.path(".env"); r.EnvFiles == nil && exists(implied) {
			return []string{implied}
		}
		return r.EnvFiles
	}
	var files []string
	for _, file := range ref.Param("file") {
		if path := r.path(file); exists(path) {
			files = append(files, path)
		}
	}
	return files
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
