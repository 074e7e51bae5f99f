// Package lazyregexp compiles regular expressions when they are first used, because docker
// starts its plugins often, and mostly to ask for their names. It does not know what the
// expressions are for.
package lazyregexp

import (
	"regexp"
	"sync"
)

// Regexp returns a regular expression. The first call compiles it, and panics if that
// fails. Goroutines may call it at the same time.
type Regexp func() *regexp.Regexp

// New returns the expression text, which is not compiled yet.
func New(text string) Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
