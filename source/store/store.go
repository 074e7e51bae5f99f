package store

import (
	"context"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Store is a System that keeps values under names of its own, with versions, and
// can be written to: a secret manager.
//
// One payload, what the store has under one name, may hold several values as a
// JSON object; a reference's fragment (#/key) chooses one of them.
type Store interface {
	System
	// Versions answers each of refs in order with the version that Resolve would
	// give now. Its results hold no value, and none is read where the store can
	// tell without. A store that has no versions answers "".
	Versions(ctx context.Context, refs []secret.Reference) []Result
	// List returns a reference, without fragment, to each payload whose name
	// begins as base's path does, sorted.
	List(ctx context.Context, base secret.Reference) ([]secret.Reference, error)
	// Write makes each entry's value the newest one at its reference and answers
	// in order with the version that this made. A payload that is not there is
	// created. Entries of the same payload become one version of it, whose other
	// keys stay as they are.
	Write(ctx context.Context, entries []Entry) []Result
}

// Entry is a value and the place that it is for.
type Entry struct {
	Ref   secret.Reference
	Value secret.Value
}
