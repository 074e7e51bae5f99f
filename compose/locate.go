package compose

import (
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v4"
)

// locate finds where the value at path stands, the last file that set it first:
// a file's own text, then what its service extends, then what the file includes.
// In a list of KEY=VALUE the last element of path is a KEY.
func (t *tree) locate(path ...string) place {
	return t.locateIn(t.branches, path, 0)
}

const maxExtends = 50 // compose-go reports a circle; this only ends the search

func (t *tree) locateIn(branches []*branch, path []string, depth int) place {
	if depth > maxExtends {
		return place{}
	}
	for i := len(branches) - 1; i >= 0; i-- {
		b := branches[i]
		for d := len(b.docs) - 1; d >= 0; d-- {
			if p := t.descend(b, b.docs[d], path); p.found() {
				return p
			}
			if p := t.inBase(b, b.docs[d], path, depth); p.found() {
				return p
			}
		}
		if p := t.locateIn(b.includes, path, depth+1); p.found() {
			return p
		}
	}
	return place{}
}

// inBase follows the extends of the service that path begins with.
func (t *tree) inBase(b *branch, doc *yaml.Node, path []string, depth int) place {
	if len(path) < 2 || path[0] != "services" {
		return place{}
	}
	extends := t.descend(b, doc, []string{"services", path[1], "extends"})
	if !extends.found() {
		return place{}
	}
	service, file := extends.node.Value, ""
	if extends.node.Kind == yaml.MappingNode {
		service = t.child(b, extends.node, "service").text()
		file = t.child(b, extends.node, "file").text()
	}
	base := append([]string{"services", service}, path[2:]...)
	if file == "" {
		return t.locateIn([]*branch{b}, base, depth+1)
	}
	if from := t.base(b, file); from != nil {
		return t.locateIn([]*branch{from}, base, depth+1)
	}
	return place{}
}

// base parses the file that an extends in b names, once.
func (t *tree) base(b *branch, file string) *branch {
	parts, err := parseTemplate(file)
	if err != nil {
		return nil
	}
	if file, err = expand(parts, b.env.Lookup, nil); err != nil {
		return nil
	}
	path := inFolder(b.dir, file)
	if known, ok := t.bases[path]; ok {
		return known
	}
	t.bases[path] = nil
	content, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	docs, err := parseDocuments(t.show(path), content)
	if err != nil {
		return nil
	}
	t.bases[path] = &branch{path: path, dir: filepath.Dir(path), docs: docs, env: b.env, envFiles: b.envFiles}
	return t.bases[path]
}

func (t *tree) descend(b *branch, node *yaml.Node, path []string) place {
	p := place{branch: b, node: node}
	for _, key := range path {
		if p = t.child(b, p.node, key); !p.found() {
			return place{}
		}
	}
	p.path = path
	return p
}

// child finds key in a mapping, its merges included, or in a list of KEY=VALUE,
// where the node is the whole item.
func (t *tree) child(b *branch, node *yaml.Node, key string) place {
	node = follow(node)
	if node == nil {
		return place{}
	}
	entries, ok := t.index[node]
	if !ok {
		entries = indexNode(node)
		t.index[node] = entries
	}
	p, ok := entries.values[key]
	if !ok {
		return place{}
	}
	p.branch = b
	p.node = follow(p.node)
	return p
}

func indexNode(node *yaml.Node) keyedValues {
	entries := keyedValues{values: map[string]place{}}
	add := func(key string, p place) {
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
			add(key.Value, place{key: key, node: value})
		}
	case yaml.SequenceNode:
		for _, item := range node.Content {
			if item = follow(item); item.Kind == yaml.ScalarNode {
				key, _, _ := strings.Cut(item.Value, "=")
				add(key, place{node: item})
			}
		}
	}
	return entries
}

// mergeKeys adds the entries of a "<<" that are not there by name already, or
// will be: an own entry overwrites them when it comes.
func mergeKeys(value *yaml.Node, into *keyedValues) {
	value = follow(value)
	if value == nil {
		return
	}
	if value.Kind == yaml.SequenceNode {
		for _, one := range value.Content {
			mergeKeys(one, into)
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

// keys of the mapping at p, in the order written.
func (t *tree) keys(p place) []string {
	node := follow(p.node)
	if node == nil {
		return nil
	}
	if _, ok := t.index[node]; !ok {
		t.index[node] = indexNode(node)
	}
	return t.index[node].keys
}

// follow goes through aliases.
func follow(node *yaml.Node) *yaml.Node {
	for node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

func sequence(node *yaml.Node) []*yaml.Node {
	if node = follow(node); node == nil || node.Kind != yaml.SequenceNode {
		return nil
	}
	return node.Content
}

// text is the scalar at p, or "".
func (p place) text() string {
	if p.node == nil || p.node.Kind != yaml.ScalarNode {
		return ""
	}
	return p.node.Value
}

// line is where p begins, 1-based, 0 for nowhere.
func (p place) line() int {
	switch {
	case p.key != nil:
		return p.key.Line
	case p.node != nil:
		return p.node.Line
	}
	return 0
}

// firstUse is the first scalar below node that interpolates name, nil for none.
func firstUse(node *yaml.Node, name string) *yaml.Node {
	if node.Kind == yaml.ScalarNode {
		if parts, err := parseTemplate(node.Value); err == nil && contains(names(parts, nil), name) {
			return node
		}
		return nil
	}
	for _, child := range node.Content {
		if found := firstUse(child, name); found != nil {
			return found
		}
	}
	return nil
}
