package stackfile

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// changedDepth is how many keys a path of ChangedKeys has at most: services.web.image,
// and one below a mapping of the service.
const changedDepth = 4

// ChangedKeys returns the paths of the keys that old and now, two stack files, have
// different values for, sorted. Comments and the order of keys make no difference. It is
// empty when one of them cannot be read.
func ChangedKeys(old, now []byte) []string {
	var before, after map[string]any
	if yaml.Unmarshal(old, &before) != nil || yaml.Unmarshal(now, &after) != nil {
		return nil
	}
	for _, content := range []map[string]any{before, after} {
		maps.DeleteFunc(content, func(key string, _ any) bool { return isFragmentKey(key) })
	}
	return changedKeys("", before, after, changedDepth)
}

// isFragmentKey reports whether key, of the top level, may be that of a fragment: what is
// in it counts where it is used.
func isFragmentKey(key string) bool {
	return strings.HasPrefix(key, "x-") && !slices.Contains(topOrder, key) && !slices.Contains(reservedKeys, key)
}

func changedKeys(path string, before, after map[string]any, depth int) []string {
	keys := maps.Clone(before)
	if keys == nil {
		keys = map[string]any{}
	}
	maps.Copy(keys, after)
	var changed []string
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if reflect.DeepEqual(before[key], after[key]) {
			continue
		}
		below := key
		if path != "" {
			below = path + "." + key
		}
		one, isMap := before[key].(map[string]any)
		other, isMapToo := after[key].(map[string]any)
		if isMap && isMapToo && depth > 1 {
			changed = append(changed, changedKeys(below, one, other, depth-1)...)
			continue
		}
		changed = append(changed, below)
	}
	return changed
}
