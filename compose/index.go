package compose

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// newIndex returns indexNode with a cache.
func newIndex() func(node *yaml.Node) keyedValues {
	known := map[*yaml.Node]keyedValues{}
	return func(node *yaml.Node) keyedValues {
		entries, ok := known[node]
		if !ok {
			entries = indexNode(node)
			known[node] = entries
		}
		return entries
	}
}

func indexNode(node *yaml.Node) keyedValues {
	entries := keyedValues{values: make(map[string]keyed, len(node.Content)/2)}
	add := func(key string, p keyed) {
		if _, ok := entries.values[key]; !ok {
			entries.keys = append(entries.keys, key)
		}
		entries.values[key] = p
	}
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i], node.Content[i+1]
			if key.Value == "<<" {
				mergeKeys(value, &entries)
				continue
			}
			add(key.Value, keyed{key: key, node: value})
		}
	case yaml.SequenceNode:
		for _, item := range node.Content {
			if item = document.Follow(item); item.Kind == yaml.ScalarNode {
				key, _, _ := strings.Cut(item.Value, "=")
				add(key, keyed{node: item})
			}
		}
	default:
	}
	return entries
}

// mergeKeys adds the entries of a "<<" that the mapping has not got yet. An own
// entry that follows overwrites them.
func mergeKeys(value *yaml.Node, into *keyedValues) {
	value = document.Follow(value)
	if value == nil {
		return
	}
	if value.Kind == yaml.SequenceNode {
		for _, item := range value.Content {
			mergeKeys(item, into)
		}
		return
	}
	merged := indexNode(value)
	for _, key := range merged.keys {
		if _, ok := into.values[key]; !ok {
			into.keys = append(into.keys, key)
			into.values[key] = merged.values[key]
		}
	}
}
