package compose

import (
	"context"
	"fmt"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Evaluated is what Compose gives the variables of an application.
type Evaluated struct {
	values map[[2]string]secret.Value
	files  []string
	unset  map[[2]string]string // a variable that is not set, of those that the value is made of
}

// Evaluate reads the application that o names, with all its profiles, and evaluates
// it as Load does. The errors are those of Load.
func Evaluate(ctx context.Context, o Options) (Evaluated, error) {
	o.Profiles = []string{"*"}
	app, err := Load(ctx, o)
	if err != nil {
		return Evaluated{}, err
	}
	e := Evaluated{values: map[[2]string]secret.Value{}, unset: map[[2]string]string{}, files: app.variableFiles}
	for _, v := range app.Input.Variables {
		if v.Set {
			e.values[[2]string{v.Service, v.Name}] = v.Value
		}
		for _, piece := range v.Pieces {
			if piece.Unset {
				e.unset[[2]string{v.Service, v.Name}] = piece.Variable
			}
		}
	}
	return e, nil
}

// Files returns the absolute paths of the files that the application names and that its
// variables depend on, sorted.
func (e Evaluated) Files() []string { return e.files }

// Variable is the value at path, services.SERVICE.environment.VARIABLE, and whether
// Compose sets it.
func (e Evaluated) Variable(path string) (secret.Value, bool) {
	service, variable, ok := SplitVariable(path)
	value, set := e.values[[2]string{service, variable}]
	return value, ok && set
}

// CheckSet returns an error that wraps ErrUnset if the value at path is made of a variable
// that is not set.
func (e Evaluated) CheckSet(path string) error {
	service, variable, _ := SplitVariable(path)
	if name, unset := e.unset[[2]string{service, variable}]; unset {
		return fmt.Errorf("%s is %w", name, ErrUnset)
	}
	return nil
}

// SplitVariable reads services.SERVICE.environment.VARIABLE. ok is false for any other
// path.
func SplitVariable(path string) (service, variable string, ok bool) {
	const between = ".environment."
	path, isService := strings.CutPrefix(path, "services.")
	at := strings.LastIndex(path, between) // the name of a service may hold dots
	if !isService || at < 0 {
		return "", "", false
	}
	return path[:at], path[at+len(between):], true
}

// Reference names what Compose gives variable of service, by all that it depends on:
// the compose files, the env files, the project's folder and name. It is zero for an
// application that is read from stdin. source resolves it with Evaluate.
func (a *Application) Reference(service, variable string) secret.Reference {
	first := a.src.files[0].Filename
	ref := secret.Reference{Scheme: "compose", Path: a.src.fromOut(first), Fragment: "services." + service + ".environment." + variable}
	add := func(key, value string) { ref.Query = append(ref.Query, secret.Param{Key: key, Value: value}) }
	for i, file := range a.src.files {
		if file.Filename == "-" {
			return secret.Reference{}
		}
		if i > 0 {
			add("with", a.src.fromOut(file.Filename))
		}
	}
	if !a.src.implied || a.src.dir != a.src.out {
		for _, file := range a.src.envFiles {
			add("file", a.src.fromOut(file))
		}
	}
	if a.src.dir != a.src.folderOf([]string{first}) {
		add("folder", a.src.fromOut(a.src.dir))
	}
	if a.src.name != "" {
		add("project", a.src.name)
	}
	return ref
}
