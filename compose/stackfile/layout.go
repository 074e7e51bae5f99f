package stackfile

import "go.yaml.in/yaml/v4"

// Layout tells what the source looked like, for what has survived of it. A path is
// that of the model. The nodes that it returns have comments and no values, and the same
// place in the source is the same node.
type Layout interface {
	// Order sorts the keys of the mapping at path as the source had them; new ones
	// follow in alphabetical order.
	Order(path, keys []string) []string
	// Head is the comment at the top of the file, "" for none.
	Head() string
	// Flow tells whether the list at path was written on one line. found is false
	// where the source has no list.
	Flow(path []string) (flow, found bool)
	// Comment returns the key at path and its value, nil for none.
	Comment(path []string) (key, value *yaml.Node)
	// Item returns the list entry at path that begins with key, nil for none.
	Item(path []string, key string) *yaml.Node
	// Separated tells whether an empty line is above the key at path, one of the top level
	// or one below. known is false for the first key of a mapping and for one that the
	// source does not have.
	Separated(path []string) (separated, known bool)
	// Anchors returns the anchors that services use, in order of the source.
	Anchors() []Anchor
}

// Anchor is an anchored mapping or list of the source.
type Anchor struct {
	Name string
	Key  string     // x-…, the key of the top level whose value it is; "" for another place
	Uses [][]string // paths of the nodes that merge it, have it by an alias, or are it
}
