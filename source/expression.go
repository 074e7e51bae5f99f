package source

import (
	"regexp"
	"sync"
)

// expression is a regular expression that is compiled when it is first needed:
// docker starts its plugins often, and mostly for their names.
type expression func() *regexp.Regexp

func lazily(text string) expression {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
