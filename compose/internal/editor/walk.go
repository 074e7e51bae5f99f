package editor

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// step is a node on the way from the root, with its key. The root's key is nil.
type step struct{ key, node *yaml.Node }

// walk returns the nodes from the root to path, as far as they exist: all of them are
// one more than path has keys. It returns nil if one on the way is not a block mapping,
// if a key occurs twice, or if an alias repeats one of the nodes.
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

// entries returns the entries of mapping that have this key. ok is false if mapping is
// not a block mapping. Merges are not followed.
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

// isBlockMapping is false for a mapping with another tag, such as !override, which may
// change its meaning.
func isBlockMapping(node *yaml.Node) bool {
	return node.Kind == yaml.MappingNode && node.Style&yaml.FlowStyle == 0 && node.Tag == "!!map" && len(node.Content) > 0
}

// isPlainNull reports whether the value of a key is empty: no text, anchor or tag.
func isPlainNull(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.Tag == "!!null" && node.Value == "" && node.Anchor == "" && node.Style == 0
}

// repeated reports whether an alias refers to one of the steps: an edit below it would
// change another place too.
func (f file) repeated(steps []step) bool {
	return slices.ContainsFunc(nodes(f.root), func(node *yaml.Node) bool {
		return node.Kind == yaml.AliasNode && slices.ContainsFunc(steps, func(s step) bool { return s.node == node.Alias })
	})
}

// nodes returns node and all below it, in the order of the document. Aliases are not followed.
func nodes(node *yaml.Node) []*yaml.Node {
	all := []*yaml.Node{node}
	for _, child := range node.Content {
		all = append(all, nodes(child)...)
	}
	return all
}
