package editor

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Set returns content, the bytes of one YAML document, with text as the value of key
// in the block mapping at path; an empty path is the root. It replaces a value that is a
// scalar or an alias, and adds a line where the key is missing. It does not change
// content itself. It fails if no such edit changes this node only.
func Set(content []byte, path []string, key, text string) ([]byte, error) {
	f, err := read(content)
	if err != nil {
		return nil, err
	}
	whole := slices.Concat(path, []string{key})
	steps := f.walk(whole)
	form := "added"
	switch {
	case len(steps) == len(path)+2:
		form = "edited"
		old := steps[len(steps)-1].node
		if isText(old, text) {
			return content, nil
		}
		if edited, ok := f.setValue(old, whole, text); ok {
			return edited, nil
		}
	case len(steps) == len(path)+1 && isBlockMapping(steps[len(steps)-1].node):
		if edited, ok := f.addEntry(steps[len(steps)-1].node, whole, text); ok {
			return edited, nil
		}
	}
	return nil, fmt.Errorf("%s: cannot be %s in this form", key, form)
}

// isText reports whether node is a scalar that reads as text.
func isText(node *yaml.Node, text string) bool {
	return node.Kind == yaml.ScalarNode && node.Tag == "!!str" && node.Value == text
}

// setValue returns the content with text in the place of old, the node at path. ok is
// false if that changes anything else.
func (f file) setValue(old *yaml.Node, path []string, text string) ([]byte, bool) {
	start, end, ok := f.token(old)
	if !ok || old.Kind != yaml.ScalarNode && old.Kind != yaml.AliasNode {
		return nil, false
	}
	written := Scalar(text)
	if start == end { // nothing follows the key or the anchor, not even a blank
		written = " " + written
	}
	return f.first([][]byte{f.replace(start, end, written)}, func(after file) (change, bool) {
		steps := after.walk(path)
		if len(steps) != len(path)+1 {
			return change{}, false
		}
		now := steps[len(path)].node
		return change{replaced: [2]*yaml.Node{old, now}}, isText(now, text) && now.Anchor == old.Anchor
	})
}

// addEntry returns the content with a new entry in mapping. path is that of the entry.
// ok is false if each way changes anything else.
func (f file) addEntry(mapping *yaml.Node, path []string, text string) ([]byte, bool) {
	key := path[len(path)-1]
	line := strings.Repeat(" ", indent(mapping)) + Scalar(key) + ": " + Scalar(text) + "\n"
	var ways [][]byte
	for _, n := range linesOf(mapping) {
		ways = append(ways, f.insert(n, line))
	}
	return f.first(ways, func(after file) (change, bool) {
		steps := after.walk(path)
		if len(steps) != len(path)+1 {
			return change{}, false
		}
		last := steps[len(path)]
		added := change{added: []*yaml.Node{last.key, last.node}, closing: isLast(steps[len(path)-1].node, last.node)}
		return added, isText(last.node, text) && last.node.Anchor == ""
	})
}

// first returns the first of ways, each the bytes of a file, that differs from f only in
// the change that wanted finds in it. ok is false if there is none. wanted returns false
// for a file in which the edit had another effect.
func (f file) first(ways [][]byte, wanted func(after file) (change, bool)) ([]byte, bool) {
	for _, edited := range ways {
		after, err := read(edited)
		if err != nil {
			continue
		}
		if c, ok := wanted(after); ok && c.alone(f.root, after.root) {
			return edited, true
		}
	}
	return nil, false
}
