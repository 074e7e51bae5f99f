package document

import "go.yaml.in/yaml/v4"

// Entry returns the value of key in a mapping, through aliases; nil when there is
// none. Merges are not followed.
func Entry(node *yaml.Node, key string) *yaml.Node {
	var found *yaml.Node
	Each(node, func(name, value *yaml.Node) {
		if name.Value == key {
			found = value
		}
	})
	return found
}

// Each visits the entries of a mapping in their order, and nothing for another node.
func Each(node *yaml.Node, visit func(key, value *yaml.Node)) {
	if node = Follow(node); node == nil || node.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		visit(node.Content[i], Follow(node.Content[i+1]))
	}
}
