package compose

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
)

// layout returns a copy of t without values, and without the comments that must not
// be carried over: those that l rejects, and those of the nodes in dropped.
func (t *tree) layout(l *literals, dropped map[*yaml.Node]bool) *Layout {
	t.readBases()
	c := layoutCopy{tree: t, literals: l, dropped: dropped, named: t.namedLists(), nodes: map[*yaml.Node]*yaml.Node{}, separated: map[*yaml.Node]bool{}, fragments: map[*yaml.Node]string{}}
	copied := &tree{branches: c.branches(t.branches), bases: map[string]*branch{}, index: newIndex(), show: t.show, shown: t.shown, confine: t.confine}
	for path, b := range t.bases {
		if copied.bases[path] = nil; b != nil {
			copied.bases[path] = c.branch(b)
		}
	}
	return &Layout{tree: copied, separated: c.separated, fragments: c.fragments}
}

// namedLists returns the lists whose items are names of variables or labels, with
// or without a value.
func (t *tree) namedLists() map[*yaml.Node]bool {
	lists := map[*yaml.Node]bool{}
	for _, b := range t.all() {
		for _, doc := range b.docs() {
			for _, service := range t.keys(t.descend(b, doc, []string{"services"})) {
				for _, below := range [][]string{{"environment"}, {"labels"}, {"deploy", "labels"}} {
					if p := t.descend(b, doc, slices.Concat([]string{"services", service}, below)); p.found() {
						lists[p.node] = true
					}
				}
			}
		}
	}
	return lists
}

// layoutCopy copies nodes. The copy of an alias points at the copy of its anchor.
type layoutCopy struct {
	tree     *tree
	literals *literals
	dropped  map[*yaml.Node]bool
	named    map[*yaml.Node]bool
	nodes    map[*yaml.Node]*yaml.Node // node → its copy

	separated map[*yaml.Node]bool   // as in Layout
	fragments map[*yaml.Node]string // as in Layout
}

func (c layoutCopy) branches(branches []*branch) []*branch {
	copied := make([]*branch, len(branches))
	for i, b := range branches {
		copied[i] = c.branch(b)
	}
	return copied
}

// branch copies b without its environment, which has values.
func (c layoutCopy) branch(b *branch) *branch {
	docs := make([]*yaml.Node, len(b.docs()))
	for i, doc := range b.docs() {
		docs[i] = c.node(b, doc)
		c.noteFragments(docs[i])
		c.noteGaps(b.gaps, docs[i])
		for at := 1; docs[i].Kind == yaml.MappingNode && at < len(docs[i].Content); at += 2 {
			c.noteGaps(b.gaps, docs[i].Content[at])
		}
	}
	return &branch{path: b.path, dir: b.dir, docs: closed(docs), includes: c.branches(b.includes)}
}

func (c layoutCopy) node(b *branch, node *yaml.Node) *yaml.Node {
	if copied, ok := c.nodes[node]; ok {
		return copied
	}
	copied := c.bare(node)
	c.noteAnchor(node, copied)
	c.nodes[node] = copied
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			copied.Content = append(copied.Content, c.entry(b, node.Content[i], node.Content[i+1])...)
		}
	case yaml.SequenceNode:
		for _, item := range node.Content {
			copied.Content = append(copied.Content, c.node(b, item))
			c.nameItem(b, item, c.named[node])
		}
	case yaml.AliasNode:
		copied.Alias = c.node(b, node.Alias)
	default:
	}
	return copied
}

// bare returns a copy of node alone: kind, style, line, and the comments that may
// stay.
func (c layoutCopy) bare(node *yaml.Node) *yaml.Node {
	copied := &yaml.Node{Kind: node.Kind, Style: node.Style, Line: node.Line}
	copyComments(node, copied)
	for _, comment := range []*string{&copied.HeadComment, &copied.LineComment, &copied.FootComment} {
		if *comment != "" && !c.literals.harmless(*comment) {
			*comment = ""
		}
	}
	if c.dropped[node] {
		copied.LineComment = ""
	}
	return copied
}

// entry returns copies of the key and the value of a mapping. The text of extends
// stays, because lookups follow it.
func (c layoutCopy) entry(b *branch, key, value *yaml.Node) []*yaml.Node {
	copied := c.bare(key)
	copied.Value = key.Value
	if key.Value != "extends" {
		return []*yaml.Node{copied, c.node(b, value)}
	}
	value = document.Follow(value)
	extends := c.bare(value)
	if value.Kind == yaml.ScalarNode {
		extends.Value = value.Value
	}
	document.Each(value, func(key, text *yaml.Node) {
		name, word := c.bare(key), c.bare(text)
		name.Value, word.Value = key.Value, text.Value
		if path, ok := b.basePath(text.Value); ok && key.Value == "file" {
			word.Value = strings.ReplaceAll(path, "$", "$$") // needs no environment, which a layout has not
		}
		extends.Content = append(extends.Content, name, word)
	})
	return []*yaml.Node{copied, extends}
}

// nameItem gives the copy of a list item its NAME, if the item is NAME=VALUE. In a
// list of names, an item that is NAME alone gets it too.
func (c layoutCopy) nameItem(b *branch, item *yaml.Node, named bool) {
	item = document.Follow(item)
	if item.Kind != yaml.ScalarNode {
		return
	}
	key, _, found := strings.Cut(item.Value, "=")
	isName := named || found && expression.NameLen(key) == len(key)
	if isName && !c.literals.in(key) {
		c.node(b, item).Value = key
	}
}
