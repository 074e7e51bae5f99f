package stackfile

import (
	"maps"
	"reflect"
	"slices"

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
	return changedKeys("", before, after, changedDepth)
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
