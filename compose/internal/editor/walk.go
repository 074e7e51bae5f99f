package editor

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// step is a node on the way from the root, with its key. The root has none.
type step struct{ key, node *yaml.Node }

// walk returns the root and what stands at path, as far as it is there: one step more
// than path for all of it. It returns nil where the way leads through anything but
// block mappings, a key that is there twice, or a node that an alias repeats.
func (f file) walk(path []string) []step {
	if !isBlockMapping(f.root) {
		return nil
	}
	steps := []step{{node: f.root}}
	for _, key := range path {
		mapping := steps[len(steps)-1].node
		if isPlainNull(mapping) {
			break
		}
		found, ok := entries(mapping, key)
		if !ok || len(found) > 1 {
			return nil
		}
		if len(found) == 0 {
			break
		}
		steps = append(steps, found[0])
	}
	if f.repeated(steps) {
		return nil
	}
	return steps
}

// entries are those of mapping that have key. It is false for anything but a block
// mapping. Merges are not followed.
func entries(mapping *yaml.Node, key string) (found []step, ok bool) {
	if !isBlockMapping(mapping) {
		return nil, false
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if name := document.Follow(mapping.Content[i]); name.Kind == yaml.ScalarNode && name.Value == key {
			found = append(found, step{mapping.Content[i], mapping.Content[i+1]})
		}
	}
	return found, true
}

// isBlockMapping is false for a mapping with a tag of its own, which may give it
// another meaning.
func isBlockMapping(node *yaml.Node) bool {
	return node.Kind == yaml.MappingNode && node.Style&yaml.FlowStyle == 0 && node.Tag == "!!map" && len(node.Content) > 0
}

// isPlainNull tells whether nothing at all follows a key.
func isPlainNull(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.Tag == "!!null" && node.Value == "" && node.Anchor == "" && node.Style == 0
}

// repeated tells whether an alias stands for one of the steps: an edit below it would
// change another place too.
func (f file) repeated(steps []step) bool {
	return slices.ContainsFunc(nodes(f.root), func(node *yaml.Node) bool {
		return node.Kind == yaml.AliasNode && slices.ContainsFunc(steps, func(s step) bool { return s.node == node.Alias })
	})
}

// nodes are node and all below it, in their order. Aliases are not followed.
func nodes(node *yaml.Node) []*yaml.Node {
	all := []*yaml.Node{node}
	for _, child := range node.Content {
		all = append(all, nodes(child)...)
	}
	return all
}
