package store

import (
	"context"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Store is a secret manager: a System that keeps versions of payloads under names, and
// that can be written to. A reference's fragment (#/key) selects one key of a payload
// that is a JSON object.
type Store interface {
	System
	// Separators returns those of the characters / . _ - that the store accepts in
	// names. source.Base replaces the others.
	Separators() string
	// Versions returns, for each of refs in order, the version that Resolve would
	// return now. The results hold no value, and the store reads none if it can tell
	// the version without. The version is "" in a store that keeps none.
	Versions(ctx context.Context, refs []secret.Reference) []Result
	// List returns a reference to each payload whose name begins with base's path,
	// without a fragment, sorted. The error begins with base.
	List(ctx context.Context, base secret.Reference) ([]secret.Reference, error)
	// Write makes each entry's value the newest at its reference and returns, in the
	// order of entries, the versions that this made. It creates payloads that do not
	// exist. Entries of the same payload become one version; its other keys do not
	// change. If keys have their values already, Write makes no version of the payload
	// and returns the one that it has.
	Write(ctx context.Context, entries []Entry) []Result
}

// Entry is a value and the reference under which Write stores it.
type Entry struct {
	Ref   secret.Reference
	Value secret.Value
}
