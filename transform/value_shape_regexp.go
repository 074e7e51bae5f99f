package transform

import (
	"regexp"
	"sync"
)

// lazyRegexp is a regular expression that is compiled when it is first needed:
// docker starts its plugins often, and mostly for their names.
type lazyRegexp func() *regexp.Regexp

func lazily(expression string) lazyRegexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
