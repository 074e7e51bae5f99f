package plugin

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// inlinedValue is a variable that the user allows in clear, with its value.
type inlinedValue struct {
	name  string
	value secret.Value
}

// allowedInline is one ${NAME} that --inline allows.
type allowedInline struct {
	stackfile.Inline

	listed bool // in x-inline: a secret. Another one is any variable of the shell's
	index  int  // which of the file's objects is the same secret; -1 if it is not among them
}

// allowedInlines is what --inline allows: of the file's x-inline, then the others,
// as they were given.
func allowedInlines(file stackfile.Stack, names []string) []allowedInline {
	var inlines []allowedInline
	others := slices.Clone(names)
	for _, variable := range file.Inlined {
		if !slices.Contains(others, variable.Name) {
			continue
		}
		inlines = append(inlines, allowedInline{Inline: variable, listed: true, index: slices.IndexFunc(file.Objects, func(o stackfile.Object) bool {
			return !o.Config && o.Text == nil && strings.EqualFold(o.Name, variable.Name)
		})})
		others = slices.DeleteFunc(others, func(name string) bool { return name == variable.Name })
	}
	others = slices.DeleteFunc(others, func(name string) bool {
		return slices.ContainsFunc(file.InClear, func(c stackfile.InClear) bool { return c.Path == name })
	})
	slices.Sort(others)
	for _, name := range slices.Compact(others) {
		from := []secret.Reference{{Scheme: "env", Path: name}}
		inlines = append(inlines, allowedInline{Inline: stackfile.Inline{Name: name, From: from}, index: -1})
	}
	return inlines
}

// lookup is what to look up for it. A secret is looked for where secrets are, or
// not at all where its value is looked up already: it must not differ from the one
// that services read from a file.
func (a allowedInline) lookup() lookup {
	if a.index >= 0 {
		return lookup{name: a.Name}
	}
	name := a.Name
	if a.listed {
		name = strings.ToLower(name)
	}
	return lookup{name: name, below: a.listed, from: a.From, given: !a.listed}
}

// isHeld reports whether it waits for the source of the same secret among wants.
func (a allowedInline) isHeld(wants []swarm.Want) bool {
	return a.index >= 0 && wants[a.index].Held != ""
}

// value is what to fill in, where wants are those of the file's objects.
func (a allowedInline) value(found answer, wants []swarm.Want) (secret.Value, error) {
	if a.index >= 0 {
		want := wants[a.index]
		found.Value, found.places, found.Err = want.Value, want.From, nil
		if !want.Found {
			found.Err = store.ErrNotFound
		}
	}
	if errors.Is(found.Err, store.ErrNotFound) {
		return secret.Value{}, fmt.Errorf("--inline %s: no value at %s", a.Name, found.places)
	}
	return found.Value, nil
}

// checkInline refuses every ${NAME} of the stack files that is not in allowed: the
// docker CLI would fill it from an environment that it does not get. It refuses every
// credential that the files show, too, whose path is not in allowed.
func checkInline(file stackfile.Stack, allowed []string) error {
	var faults []error
	for _, variable := range file.Variables {
		if slices.Contains(allowed, variable.Name) || swarm.Harmless(variable.Name) {
			continue
		}
		faults = append(faults, fmt.Errorf("%s:%d: ${%s} would be in plaintext in the service's specification; allow it with --inline %s, or remove it", variable.File, variable.Line, variable.Name, variable.Name))
	}
	for _, clear := range file.InClear {
		if !slices.Contains(allowed, clear.Path) {
			faults = append(faults, fmt.Errorf("%s:%d: a credential is in plaintext at %s; allow it with --inline %s, or write ${NAME} there in the compose file and migrate again", clear.File, clear.Line, clear.Path, clear.Path))
		}
	}
	return errors.Join(faults...)
}
