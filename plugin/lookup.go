package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// lookupTime is how long all values together may take to be found for a deploy. A
// manager that does not answer must not use up the time of the deploy.
const lookupTime = time.Minute

// finder finds values: below the base of --from first, then where x-from says.
type finder struct {
	systems []store.System
	judge   *source.Judge // of x-from; nil for references that a person gave
	base    *source.Base  // nil without --from
	within  time.Duration // for all values together
}

// lookup is one value to find.
type lookup struct {
	name  string
	below bool // below the base too
	from  []secret.Reference
	names []string // besides name: what a variable with the value may be called
	given bool     // a person gave from, so that nobody has to judge it
}

// answer is what a finder found for one lookup.
type answer struct {
	store.Result          // its Err wraps store.ErrNotFound where no place has a value
	places       string   // for messages: where the value was found, or else all places
	marks        []string // the keys of what a person allowed about the source, sorted
	absent       string   // why a secret manager has no value there; "" if no manager was asked
	below        bool     // it is about a place below the base
}

// newFinder makes the finder for file, which is the zero Stack if no file is at hand.
// from is the value of --from; "" means no base.
func newFinder(file stackfile.Stack, workingDir string, envFiles []string, from string) (finder, error) {
	local, err := localTo(file, workingDir, envFiles)
	if err != nil {
		return finder{}, err
	}
	f := finder{systems: source.Systems(local), within: lookupTime}
	if from != "" {
		base, err := source.ParseBase(from)
		if err != nil {
			return finder{}, fmt.Errorf("--from: %w", err)
		}
		f.base = &base
	}
	return f, nil
}

// all returns the answer to each of lookups, in order. A value that is nowhere is no
// error, nor is a source that nobody allowed. All errors are reported together, in that
// order, and once what several have in common.
func (f finder) all(ctx context.Context, lookups []lookup) ([]answer, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, f.within, fmt.Errorf("timed out after %s", f.within))
	defer cancel()
	answers := make([]answer, len(lookups))
	for i, lookup := range lookups {
		answers[i].Err = store.ErrNotFound
		answers[i].places = strings.Join(referenceTexts(lookup.from), " and ")
	}
	f.belowBase(ctx, lookups, answers)
	f.where(ctx, lookups, answers)
	var faults lookupFaults
	for i := range answers {
		learn(ctx, answers[i].Value)
		if answers[i].failed() {
			faults.add(lookups[i].name, answers[i].Err)
		}
	}
	return answers, faults.join()
}

// failed reports whether the value could not be read where it is.
func (a answer) failed() bool {
	return a.Err != nil && !errors.Is(a.Err, store.ErrNotFound) && a.held() == nil
}

// held returns the error for a source that nobody allowed, nil if it is not that.
func (a answer) held() *source.HeldError {
	held, _ := errors.AsType[*source.HeldError](a.Err)
	return held
}

// want returns want with the value that was found, or the reason why it was not.
func (a answer) want(want swarm.Want) swarm.Want {
	want.Value, want.Found, want.From, want.Absent = a.Value, a.Err == nil, a.places, a.absent
	want.Allowed = a.marks
	if held := a.held(); held != nil {
		want.Held, want.From = held.Reason(), held.Ref.String()
	}
	if want.Found && a.Version != "" {
		want.Source = swarm.Source{Reference: a.From.String(), Version: a.Version}
	}
	return want
}

// nowhere returns why there is no value.
func (a answer) nowhere() string {
	switch {
	case a.absent != "":
		return a.absent
	case a.places != "":
		return "nothing found at " + a.places
	}
	return "it has no x-from"
}

// belowBase looks below the base. What is there counts, also when it cannot be read.
func (f finder) belowBase(ctx context.Context, lookups []lookup, answers []answer) {
	if f.base == nil {
		return
	}
	var names []string
	var at []int
	for i, lookup := range lookups {
		if lookup.below {
			names, at = append(names, lookup.name), append(at, i)
		}
	}
	for i, result := range f.base.Find(ctx, f.systems, names) {
		answer := &answers[at[i]]
		if errors.Is(result.Err, store.ErrNotFound) {
			answer.lacks(result, result.From)
			continue
		}
		answer.Result, answer.places, answer.below = result, result.From.String(), true
	}
}

// lacks notes why there is no value at ref, if people could not see it themselves. Of
// several forms of a name below one base it notes the first one's reason.
func (a *answer) lacks(result store.Result, ref secret.Reference) {
	if ref.IsManaged() || result.From.IsManaged() || compose.IsUnset(result.Err) {
		if a.absent == "" {
			a.absent = result.Err.Error()
		}
	}
}

// where looks at the places of those that were not found yet. Values that are
// there must agree.
func (f finder) where(ctx context.Context, lookups []lookup, answers []answer) {
	var asks []source.Ask
	for i, lookup := range lookups {
		if !errors.Is(answers[i].Err, store.ErrNotFound) {
			continue
		}
		judge := f.judge
		if lookup.given {
			judge = nil
		}
		for _, ref := range lookup.from {
			asks = append(asks, source.Ask{Ref: ref, Names: append(slices.Clip(lookup.names), lookup.name), Judge: judge})
		}
	}
	results := source.Answers(ctx, f.systems, asks)
	for i, lookup := range lookups {
		if !errors.Is(answers[i].Err, store.ErrNotFound) {
			continue
		}
		answers[i].choose(lookup.from, results[:len(lookup.from)])
		results = results[len(lookup.from):]
	}
}

// choose takes the value on which the places agree. A place that could not be read is an
// error, a place without a value is not. A source that nobody allowed is one too, since it
// may hold another value.
func (a *answer) choose(from []secret.Reference, results []source.Answer) {
	at := -1
	var found, files []string
	covered := true
	for i, result := range results {
		switch {
		case errors.Is(result.Err, store.ErrNotFound):
			a.lacks(result.Result, from[i])
			continue
		case result.Err != nil:
			a.Result = result.Result
			return
		case at < 0:
			a.Result, at = result.Result, i
			files = result.Files
		case !result.Value.Equal(a.Value):
			a.Result = store.Result{Err: fmt.Errorf("its sources no longer agree: %s and %s have different values; make them equal, or keep one in x-from", from[at], from[i])}
			return
		}
		found = append(found, result.From.String())
		covered = covered && result.Files != nil
		if i != at {
			files = append(slices.Clip(files), result.Files...)
		}
		for _, mark := range result.Marks {
			a.marks = append(a.marks, mark.Key)
		}
	}
	if at >= 0 {
		a.places = strings.Join(found, " and ")
		a.Files = nil
		if covered {
			a.Files = files
		}
	}
	slices.Sort(a.marks)
	a.marks = slices.Compact(a.marks)
}
