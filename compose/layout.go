package compose

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Layout is what the source looked like: the order of its keys, which of its blocks
// were lists, its comments, and which env file sets which variable or label. It holds
// no values.
type Layout struct {
	tree      *tree
	envFiles  map[string]map[string]string // service → variable → the env file that sets it, as shown
	separated map[*yaml.Node]bool          // keys of the top level and below, but for the first ones
	fragments map[*yaml.Node]string        // anchored node → its x-… key of the top level

	labelFiles map[[2]string]string // service and label → FILE:LINE of the label file that sets it
}

// Order sorts keys as the mapping at path has them. Of several files the first
// counts first. Keys that none has follow in alphabetical order.
func (l *Layout) Order(path, keys []string) []string {
	rank := map[string]int{}
	found := slices.Collect(l.tree.locations(path))
	for _, p := range slices.Backward(found) {
		for _, key := range l.tree.keys(p) {
			if rank[key] == 0 {
				rank[key] = len(rank) + 1
			}
		}
	}
	slices.SortFunc(keys, func(a, b string) int {
		ra, rb := rank[a], rank[b]
		switch {
		case ra != 0 && rb != 0:
			return ra - rb
		case ra != 0:
			return -1
		case rb != 0:
			return 1
		}
		return strings.Compare(a, b)
	})
	return keys
}

// Head returns the comment at the top of the first file, if a blank line separates
// it from the first key.
func (l *Layout) Head() string {
	if len(l.tree.branches) == 0 {
		return ""
	}
	docs := l.tree.branches[0].docs()
	if len(docs) == 0 {
		return ""
	}
	return docs[0].HeadComment
}

// Flow tells whether the list at path is written on one line, [a, b]. found is
// false if the source has no list there.
func (l *Layout) Flow(path []string) (flow, found bool) {
	node := l.tree.locate(path...).node
	if node == nil || node.Kind != yaml.SequenceNode {
		return false, false
	}
	return node.Style&yaml.FlowStyle != 0, true
}

// Comment returns the key at path and its value, without values and with the comments
// that may stay; nil for what the source does not have.
func (l *Layout) Comment(path []string) (key, value *yaml.Node) {
	p := l.tree.locate(path...)
	if p.key == nil {
		return nil, nil
	}
	return p.key, p.node
}

// Item returns the list entry at path that begins with key, as Comment does.
func (l *Layout) Item(path []string, key string) *yaml.Node {
	if p := l.tree.locate(append(slices.Clone(path), key)...); p.found() && p.key == nil {
		return p.node
	}
	return nil
}

// Separated tells whether an empty line is above the key at path, one of the top level or
// one below. known is false for the first key of a mapping, and for what the source does
// not have.
func (l *Layout) Separated(path []string) (separated, known bool) {
	p := l.tree.locate(path...)
	separated, known = l.separated[p.key]
	return separated, known
}

func copyComments(from, to *yaml.Node) {
	to.HeadComment, to.LineComment, to.FootComment = from.HeadComment, from.LineComment, from.FootComment
}

// At returns FILE:LINE of path in the source, or of the nearest path above it; ""
// if the source has neither. For a variable that an env file sets it returns that
// file, and for a label of a label file its line there.
func (l *Layout) At(path ...string) string {
	if len(path) == 4 && path[2] == "environment" && !l.tree.locate(path...).found() {
		if file := l.envFiles[path[1]][path[3]]; file != "" {
			return file
		}
	}
	if len(path) > 3 && path[2] == "labels" && !l.tree.locate(path...).found() {
		if where := l.labelFiles[[2]string{path[1], strings.Join(path[3:], ".")}]; where != "" {
			return where
		}
	}
	return l.tree.near(path)
}

// Line returns path, a path in the model, after its FILE:LINE.
func (l *Layout) Line(path string) string {
	if where := l.At(l.tree.split(path)...); where != "" {
		return where + " " + path
	}
	return path
}
