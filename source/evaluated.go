package source

import (
	"context"
	"fmt"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// evaluation is what the whole of one application gives.
type evaluation struct {
	values compose.Evaluated
	err    error
}

// evaluated resolves a reference to a variable of a service by evaluating the whole
// application as migrate does:
//
//	compose://FILE#services.SERVICE.environment.VARIABLE[?with=FILE…&file=ENVFILE…&folder=PATH&project=NAME]
//
// It is for values that no single place of a file gives: env files that refer to each
// other, merged files, extends.
func (l *reader) evaluated(ref secret.Reference) (secret.Value, error) {
	key := applicationKey(ref)
	l.mu.Lock()
	defer l.mu.Unlock()
	e, known := l.applications[key]
	if !known {
		e.values, e.err = compose.Evaluate(context.Background(), l.application(ref))
		l.applications[key] = e
	}
	if e.err != nil {
		return secret.Value{}, fmt.Errorf("%s: %w", ref, e.err)
	}
	if err := e.values.CheckSet(ref.Fragment); l.NeedSet && err != nil {
		return secret.Value{}, err
	}
	value, set := e.values.Variable(ref.Fragment)
	if !set {
		return secret.Value{}, fmt.Errorf("%s: no such place: %w", ref, store.ErrNotFound)
	}
	return value, nil
}

// applicationKey returns all of ref but its fragment: references to one application.
func applicationKey(ref secret.Reference) string {
	ref.Fragment = ""
	return ref.String()
}

// reads returns the files that the application of ref names, nil if it was not evaluated.
func (l *reader) reads(ref secret.Reference) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.applications[applicationKey(ref)].values.Files()
}

// application says which application ref is about.
func (l *reader) application(ref secret.Reference) compose.Options {
	o := compose.Options{Dir: l.Dir, Environ: l.Environ, Files: []string{l.path(ref.Path)}, EnvFiles: l.EnvFiles}
	for _, file := range ref.Param("with") {
		o.Files = append(o.Files, l.path(file))
	}
	if files := ref.Param("file"); files != nil {
		o.EnvFiles = nil
		for _, file := range files {
			o.EnvFiles = append(o.EnvFiles, l.path(file))
		}
	}
	o.ProjectDir = l.path(strings.Join(ref.Param("folder"), ""))
	if len(ref.Param("folder")) == 0 {
		o.ProjectDir = ""
	}
	o.Name = strings.Join(ref.Param("project"), "")
	return o
}

// isVariableOf tells whether ref names a variable of a service, and all of it.
func isVariableOf(ref secret.Reference) bool {
	_, _, ok := compose.SplitVariable(ref.Fragment)
	return ok && len(ref.Param("literal")) == 0 && len(ref.Param("default")) == 0
}
