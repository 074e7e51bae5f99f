package undo

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

func scalar(text string) *yaml.Node {
	node := &yaml.Node{}
	node.SetString(text)
	return node
}

// plain is the text of a scalar as it is written, "" for none.
func plain(node *yaml.Node) string {
	if node == nil || node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
		return ""
	}
	return node.Value
}

// mostNodes is how many nodes a stack file may have when its aliases are written out.
const mostNodes = 1 << 18

// flat is doc without its fragments (x-… with an anchor), aliases and merges, so that an
// edit of one place leaves the others; nil if that is too much.
func flat(doc *yaml.Node) *yaml.Node {
	top := *doc
	top.Content = nil
	for i := 0; i+1 < len(doc.Content); i += 2 {
		if key, value := doc.Content[i], doc.Content[i+1]; !strings.HasPrefix(key.Value, "x-") || value.Anchor == "" {
			top.Content = append(top.Content, key, value)
		}
	}
	e := expansion{seen: map[*yaml.Node]bool{}}
	root := e.expanded(&top)
	if root != nil {
		document.Flatten(root)
	}
	return root
}

// expansion writes out aliases.
type expansion struct {
	count int // of nodes
	seen  map[*yaml.Node]bool
}

// expanded is node without aliases; a merge keeps its key. It is nil if that is too much.
// Only the first copy of a node has its comments.
func (e *expansion) expanded(node *yaml.Node) *yaml.Node {
	node = document.Follow(node)
	copied := *node
	copied.Anchor = ""
	copied.Content = nil
	if e.seen[node] {
		copied.HeadComment, copied.LineComment, copied.FootComment = "", "", ""
	}
	e.seen[node] = true
	for _, child := range node.Content {
		if e.count++; e.count > mostNodes {
			return nil
		}
		written := e.expanded(child)
		if written == nil {
			return nil
		}
		copied.Content = append(copied.Content, written)
	}
	return &copied
}

// remove deletes key from a mapping.
func remove(node *yaml.Node, key string) {
	if node == nil || node.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			node.Content = slices.Delete(node.Content, i, i+2)
			return
		}
	}
}

// set replaces the value of key in a mapping, or adds it at the end.
func set(node *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			node.Content[i+1] = value
			return
		}
	}
	node.Content = append(node.Content, scalar(key), value)
}

// list is a sequence in one line.
func list(words []string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle}
	for _, word := range words {
		node.Content = append(node.Content, scalar(word))
	}
	return node
}

// wordsOf are the texts of a list, as they are written; nil for anything else.
func wordsOf(node *yaml.Node) []string {
	var words []string
	for _, item := range document.Sequence(node) {
		words = append(words, item.Value)
	}
	return words
}

// texts calls visit with every scalar below node that is no key.
func texts(node *yaml.Node, visit func(*yaml.Node)) {
	switch {
	case node == nil:
	case node.Kind == yaml.ScalarNode:
		visit(node)
	case node.Kind == yaml.MappingNode:
		for i := 1; i < len(node.Content); i += 2 {
			texts(node.Content[i], visit)
		}
	default:
		for _, child := range node.Content {
			texts(child, visit)
		}
	}
}

func replaceAll(node *yaml.Node, old, text string) {
	texts(node, func(n *yaml.Node) { n.Value = strings.ReplaceAll(n.Value, old, text) })
}

// mentions tells whether a text below node names path.
func mentions(node *yaml.Node, path string) bool {
	found := false
	texts(node, func(n *yaml.Node) {
		for rest := n.Value; !found; {
			at := strings.Index(rest, path)
			if at < 0 {
				return
			}
			rest = rest[at+len(path):]
			found = rest == "" || !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./", rune(rest[0]))
		}
	})
	return found
}
