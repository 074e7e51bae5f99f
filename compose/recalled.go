package compose

import (
	"maps"
	"slices"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// Recalled is what the stack file of an earlier migrate tells, for a place where not
// every value is: a fresh clone, or CI. A variable of a secret has a placeholder in the
// place of its value.
type Recalled struct {
	Flags     Flags                   // used where neither flags nor variables say anything
	Stack     string                  // the project's name where nothing says one
	Variables map[string]secret.Value // variables of the project
	Secrets   map[string]secret.Value // by name, those of which nothing but the name tells the variable
	Held      []secret.Value          // the placeholders

	// EnvFile returns the variables that env files which are missing gave service. files
	// are the missing ones, relative to the stack file; explicit is what environment: sets.
	// known is false for a service that the stack file does not have.
	EnvFile func(service string, files []string, explicit map[string]bool) (vars map[string]secret.Value, known bool)

	// HasSecret tells whether the stack file gives the variable to service as a secret.
	HasSecret func(service, variable string) bool

	// MadeOfConfig tells whether the stack file has a secret in the place of the config
	// called name, whose content is at from.
	MadeOfConfig func(name string, from secret.Reference) bool

	// Copies returns the values of secrets that are written out in model, the application
	// with its values, at places where the stack file reads them. lacking are the
	// placeholders of those secrets.
	Copies func(model map[string]any, lacking []secret.Value) []classify.Sealed
}

// Kept returns the variables that are no secrets, are not set here, and have the values
// of an earlier stack file: NAME, or SERVICE.NAME for one of an env file that is missing.
// They are sorted.
func (a *Application) Kept() []string {
	used, held := a.tree.named(), secret.NewSet(a.Input.Held)
	var kept []string
	for _, name := range a.kept {
		if value, _ := a.src.env.Value(name); !held.Has(value) {
			if _, ok := used[name]; ok {
				kept = append(kept, name)
			}
		}
	}
	for service, names := range a.keptIn {
		for _, name := range names {
			if !held.Has(a.valueOf(service, name)) {
				kept = append(kept, service+"."+name)
			}
		}
	}
	slices.Sort(kept)
	return kept
}

// valueOf is the value of a variable of service, the zero value for one that it does not have.
func (a *Application) valueOf(service, name string) secret.Value {
	if e, found := a.entries[service][name]; found {
		return e.variable.Value
	}
	return secret.Value{}
}

// Taken returns the values that came from an earlier stack file.
func (a *Application) Taken() []secret.Value {
	var all []secret.Value
	for _, name := range a.kept {
		value, _ := a.src.env.Value(name)
		all = append(all, value)
	}
	for service, names := range a.keptIn {
		for _, name := range names {
			all = append(all, a.valueOf(service, name))
		}
	}
	for _, copied := range a.Input.Copies {
		all = append(all, copied.Value)
	}
	return all
}

// Empty returns the variables that the compose files use and that are set to nothing,
// sorted. For Compose that is not the same as not set.
func (a *Application) Empty() []string {
	var names []string
	for name := range a.tree.named() {
		if value, set := a.src.env.Value(name); set && value.Empty() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// recall sets the variables that nothing here sets and an earlier stack file knows. One
// that has a default wherever it is used may have been taken away on purpose: it is only
// recalled where an env file is missing.
func (a *Application) recall(recalled *Recalled) {
	if recalled == nil {
		return
	}
	a.Input.Held = recalled.Held
	missing := len(a.src.envFiles) == 0 || slices.ContainsFunc(a.src.envFiles, func(path string) bool { return !isFile(path) })
	needed := a.tree.named()
	for name := range recalled.Variables {
		if _, used := needed[name]; !used {
			needed[name] = false
		}
	}
	for _, name := range slices.Sorted(maps.Keys(needed)) {
		value, known := recalled.Variables[name]
		if !known && needed[name] {
			value, known = recalled.Secrets[transform.SecretName(name)]
		}
		if !known || a.isSet(name) || !missing && !needed[name] {
			continue
		}
		a.kept = append(a.kept, name)
		a.set(name, value)
	}
}

// isSet tells whether the variable is set for the project, or for a file that it
// includes.
func (a *Application) isSet(name string) bool {
	_, set := a.src.env.Value(name)
	return set || slices.ContainsFunc(a.tree.all(), func(b *branch) bool {
		_, set := b.env.Value(name)
		return set
	})
}

// set gives the variable a value wherever it has none.
func (a *Application) set(name string, value secret.Value) {
	a.src.env.values[name] = value
	for _, b := range a.tree.all() {
		if _, set := b.env.Value(name); !set {
			b.env.values[name] = value
		}
	}
}

// recallEnvFiles adds the variables of service that env files which are missing gave.
// known is false if nothing tells them.
func (a *Application) recallEnvFiles(service string, missing []string, explicit map[string]bool, entries map[string]entry) (known bool) {
	if a.recalled == nil || a.recalled.EnvFile == nil {
		return false
	}
	vars, known := a.recalled.EnvFile(service, a.src.fromOutAll(missing), explicit)
	for key, value := range vars {
		if _, set := entries[key]; set {
			continue
		}
		a.keptIn[service] = append(a.keptIn[service], key)
		entries[key] = entry{variable: &classify.Variable{
			Value: value, Set: true, From: a.envFileReference(missing[0], "", key, false), Place: a.src.show(missing[0]),
			Pieces: []classify.Piece{{Value: value}},
		}}
	}
	return known
}
