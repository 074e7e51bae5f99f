package store

import (
	"context"
	"errors"

	"github.com/docker-secrets/docker-secrets/secret"
)

// ErrNotFound means that the place of a reference does not exist, or holds no value.
// No other failure wraps it: a file that exists and cannot be read is not "not found".
var ErrNotFound = errors.New("not found")

// System resolves the references of one scheme, many at once.
type System interface {
	// Scheme returns what the references begin with, without "://".
	Scheme() string
	// Resolve returns one result for each of refs, in their order. An error belongs
	// to one reference and begins with it; it wraps ErrNotFound if there is no value.
	Resolve(ctx context.Context, refs []secret.Reference) []Result
}

// Result is the answer to one reference.
type Result struct {
	Value   secret.Value
	Version string           // the version of Value as the store calls it; "" if it has no versions
	From    secret.Reference // set by source.Resolve: the reference, or the one that its variable contains
	Reads   []string         // files of this machine that the value depends on, besides those that the reference names
	Files   []string         // the files of this machine on which alone Value depends, in order; nil if it may depend on more
	Err     error
}

// Failed returns n results with the same error.
func Failed(n int, err error) []Result {
	results := make([]Result, n)
	for i := range results {
		results[i].Err = err
	}
	return results
}
