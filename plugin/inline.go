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
	secret int  // which of the file's objects is the same secret; -1 for none
}

// allowed is what --inline allows: of x-inline, then the others, as they were given.
func (d *deployment) allowed() []allowedInline {
	var all []allowedInline
	names := slices.Clone(d.options.inline)
	for _, one := range d.file.Inlined {
		if slices.Contains(names, one.Name) {
			all = append(all, allowedInline{Inline: one, listed: true, secret: slices.IndexFunc(d.file.Objects, func(o stackfile.Object) bool {
				return !o.Config && o.Text == nil && strings.EqualFold(o.Name, one.Name)
			})})
			names = slices.DeleteFunc(names, func(name string) bool { return name == one.Name })
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		from := []secret.Reference{{Scheme: "env", Path: name}}
		all = append(all, allowedInline{Inline: stackfile.Inline{Name: name, From: from}, secret: -1})
	}
	return all
}

// sought is what to look up for it. A secret is looked for where secrets are, or
// not at all where its value is looked up already: it must not differ from the one
// that services read from a file.
func (a allowedInline) sought() sought {
	if a.secret >= 0 {
		return sought{name: a.Name}
	}
	name := a.Name
	if a.listed {
		name = strings.ToLower(name)
	}
	return sought{name: name, below: a.listed, from: a.From}
}

// value is what to fill in, where wants are those of the file's objects.
func (a allowedInline) value(answer found, wants []swarm.Want) (secret.Value, error) {
	if a.secret >= 0 {
		want := wants[a.secret]
		answer.Value, answer.places, answer.Err = want.Value, want.From, nil
		if !want.Found {
			answer.Err = store.ErrNotFound
		}
	}
	if errors.Is(answer.Err, store.ErrNotFound) {
		return secret.Value{}, fmt.Errorf("--inline %s: no value found at %s", a.Name, answer.places)
	}
	return answer.Value, nil
}

// checkInline refuses every ${NAME} of the stack files that nobody allowed: the
// docker CLI would fill it from an environment that it does not get.
func (d *deployment) checkInline() error {
	var faults []error
	for _, one := range d.file.Variables {
		if slices.Contains(d.options.inline, one.Name) || reachesChild(one.Name) {
			continue
		}
		faults = append(faults, fmt.Errorf("%s:%d: ${%s} would stand in clear in the service's specification; allow it with --inline %s, or take it out", one.File, one.Line, one.Name, one.Name))
	}
	return errors.Join(faults...)
}
