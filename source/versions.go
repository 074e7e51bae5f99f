package source

import (
	"context"
	"slices"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// HasVersions tells whether ref's place is in a Store.
func HasVersions(ref secret.Reference) bool {
	return slices.ContainsFunc(Stores(), func(s store.Store) bool { return s.Scheme() == ref.Scheme })
}

// Versions answers each of refs, in order, with the version that Resolve would give
// now, and without a value. Places that no Store keeps have none: theirs is "".
func Versions(ctx context.Context, systems []store.System, refs []secret.Reference) []store.Result {
	results := ask(systems, refs, func(system store.System, mine []secret.Reference) []store.Result {
		if store, hasVersions := system.(store.Store); hasVersions {
			return store.Versions(ctx, mine)
		}
		return make([]store.Result, len(mine))
	})
	for i, ref := range refs {
		results[i] = store.Result{Version: results[i].Version, From: ref, Err: results[i].Err}
	}
	return results
}
