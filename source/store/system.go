package store

import (
	"context"
	"errors"

	"github.com/docker-secrets/docker-secrets/secret"
)

// ErrNotFound is a place that is not there, or holds nothing. Everything else
// that goes wrong is not it: a file that cannot be read is no missing value.
var ErrNotFound = errors.New("not found")

// System resolves the references of one scheme, many at once.
type System interface {
	// Scheme is what the references begin with.
	Scheme() string
	// Resolve answers each of refs in order. An error belongs to one reference
	// and says what to do; it wraps ErrNotFound where the value is not there.
	Resolve(ctx context.Context, refs []secret.Reference) []Result
}

// Result is the answer to one reference.
type Result struct {
	Value   secret.Value
	Version string           // the store's own word for the version of Value; "" where it has none
	From    secret.Reference // whose value it is, set by Resolve: the reference, or the one that stood there
	Err     error
}
