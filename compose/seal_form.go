package compose

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// inForm writes texts as a list if the author has a list at path, else as a
// mapping. value is compose-go's form: it makes lists of mappings when it merges
// files or services.
func (s sealer) inForm(value any, texts map[string]any, path ...string) any {
	list, isList := value.([]any)
	if at := s.app.tree.locate(path...); at.found() && at.node.Kind == yaml.MappingNode {
		isList = false
	}
	if isList {
		return inOrder(list, texts)
	}
	return texts
}

// inOrder writes texts as a list in the order of list. Texts that list does not
// have follow, sorted.
func inOrder(list []any, texts map[string]any) []any {
	var keys []string
	for _, item := range list {
		key, _, _ := strings.Cut(asText(item), "=")
		if _, ok := texts[key]; ok && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	items := make([]any, len(keys))
	for i, key := range keys {
		items[i] = key
		if texts[key] != nil {
			items[i] = key + "=" + asText(texts[key])
		}
	}
	return items
}
