package images

import (
	"cmp"
	"fmt"
	"strings"
)

// tagRange is the column "tags": from a version on, before one, or by the tag's text.
// The zero value is all tags.
type tagRange struct {
	since, before, glob string
}

// parseTagRange reads "-", ">=1.2", "<1.2", ">=1.2,<3" or a glob such as "*-fpm*".
func parseTagRange(text string) (r tagRange) {
	for part := range strings.SplitSeq(text, ",") {
		switch {
		case part == "-" || part == "":
		case strings.HasPrefix(part, ">="):
			r.since = part[2:]
		case strings.HasPrefix(part, "<"):
			r.before = part[1:]
		default:
			r.glob = part
		}
	}
	return r
}

// holds reports whether the tag of ref is in the range. A tag without a number is the
// newest version, and none is "latest".
func (r tagRange) holds(ref reference) bool {
	switch {
	case r.since != "" && !atLeast(ref.version, parseVersion(r.since)):
		return false
	case r.before != "" && atLeast(ref.version, parseVersion(r.before)):
		return false
	}
	return r.glob == "" || GlobMatch(r.glob, cmp.Or(ref.tag, "latest"))
}

// check finds a range that no version can be in.
func (r tagRange) check() error {
	for _, version := range []string{r.since, r.before} {
		if version != "" && parseVersion(version) == nil {
			return fmt.Errorf("tags: %q is not a version", version)
		}
	}
	return nil
}
