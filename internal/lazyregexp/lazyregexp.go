// Package lazyregexp compiles regular expressions when they are first needed: docker
// starts its plugins often, and mostly for their names. It knows nothing of who uses
// them.
package lazyregexp

import (
	"regexp"
	"sync"
)

// Regexp is a regular expression. The first call compiles it, and panics where it
// cannot be compiled; it may be called by several goroutines at once.
type Regexp func() *regexp.Regexp

// New is the expression that text says, not compiled yet.
func New(text string) Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
