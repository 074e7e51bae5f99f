package document

import "go.yaml.in/yaml/v4"

// ParseFlat parses content as Parse does, and writes out the merges: no mapping of docs
// has a "<<". Nodes of an anchor are shared by all that merge it.
func ParseFlat(shown string, content []byte) ([]*yaml.Node, error) {
	docs, err := Parse(shown, content)
	for _, doc := range docs {
		Flatten(doc)
	}
	return docs, err
}

// Flatten writes out the merges in node and below it, through aliases. An own entry of a
// mapping counts before a merged one, and of several merged ones the first. What stands
// for itself, such as a node that Parse refuses, must not be in node.
func Flatten(node *yaml.Node) { flattening{}.flatten(node) }

// flattening is the nodes that are flat.
type flattening map[*yaml.Node]bool

func (f flattening) flatten(node *yaml.Node) {
	if node = Follow(node); node == nil || f[node] {
		return
	}
	f[node] = true
	merges := false
	for i, child := range node.Content {
		f.flatten(child)
		merges = merges || node.Kind == yaml.MappingNode && i%2 == 0 && IsMerge(child)
	}
	if merges {
		node.Content = flat(node)
	}
}

// IsMerge reports whether key, of a mapping, is a merge.
func IsMerge(key *yaml.Node) bool { return key.Value == "<<" && key.Tag != "!!str" }

// flat is the entries of mapping, of which those that it merges are flat.
func flat(mapping *yaml.Node) []*yaml.Node {
	taken := map[string]bool{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if key := mapping.Content[i]; !IsMerge(key) {
			taken[key.Value] = true
		}
	}
	var entries []*yaml.Node
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		if !IsMerge(key) {
			entries = append(entries, key, value)
			continue
		}
		for _, source := range Merged(value) {
			for j := 0; j+1 < len(source.Content); j += 2 {
				if name := source.Content[j].Value; !taken[name] {
					taken[name] = true
					entries = append(entries, source.Content[j], source.Content[j+1])
				}
			}
		}
	}
	return entries
}

// Merged returns the mappings that value, of a merge, names, through aliases.
func Merged(value *yaml.Node) []*yaml.Node {
	var all []*yaml.Node
	value = Follow(value)
	switch value.Kind {
	case yaml.MappingNode:
		all = append(all, value)
	case yaml.SequenceNode:
		for _, item := range value.Content {
			all = append(all, Merged(item)...)
		}
	default:
	}
	return all
}
