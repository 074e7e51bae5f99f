package editor

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Add returns content, the bytes of one YAML document, with items at the end of the
// list at path, in block form or in brackets. Missing keys of path are added: at the end
// of the document, or at the top of the mapping that exists. It does not change content
// itself. It fails if no such edit changes this list only.
func Add(content []byte, path, items []string) ([]byte, error) {
	f, err := read(content)
	if err != nil {
		return nil, err
	}
	steps := f.walk(path)
	ok := false
	switch {
	case len(steps) == 0 || len(items) == 0:
	case len(steps) == len(path)+1:
		content, ok = f.addItems(steps[len(path)].node, path, items)
	default:
		content, ok = f.addList(steps, path, items)
	}
	if !ok {
		return nil, fmt.Errorf("%s: cannot be added to in this form", strings.Join(path, "."))
	}
	return content, nil
}

// addItems returns the content with items at the end of list, the node at path.
func (f file) addItems(list *yaml.Node, path, items []string) ([]byte, bool) {
	if list.Kind != yaml.SequenceNode || list.Tag != "!!seq" {
		return nil, false
	}
	return f.first(f.itemWays(list, items), func(after file) (change, bool) {
		steps := after.walk(path)
		if len(steps) != len(path)+1 {
			return change{}, false
		}
		added, ok := itemsAfter(steps[len(path)].node, len(list.Content), items)
		return change{added: added, closing: true}, ok
	})
}

// itemWays returns the one way to add items to list, or none: in new lines after its
// last item, or after it between the brackets.
func (f file) itemWays(list *yaml.Node, items []string) [][]byte {
	last, text := list, scalars(items)
	if n := len(list.Content); n > 0 {
		last, text = list.Content[n-1], ", "+text
	}
	if list.Style&yaml.FlowStyle == 0 {
		return [][]byte{f.insert(last.Line, itemLines(list.Column-1, items))}
	}
	_, end, ok := f.token(last)
	if !ok {
		return nil
	}
	return [][]byte{f.replace(end, end, text)}
}

// itemsAfter returns the items of list after the first n. ok is false if they are not
// wanted.
func itemsAfter(list *yaml.Node, n int, wanted []string) ([]*yaml.Node, bool) {
	if list.Kind != yaml.SequenceNode || len(list.Content) < n {
		return nil, false
	}
	items := list.Content[n:]
	return items, slices.EqualFunc(items, wanted, func(item *yaml.Node, text string) bool {
		return isText(item, text) && item.Anchor == ""
	})
}

// addList returns the content with a new list at path, of which steps exist.
func (f file) addList(steps []step, path, items []string) ([]byte, bool) {
	n := len(steps) - 1
	parent, isNull := steps[n], isPlainNull(steps[n].node)
	if !isNull && (!isBlockMapping(parent.node) || hasMerge(parent.node)) {
		return nil, false
	}
	return f.first(f.listWays(parent, path[n:], items), func(after file) (change, bool) {
		steps := after.walk(path)
		if len(steps) != len(path)+1 {
			return change{}, false
		}
		list, made := steps[len(path)].node, steps[n+1]
		c := change{added: append(nodes(made.key), nodes(made.node)...), closing: isLast(steps[n].node, made.node)}
		if isNull {
			c.replaced = [2]*yaml.Node{parent.node, steps[n].node}
		}
		_, ok := itemsAfter(list, 0, items)
		// Each new step is one key and one value.
		return c, ok && len(c.added) == 2*(len(path)-n)+len(items) && (!isNull || len(steps[n].node.Content) == 2)
	})
}

// hasMerge reports whether mapping has entries of another one, which a new entry could
// hide.
func hasMerge(mapping *yaml.Node) bool {
	merges, _ := entries(mapping, "<<")
	return len(merges) > 0
}

// listWays returns the ways to add a list at path, relative to parent, the best first.
func (f file) listWays(parent step, path, items []string) [][]byte {
	if parent.key == nil {
		// The empty line in between would become part of a text that keeps such lines.
		text := List(indent(parent.node), path, items)
		return [][]byte{f.insert(len(f.starts), "\n"+text), f.insert(len(f.starts), text)}
	}
	lines := []int{parent.key.Line}
	blanks := parent.key.Column + 1
	if !isPlainNull(parent.node) {
		blanks = indent(parent.node)
		lines = append(lines, linesOf(parent.node)...)
	}
	text := List(blanks, path, items)
	ways := make([][]byte, len(lines))
	for i, n := range lines {
		ways[i] = f.insert(n, text)
	}
	return ways
}
