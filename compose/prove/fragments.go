package prove

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// onlyUsed returns doc, which is flat, without what its fragments, x-… with an anchor, give
// to services: that is judged where it is used. What nothing uses stays.
func onlyUsed(doc *yaml.Node) *yaml.Node {
	used := map[*yaml.Node]bool{}
	var note func(node *yaml.Node)
	note = func(node *yaml.Node) {
		if node = document.Follow(node); used[node] {
			return
		}
		used[node] = true
		for _, child := range node.Content {
			note(child)
		}
	}
	document.Each(doc, func(key, value *yaml.Node) {
		if !isFragment(key, value) {
			note(value)
		}
	})
	copied := *doc
	copied.Content = nil
	document.Each(doc, func(key, value *yaml.Node) {
		if isFragment(key, value) {
			value = unused(value, used)
		}
		copied.Content = append(copied.Content, key, value)
	})
	return &copied
}

func isFragment(key, value *yaml.Node) bool {
	return strings.HasPrefix(key.Value, "x-") && value.Anchor != ""
}

// unused is node without the nodes in used. A value goes with its key.
func unused(node *yaml.Node, used map[*yaml.Node]bool) *yaml.Node {
	node = document.Follow(node)
	copied := *node
	copied.Content = nil
	if used[node] {
		return &copied
	}
	for i, child := range node.Content {
		switch value := document.Follow(child); {
		case node.Kind != yaml.MappingNode && !used[value]:
			copied.Content = append(copied.Content, unused(child, used))
		case node.Kind == yaml.MappingNode && i%2 == 1 && !used[value]:
			copied.Content = append(copied.Content, node.Content[i-1], unused(child, used))
		}
	}
	return &copied
}
