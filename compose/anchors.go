package compose

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Anchors returns the anchors of the mappings and lists that services merge, or have as
// they are, in order of the source, each with the paths of the model where that is.
func (l *Layout) Anchors() []stackfile.Anchor {
	u := anchorUses{layout: l, number: map[*yaml.Node]int{}}
	for _, b := range l.tree.all() {
		for _, doc := range b.docs() {
			u.note(doc)
		}
	}
	if len(u.anchors) == 0 || !u.aliases {
		return nil
	}
	var names []string
	for p := range l.tree.locations([]string{"services"}) {
		names = append(names, l.tree.keys(p)...)
	}
	slices.Sort(names)
	for _, name := range l.Order([]string{"services"}, slices.Compact(names)) {
		path := []string{"services", name}
		for p := range l.tree.locations(path) {
			u.walk(p, path)
		}
	}
	return slices.DeleteFunc(u.anchors, func(a stackfile.Anchor) bool { return len(a.Uses) == 0 })
}

// anchorUses finds where anchors are used.
type anchorUses struct {
	layout  *Layout
	anchors []stackfile.Anchor
	number  map[*yaml.Node]int // anchored node → its place in anchors
	aliases bool               // there is one
}

// note notes the anchors in node.
func (u *anchorUses) note(node *yaml.Node) {
	u.aliases = u.aliases || node.Kind == yaml.AliasNode
	if node.Anchor != "" && (node.Kind == yaml.MappingNode || node.Kind == yaml.SequenceNode) {
		u.number[node] = len(u.anchors)
		u.anchors = append(u.anchors, stackfile.Anchor{Name: node.Anchor, Key: u.layout.fragments[node]})
	}
	for _, child := range node.Content {
		u.note(child)
	}
}

// anchorDepth is how many keys the path of a use has at most: services, a service, and
// three below it.
const anchorDepth = 5

// walk notes the uses at p, which is at path, and below.
func (u *anchorUses) walk(p location, path []string) {
	u.use(p.node, path)
	if p.node.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(p.node.Content); i += 2 {
		if document.IsMerge(p.node.Content[i]) {
			for _, merged := range document.Merged(p.node.Content[i+1]) {
				u.use(merged, path)
			}
		}
	}
	if len(path) == anchorDepth {
		return
	}
	for _, key := range u.layout.tree.keys(p) {
		if child := u.layout.tree.child(p.branch, p.node, key); child.found() && child.node.Kind != yaml.ScalarNode {
			u.walk(child, append(slices.Clip(path), key))
		}
	}
}

// use notes that the node at path is, or merges, anchored.
func (u *anchorUses) use(anchored *yaml.Node, path []string) {
	at, found := u.number[anchored]
	if !found {
		return
	}
	a := &u.anchors[at]
	if n := len(a.Uses); n == 0 || !slices.Equal(a.Uses[n-1], path) {
		a.Uses = append(a.Uses, path)
	}
}

// anchorName matches what all YAML parsers take as the name of an anchor.
var anchorName = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9_-]*$`) //nolint:gochecknoglobals // never written

// noteAnchor gives copied, a copy of node, the anchor of node, if that may be shown.
func (c layoutCopy) noteAnchor(node, copied *yaml.Node) {
	if anchorName().MatchString(node.Anchor) && c.showable(node.Anchor) {
		copied.Anchor = node.Anchor
	}
}

// noteFragments notes the keys of doc, a copy, that begin with x- and have an anchor.
func (c layoutCopy) noteFragments(doc *yaml.Node) {
	document.Each(doc, func(key, value *yaml.Node) {
		if strings.HasPrefix(key.Value, "x-") && value.Anchor != "" && anchorName().MatchString(key.Value) && c.showable(key.Value) {
			c.fragments[value] = key.Value
		}
	})
}

// showable tells whether a name holds no value and nothing like one. A name with a word in
// it that is some weak password is one like those of services, which stay too.
func (c layoutCopy) showable(name string) bool {
	return !c.literals.in(name) && !c.literals.disguise(name) && verdict.Showable(name)
}
