package source

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

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
