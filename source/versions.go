package source

import (
	"context"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// HasVersions reports whether ref names a place in a secret manager that keeps versions.
func HasVersions(ref secret.Reference) bool {
	_, found := storeOf(ref.Scheme)
	return found
}

// Versions returns, for each of refs in order, the version that Resolve would return now,
// without the value. The version is "" for places that are not in a Store.
func Versions(ctx context.Context, systems []store.System, refs []secret.Reference) []store.Result {
	results := askAll(systems, refs, func(system store.System, refs []secret.Reference) []store.Result {
		if s, hasVersions := system.(store.Store); hasVersions {
			return s.Versions(ctx, refs)
		}
		return make([]store.Result, len(refs))
	})
	for i, ref := range refs {
		results[i] = store.Result{Version: results[i].Version, From: ref, Err: results[i].Err}
	}
	return results
}
