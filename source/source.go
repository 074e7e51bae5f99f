// Package source knows where the values of secrets come from: the environment,
// env files, places in a compose file, whole files, and secret managers. Each system
// is one small file behind one interface; a reference names a place in it.
//
// It does not know stack files, which secret a value belongs to, or the Engine.
// Values stay in memory, in secret.Value; no error quotes one.
package source

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Resolve answers each of refs, in order, by the systems that know their schemes,
// all systems at the same time. A scheme that none knows is an error of its
// reference, and so is a place that holds nothing. Where a variable's value is
// itself a reference to a secret manager, the answer is what that one names.
func Resolve(ctx context.Context, systems []store.System, refs []secret.Reference) []store.Result {
	results := resolve(ctx, systems, refs)
	var behind []secret.Reference
	var at []int
	for i, result := range results {
		ref, managed := secret.Managed(result.Value.Reveal())
		if result.Err == nil && managed && isVariable(refs[i]) {
			behind, at = append(behind, ref), append(at, i)
		}
	}
	for i, result := range resolve(ctx, systems, behind) {
		if result.Err != nil {
			result.Err = fmt.Errorf("%s: %w", refs[at[i]], result.Err)
		}
		results[at[i]] = result
	}
	return results
}

// isVariable tells whether a variable stands at ref: there people may write a
// reference in the place of a value.
func isVariable(ref secret.Reference) bool {
	return ref.Scheme == "env" || ref.Scheme == "dotenv" || ref.Scheme == "compose"
}

func resolve(ctx context.Context, systems []store.System, refs []secret.Reference) []store.Result {
	known := map[string]bool{}
	for _, system := range systems {
		known[system.Scheme()] = true
	}
	results := ask(systems, refs, func(system store.System, mine []secret.Reference) []store.Result { return system.Resolve(ctx, mine) })
	for i, ref := range refs {
		results[i].From = ref
		switch {
		case !known[ref.Scheme]:
			results[i].Err = fmt.Errorf("%s: this docker secrets knows no %s://; it knows %s", ref, ref.Scheme, schemes(known))
		case results[i].Err == nil && results[i].Value.Empty():
			results[i].Err = fmt.Errorf("%s: empty: %w", ref, store.ErrNotFound)
		}
	}
	return results
}

// ask has answer give what each system says of its own references, all systems at
// the same time. The results are in the order of refs; those of no system are zero.
func ask(systems []store.System, refs []secret.Reference, answer func(system store.System, mine []secret.Reference) []store.Result) []store.Result {
	results := make([]store.Result, len(refs))
	var answers sync.WaitGroup
	for _, system := range systems {
		mine, at := of(system, refs)
		if len(mine) == 0 {
			continue
		}
		answers.Go(func() {
			for i, result := range answer(system, mine) {
				results[at[i]] = result
			}
		})
	}
	answers.Wait()
	return results
}

// of is those of refs that system knows, and where they stand in refs.
func of(system store.System, refs []secret.Reference) (mine []secret.Reference, at []int) {
	for i, ref := range refs {
		if ref.Scheme == system.Scheme() {
			mine, at = append(mine, ref), append(at, i)
		}
	}
	return mine, at
}

func schemes(known map[string]bool) string {
	var names []string
	for name := range known {
		names = append(names, name+"://")
	}
	slices.Sort(names)
	return fmt.Sprint(names)
}
