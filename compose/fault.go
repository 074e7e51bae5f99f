package compose

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// compose-go walks maps, which have no order: of several faults it reports another one at
// each run. So a load that fails is repeated with less and less of the application, until
// what is left is the first entry, in alphabetical order, that fails by itself.

// narrowing repeats a load that failed.
type narrowing struct {
	whole map[string]any // what was loaded
	// fails loads only those entries of the mapping at path that are in keys, and what they
	// refer to.
	fails func(path, keys []string) error
}

// maxNarrowing is the depth at which one entry is as good as another: the key in an entry
// of a service's list or mapping.
const maxNarrowing = 4

// first returns the error of the first entry that fails by itself, and cause if none does:
// a fault that needs two entries, such as a circle.
func (n narrowing) first(cause error) error {
	if cause == nil {
		return nil
	}
	if found := n.below(nil); found != nil {
		return found
	}
	return sortedProperties(cause)
}

// below returns the error of the first entry of the mapping at path that fails by itself,
// nil if none does.
func (n narrowing) below(path []string) error {
	keys := slices.Sorted(maps.Keys(n.at(path)))
	if len(path) == 1 {
		keys = n.firstHalf(path, keys)
	}
	var unknown []error
	for _, key := range keys {
		err := n.fails(path, []string{key})
		switch {
		case err == nil || len(path) > 1 && lacks().MatchString(err.Error()):
			continue
		case slices.Contains(propertiesIn(err), key):
			unknown = append(unknown, err)
			continue
		case len(unknown) > 0:
			return joinProperties(unknown)
		}
		if below := append(slices.Clone(path), key); len(below) < maxNarrowing {
			if found := n.below(below); found != nil {
				return found
			}
		}
		return sortedProperties(err)
	}
	return joinProperties(unknown)
}

// firstHalf halves keys until one is left that fails: of thousands of services, not each
// is loaded by itself. It returns all if it cannot.
func (n narrowing) firstHalf(path, keys []string) []string {
	left := keys
	for len(left) > 1 {
		half := len(left) / 2
		switch {
		case n.fails(path, left[:half]) != nil:
			left = left[:half]
		case n.fails(path, left[half:]) != nil:
			left = left[half:]
		default:
			return nil // only together
		}
	}
	return left
}

// at returns the mapping at path, nil if there is none.
func (n narrowing) at(path []string) map[string]any {
	value := n.whole
	for _, key := range path {
		value = mapping(value[key])
	}
	return value
}

// lacks matches an error that an entry may have only because others were left out.
var lacks = lazyregexp.New(`missing propert|must be set|must declare|required|at least|has neither`) //nolint:gochecknoglobals // compiled once

// properties matches what the schema says of keys that it does not know.
var properties = lazyregexp.New(`additional properties ('.*') not allowed`) //nolint:gochecknoglobals // compiled once

// propertiesIn returns the keys that err says are not known.
func propertiesIn(err error) []string {
	found := properties().FindStringSubmatch(err.Error())
	if found == nil {
		return nil
	}
	return strings.Split(strings.Trim(found[1], "'"), "', '")
}

// sortedProperties returns err with the keys in it that are not known in order.
func sortedProperties(err error) error { return joinProperties([]error{err}) }

// joinProperties returns one error for all unknown keys of all, and nil for none. An error
// of another kind stays what it is.
func joinProperties(all []error) error {
	if len(all) == 0 {
		return nil
	}
	var keys []string
	for _, err := range all {
		keys = append(keys, propertiesIn(err)...)
	}
	if len(keys) == 0 {
		return all[0]
	}
	slices.Sort(keys)
	text := all[0].Error()
	at := properties().FindStringSubmatchIndex(text)
	return errors.New(text[:at[2]] + "'" + strings.Join(keys, "', '") + "'" + text[at[3]:])
}

// picked returns a copy of whole in which the mapping at path has no entries but keys, and
// the mappings above it none but those of path. keep names entries of the mapping at a path
// that stay as well.
func picked(whole map[string]any, path, keys []string, keep func(above []string) []string) map[string]any {
	var pick func(value map[string]any, depth int) map[string]any
	pick = func(value map[string]any, depth int) map[string]any {
		wanted := keys
		if depth < len(path) {
			wanted = path[depth : depth+1]
		}
		few := map[string]any{}
		for _, key := range slices.Concat(wanted, keep(path[:min(depth, len(path))])) {
			entry, ok := value[key]
			if !ok {
				continue
			}
			if below := mapping(entry); below != nil && depth < len(path) && key == path[depth] {
				entry = pick(below, depth+1)
			}
			few[key] = entry
		}
		return few
	}
	return pick(whole, 0)
}
