package compose

import "go.yaml.in/yaml/v4"

func entryOf(node *yaml.Node, key string) *yaml.Node {
	var found *yaml.Node
	eachEntry(node, func(name, value *yaml.Node) {
		if name.Value == key {
			found = value
		}
	})
	return found
}

func eachEntry(node *yaml.Node, visit func(key, value *yaml.Node)) {
	if node = follow(node); node == nil || node.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		visit(node.Content[i], follow(node.Content[i+1]))
	}
}
