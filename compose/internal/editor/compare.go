package editor

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// change is what an edit was to do, found in the document that it made.
type change struct {
	replaced [2]*yaml.Node // before and after; both nil for none
	added    []*yaml.Node  // after: the new nodes, all of them
	closing  bool          // the new nodes are the last of their mapping or list
}

// alone tells whether the documents differ in c only.
func (c change) alone(before, after *yaml.Node) bool {
	for _, node := range c.added {
		// What stood above or beside another node must stay there; the comment that
		// closes a mapping or list goes on closing it.
		if node.HeadComment != "" || node.LineComment != "" || node.FootComment != "" && !c.closing {
			return false
		}
	}
	return slices.Equal(outline(before, c.replaced[0]), outline(after, append(c.added, c.replaced[1])...))
}

// outline is a document as one line for each node and each line of a comment, in the
// order of the document, without the nodes left out. Their comments are in it: a
// comment between two nodes may pass from one to the other, and stays where it is.
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
	numbers map[*yaml.Node]int // what an alias stands for: two anchors may have one name
}

// content writes what node holds. The comment that closes an entry is its key's and
// follows its value.
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

// open writes node, and what stands above and beside it. A comment above the first
// entry of a mapping may be the entry's or the mapping's.
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
