package stackfile

import (
	"cmp"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// fold writes what services share once, where they shared it by an anchor in the source:
// below an x-… key, with the same anchor, which they merge. root is the stack file as nodes.
//
// Only what is equal now is shared: a merge gives the same entries as writing them out,
// whatever was made of the source's fragment. So nothing has to be known of how it changed.
// What is not as most services have it stays in its service, where it counts before the
// merged one.
func fold(root *yaml.Node, anchors []Anchor) {
	f := folding{root: root, services: map[string]*yaml.Node{}, isService: map[*yaml.Node]bool{}, merged: map[*yaml.Node]map[string]bool{}, taken: map[string]bool{}}
	if len(anchors) == 0 || nodeCount(root) > mostFolded {
		return
	}
	document.Each(root, func(key, value *yaml.Node) {
		f.taken[key.Value] = true
		if key.Value == servicesKey {
			document.Each(value, func(name, service *yaml.Node) {
				f.services[name.Value], f.isService[service] = service, true
			})
		}
	})
	made := make([]*fragment, len(anchors))
	for _, i := range innerFirst(anchors) {
		made[i] = f.fragment(anchors[i])
	}
	f.insert(made)
}

// mostFolded is up to how many nodes are folded. The parsers of docker stack deploy refuse
// a file of more than 400,000 nodes if too many of them come from aliases.
const mostFolded = 200_000

func nodeCount(node *yaml.Node) int {
	count := 1
	for _, child := range node.Content {
		count += nodeCount(child)
	}
	return count
}

// innerFirst returns the numbers of anchors, those with the longest paths first: what is
// below another fragment is folded before it.
func innerFirst(anchors []Anchor) []int {
	numbers, depth := make([]int, len(anchors)), make([]int, len(anchors))
	for i, a := range anchors {
		numbers[i] = i
		for _, path := range a.Uses {
			depth[i] = max(depth[i], len(path))
		}
	}
	slices.SortStableFunc(numbers, func(a, b int) int { return cmp.Compare(depth[b], depth[a]) })
	return numbers
}

// folding is the work on one stack file.
type folding struct {
	root      *yaml.Node
	services  map[string]*yaml.Node
	isService map[*yaml.Node]bool
	merged    map[*yaml.Node]map[string]bool // keys that a mapping merges
	taken     map[string]bool                // keys of the top level, and names of anchors after a "&"
}

// fragment is a node that services share.
type fragment struct {
	key, name string
	node      *yaml.Node
}

// fragment moves what the uses of anchor share to a fragment, nil if that is too little.
func (f *folding) fragment(anchor Anchor) *fragment {
	var mappings, lists []*yaml.Node
	for _, path := range anchor.Uses {
		node := f.at(path)
		switch {
		case node == nil || len(node.Content) == 0 || node.Style&yaml.FlowStyle != 0 && node.Kind == yaml.MappingNode:
		case node.Kind == yaml.MappingNode && !slices.Contains(mappings, node):
			mappings = append(mappings, node)
		case node.Kind == yaml.SequenceNode && !slices.Contains(lists, node):
			lists = append(lists, node)
		}
	}
	made := &fragment{node: f.sharedEntries(mappings)}
	if made.node == nil {
		if made.node = sharedList(lists); made.node == nil {
			return nil
		}
	}
	made.key, made.name = f.names(anchor)
	made.node.Anchor = made.name
	if made.node.Kind == yaml.SequenceNode {
		f.replace(lists, made)
	} else {
		f.merge(mappings, made)
	}
	return made
}

// at returns the node at path, which begins with services; nil for none.
func (f *folding) at(path []string) *yaml.Node {
	if len(path) < 2 {
		return nil
	}
	node := f.services[path[1]]
	for _, key := range path[2:] {
		if node == nil || node.Kind != yaml.MappingNode {
			return nil
		}
		if node = entryOf(node, key); node == nil {
			return nil
		}
	}
	return node
}

// entryOf returns the value of key in mapping, nil for none; aliases are not followed.
func entryOf(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// names returns the key and the anchor for a fragment, which nothing else has.
func (f *folding) names(anchor Anchor) (key, name string) {
	used := func(key string) bool {
		return f.taken[key] || slices.Contains(reservedKeys, key) || slices.Contains(topOrder, key)
	}
	key = cmp.Or(anchor.Key, "x-"+anchor.Name)
	if used(key) {
		key = "x-" + anchor.Name
	}
	for i := 2; used(key); i++ {
		key = "x-" + anchor.Name + "-" + strconv.Itoa(i)
	}
	name = anchor.Name
	for i := 2; f.taken["&"+name]; i++ {
		name = anchor.Name + "-" + strconv.Itoa(i)
	}
	f.taken[key], f.taken["&"+name] = true, true
	return key, name
}

// reservedKeys are those of the top level that mean something to docker secrets, in
// addition to topOrder.
var reservedKeys = []string{"x-images", "x-docker-secrets"} //nolint:gochecknoglobals // a table, never written

// insert puts the fragments above services:, each below those that it uses.
func (f *folding) insert(made []*fragment) {
	var entries []*yaml.Node
	done := map[*yaml.Node]bool{}
	byNode := map[*yaml.Node]*fragment{}
	for _, one := range made {
		if one != nil {
			byNode[one.node] = one
		}
	}
	var add func(node *yaml.Node)
	add = func(node *yaml.Node) {
		for _, child := range node.Content {
			add(child)
		}
		if node.Kind == yaml.AliasNode {
			add(node.Alias)
		}
		if one := byNode[node]; one != nil && !done[node] {
			done[node] = true
			entries = append(entries, textNode(one.key), node)
		}
	}
	for _, one := range made {
		if one != nil {
			add(one.node)
		}
	}
	at := slices.IndexFunc(f.root.Content, func(node *yaml.Node) bool { return node.Value == servicesKey })
	if at >= 0 {
		f.root.Content = slices.Insert(f.root.Content, at, entries...)
	}
}
