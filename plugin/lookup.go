package plugin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// lookupTime is how long all values together may take to be found for a deploy. A
// manager that does not answer must not use up the time of the deploy.
const lookupTime = time.Minute

// lookup finds values: below the base of --from first, then where x-from says.
type lookup struct {
	systems []store.System
	base    *source.Base  // nil for none
	within  time.Duration // for all values together
}

// sought is one value to find.
type sought struct {
	name  string
	below bool // below the base too
	from  []secret.Reference
}

// found is what was found for it.
type found struct {
	store.Result        // its Err wraps source.ErrNotFound where no place has a value
	places       string // for messages
	absent       string // why a secret manager has no value there; "" where none was asked
	below        bool   // it is about a place below the base
}

// newLookup is for the stack file. from is --from, "" for none.
func newLookup(file stackfile.Stack, workingDir string, envFiles []string, from string) (lookup, error) {
	local, err := localTo(file, workingDir, envFiles)
	if err != nil {
		return lookup{}, err
	}
	l := lookup{systems: source.Systems(local), within: lookupTime}
	if from != "" {
		base, err := source.ParseBase(from)
		if err != nil {
			return lookup{}, fmt.Errorf("--from: %w", err)
		}
		l.base = &base
	}
	return l, nil
}

// all answers each of what, in order. A value that is nowhere is no error; all that
// is wrong is reported together, in that order.
func (l lookup) all(ctx context.Context, what []sought) ([]found, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, l.within, fmt.Errorf("%s are over", l.within))
	defer cancel()
	answers := make([]found, len(what))
	for i, one := range what {
		answers[i].Err = store.ErrNotFound
		answers[i].places = strings.Join(referenceTexts(one.from), " and ")
	}
	l.belowBase(ctx, what, answers)
	l.where(ctx, what, answers)
	var faults []error
	for i := range answers {
		if err := answers[i].Err; err != nil && !errors.Is(err, store.ErrNotFound) {
			faults = append(faults, fmt.Errorf("%s: %w", what[i].name, err))
		}
	}
	return answers, errors.Join(faults...)
}

// fill writes into want what was found.
func (f found) fill(want *swarm.Want) {
	want.Value, want.Found, want.From, want.Absent = f.Value, f.Err == nil, f.places, f.absent
	if want.Found && f.Version != "" {
		want.Source = swarm.Source{Reference: f.From.String(), Version: f.Version}
	}
}

// nowhere says why there is no value.
func (f found) nowhere() string {
	switch {
	case f.absent != "":
		return f.absent
	case f.places != "":
		return "nothing found at " + f.places
	}
	return "it has no x-from"
}

// belowBase looks below the base. What is there counts, also when it cannot be read.
func (l lookup) belowBase(ctx context.Context, what []sought, answers []found) {
	if l.base == nil {
		return
	}
	var names []string
	var at []int
	for i, one := range what {
		if one.below {
			names, at = append(names, one.name), append(at, i)
		}
	}
	for i, result := range l.base.Find(ctx, l.systems, names) {
		answer := &answers[at[i]]
		if errors.Is(result.Err, store.ErrNotFound) {
			answer.lacks(result, result.From)
			continue
		}
		answer.Result, answer.places, answer.below = result, result.From.String(), true
	}
}

// lacks notes why there is no value at ref, where people could not see it
// themselves; of several forms of a name below one base, the first one's reason.
func (f *found) lacks(result store.Result, ref secret.Reference) {
	if ref.IsManaged() || result.From.IsManaged() {
		if f.absent == "" {
			f.absent = result.Err.Error()
		}
	}
}

// where looks at the places of those that were not found yet. Values that are
// there must agree.
func (l lookup) where(ctx context.Context, what []sought, answers []found) {
	var refs []secret.Reference
	for i, one := range what {
		if errors.Is(answers[i].Err, store.ErrNotFound) {
			refs = append(refs, one.from...)
		}
	}
	results := source.Resolve(ctx, l.systems, refs)
	for i, one := range what {
		if !errors.Is(answers[i].Err, store.ErrNotFound) {
			continue
		}
		answers[i].choose(one.from, results[:len(one.from)])
		results = results[len(one.from):]
	}
}

// choose takes the value that the places have. One that could not be read is an
// error, one that has nothing is not.
func (f *found) choose(from []secret.Reference, results []store.Result) {
	at := -1
	for i, result := range results {
		switch {
		case errors.Is(result.Err, store.ErrNotFound):
			f.lacks(result, from[i])
		case result.Err != nil:
			f.Result = result
			return
		case at < 0:
			f.Result, at = result, i
		case !result.Value.Equal(f.Value):
			f.Result = store.Result{Err: fmt.Errorf("its places do not agree any more: %s and %s hold different values; make them equal, or leave one of them in x-from", from[at], from[i])}
			return
		}
	}
}
