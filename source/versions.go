package source

import (
	"context"
	"slices"

	"github.com/docker-secrets/docker-secrets/secret"
)

// HasVersions tells whether ref's place is in a Store.
func HasVersions(ref secret.Reference) bool {
	return slices.ContainsFunc(Stores(), func(s Store) bool { return s.Scheme() == ref.Scheme })
}

// Versions answers each of refs, in order, with the version that Resolve would give
// now, and without a value. Places that no Store keeps have none: theirs is "".
func Versions(ctx context.Context, systems []System, refs []secret.Reference) []Result {
	results := ask(systems, refs, func(system System, mine []secret.Reference) []Result {
		if store, hasVersions := system.(Store); hasVersions {
			return store.Versions(ctx, mine)
		}
		return make([]Result, len(mine))
	})
	for i, ref := range refs {
		results[i] = Result{Version: results[i].Version, From: ref, Err: results[i].Err}
	}
	return results
}
