package editor

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// change is what an edit was meant to do, as nodes of the documents before and after.
type change struct {
	replaced [2]*yaml.Node // before and after; both nil for none
	added    []*yaml.Node  // after: the new nodes, all of them
	closing  bool          // the new nodes are the last of their mapping or list
}

// alone reports whether c is all that differs between the documents.
func (c change) alone(before, after *yaml.Node) bool {
	for _, node := range c.added {
		// A new node must not take the comment of another one. Only the comment at the
		// end of a mapping or list may become that of its new last node.
		if node.HeadComment != "" || node.LineComment != "" || node.FootComment != "" && !c.closing {
			return false
		}
	}
	return slices.Equal(outline(before, c.replaced[0]), outline(after, append(c.added, c.replaced[1])...))
}

// outline returns one line for each node and for each line of a comment, in the order
// of the document. It omits the nodes of leftOut and keeps their comments: a comment
// between two nodes may belong to the one or to the other, and its place is the same.
func outline(root *yaml.Node, leftOut ...*yaml.Node) []string {
	o := outliner{leftOut: map[*yaml.Node]bool{}, numbers: map[*yaml.Node]int{}}
	for _, node := range leftOut {
		o.leftOut[node] = true
	}
	o.open(root, 0)
	o.content(root, 1)
	o.comment(root.FootComment)
	return o.lines
}

type outliner struct {
	lines   []string
	leftOut map[*yaml.Node]bool
	numbers map[*yaml.Node]int // tells anchors of the same name apart
}

// content writes the children of node. The comment at the end of an entry belongs to
// the key and comes after the value.
func (o *outliner) content(node *yaml.Node, depth int) {
	inMapping := node.Kind == yaml.MappingNode
	for i, child := range node.Content {
		o.open(child, depth)
		o.content(child, depth+1)
		if inMapping && i%2 == 0 {
			continue
		}
		o.comment(child.FootComment)
		if inMapping {
			o.comment(node.Content[i-1].FootComment)
		}
	}
}

// open writes node with the comments above and beside it. The parser gives a comment
// above the first entry of a mapping to the entry or to the mapping.
func (o *outliner) open(node *yaml.Node, depth int) {
	isText := node.Kind == yaml.ScalarNode || node.Kind == yaml.AliasNode
	if isText {
		o.comment(node.HeadComment)
	}
	if !o.leftOut[node] {
		o.numbers[node] = len(o.numbers)
		o.lines = append(o.lines, fmt.Sprintf("%d %d %d %q %q %q %d",
			depth, node.Kind, node.Style, node.Tag, node.Anchor, node.Value, o.numbers[node.Alias]))
	}
	if !isText {
		o.comment(node.HeadComment)
	}
	o.comment(node.LineComment)
}

func (o *outliner) comment(text string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			o.lines = append(o.lines, line)
		}
	}
}
