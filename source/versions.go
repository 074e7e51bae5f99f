package source

import (
	"context"
	"slices"
	"sync"

	"github.com/docker-secrets/docker-secrets/secret"
)

// HasVersions tells whether ref's place is in a Store.
func HasVersions(ref secret.Reference) bool {
	return slices.ContainsFunc(Stores(), func(s Store) bool { return s.Scheme() == ref.Scheme })
}

// Versions answers each of refs, in order, with the version that Resolve would give
// now, and without a value. Places that no Store keeps have none: theirs is "".
func Versions(ctx context.Context, systems []System, refs []secret.Reference) []Result {
	results := make([]Result, len(refs))
	for i, ref := range refs {
		results[i].From = ref
	}
	var answers sync.WaitGroup
	for _, system := range systems {
		store, hasVersions := system.(Store)
		mine, at := of(system, refs)
		if !hasVersions || len(mine) == 0 {
			continue
		}
		answers.Go(func() {
			for i, result := range store.Versions(ctx, mine) {
				results[at[i]].Version, results[at[i]].Err = result.Version, result.Err
			}
		})
	}
	answers.Wait()
	return results
}
