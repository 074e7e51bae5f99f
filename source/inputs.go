package source

import (
	"bytes"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
)

// environmentInputs returns the files on which alone the value of env://NAME depends, in
// order; nil if the shell has a part in it.
func (r *reader) environmentInputs(ref secret.Reference) []string {
	if r.inShell(ref.Path) {
		return nil
	}
	return r.closed(r.interpolationFiles(ref))
}

// dotEnvInputs is environmentInputs for dotenv://PATH#KEY. A line without a value takes
// that of the variable.
func (r *reader) dotEnvInputs(ref secret.Reference) []string {
	path, env, err := r.within(ref)
	if err != nil || env == nil || isSet(env, ref.Fragment) {
		return nil
	}
	return r.closed([]string{path})
}

// fileInputs is environmentInputs for file://PATH.
func (r *reader) fileInputs(ref secret.Reference) []string { return []string{r.path(ref.Path)} }

// closed returns files if no text in them is interpolated: what is, may come from the
// shell.
func (r *reader) closed(files []string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, file := range files {
		closed, known := r.isClosed[file]
		if !known {
			content, err := regular.Read(file)
			closed = err == nil && !bytes.ContainsRune(content, '$')
			r.isClosed[file] = closed
		}
		if !closed {
			return nil
		}
	}
	return files
}

// inShell reports whether the shell sets the variable.
func (r *reader) inShell(name string) bool {
	return slices.ContainsFunc(r.Environ, func(pair string) bool { return strings.HasPrefix(pair, name+"=") })
}

func isSet(env *compose.Environment, name string) bool {
	_, set := env.Value(name)
	return set
}
