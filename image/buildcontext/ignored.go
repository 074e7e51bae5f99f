package buildcontext

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// ignored is what an ignore file keeps out of the context. Nil keeps out nothing.
type ignored struct {
	name    string // of the ignore file
	matcher *patternmatcher.PatternMatcher
}

// readIgnored reads DOCKERFILE.dockerignore, or .dockerignore where there is none.
func readIgnored(context fs.FS, dockerfile string) (*ignored, error) {
	for _, name := range []string{cmp.Or(dockerfile, "Dockerfile") + ".dockerignore", ".dockerignore"} {
		if !fs.ValidPath(name) {
			continue
		}
		content, err := fs.ReadFile(context, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		patterns, err := ignorefile.ReadAll(bytes.NewReader(content))
		if err != nil {
			return nil, fmt.Errorf("%s: it cannot be read", name)
		}
		matcher, err := patternmatcher.New(patterns)
		if err != nil {
			return nil, badPattern(name)
		}
		return &ignored{name, matcher}, nil
	}
	return nil, nil
}

func badPattern(name string) error {
	return fmt.Errorf("%s: it has an invalid pattern", name)
}

// matches tells whether name, with '/', or a folder above it is kept out. After an error
// it must not be called again: some patterns are only compiled, and found to be wrong,
// when they are needed, and the matcher does not remember that.
func (i *ignored) matches(name string) (bool, error) {
	if i == nil {
		return false, nil
	}
	matched, err := i.matcher.MatchesOrParentMatches(name)
	if err != nil {
		return false, badPattern(i.name)
	}
	return matched, nil
}

// exceptions tells whether something in a folder that is kept out may be let in.
func (i *ignored) exceptions() bool { return i != nil && i.matcher.Exclusions() }
