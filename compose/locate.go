package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
)

// locate returns where the value at path is written. The last file that sets it
// comes first: a file's own text, then what its service extends, then what the file
// includes. In a list of KEY=VALUE the last element of path is a KEY.
func (t *tree) locate(path ...string) location {
	for p := range t.locations(path) {
		return p
	}
	return location{}
}

// locations returns every place at which path is written, in the order in which
// locate looks.
func (t *tree) locations(path []string) iter.Seq[location] {
	return func(yield func(location) bool) { t.visit(t.branches, path, 0, yield) }
}

const maxExtends = 50 // compose-go reports a circle; this only ends the search

func (t *tree) visit(branches []*branch, path []string, depth int, yield func(location) bool) bool {
	if depth > maxExtends {
		return true
	}
	for _, b := range slices.Backward(branches) {
		for _, doc := range slices.Backward(b.docs()) {
			if p := t.descend(b, doc, path); p.found() && !yield(p) {
				return false
			}
			if !t.visitBase(b, doc, path, depth, yield) {
				return false
			}
		}
		if !t.visit(b.includes, path, depth+1, yield) {
			return false
		}
	}
	return true
}

// visitBase visits what the service at the start of path extends.
func (t *tree) visitBase(b *branch, doc *yaml.Node, path []string, depth int, yield func(location) bool) bool {
	if len(path) < 2 || path[0] != "services" {
		return true
	}
	from, service := t.extended(b, doc, path[1])
	if from == nil {
		return true
	}
	return t.visit([]*branch{from}, append([]string{"services", service}, path[2:]...), depth+1, yield)
}

// extended returns the service that a service of doc extends, and its file. from is
// nil if it extends none, or if the file cannot be read.
func (t *tree) extended(b *branch, doc *yaml.Node, service string) (from *branch, base string) {
	extends := t.descend(b, doc, []string{"services", service, "extends"})
	if !extends.found() {
		return nil, ""
	}
	if extends.node.Kind != yaml.MappingNode {
		return b, extends.node.Value
	}
	base = t.child(b, extends.node, "service").text()
	if file := t.child(b, extends.node, "file"); file.text() != "" {
		return t.base(b, file), base
	}
	return b, base
}

// readBases reads every file that a service extends, and those that such a file
// extends itself.
func (t *tree) readBases() {
	for known := -1; known < len(t.bases); {
		known = len(t.bases)
		for _, b := range t.all() {
			for _, doc := range b.docs() {
				for _, service := range t.keys(t.descend(b, doc, []string{"services"})) {
					t.extended(b, doc, service)
				}
			}
		}
	}
}

// basePath returns the absolute path of the file that an extends in b names.
func (b *branch) basePath(file string) (path string, ok bool) {
	parts, err := expression.Parse(file)
	if err != nil {
		return "", false
	}
	file, err = expression.Expand(parts, b.env.Lookup, nil)
	return inFolder(b.dir, file), err == nil
}

// base parses the file that an extends in b names, once. It returns nil if the file
// cannot be read, and notes the fault if it is one that compose-go must not meet.
func (t *tree) base(b *branch, file location) *branch {
	path, ok := b.basePath(file.text())
	if !ok {
		return nil
	}
	if known, ok := t.bases[path]; ok {
		return known
	}
	t.bases[path] = nil
	if err := t.countFile(fmt.Sprintf("%s:%d: extends", t.show(b.path), file.line())); err != nil {
		t.faults = append(t.faults, err)
		return nil
	}
	content, err := t.open(path, b)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			t.faults = append(t.faults, fmt.Errorf("%s:%d: extends: %w", t.show(b.path), file.line(), err))
		}
		return nil
	}
	docs, err := t.parse(path, content)
	if err != nil {
		if _, limit := errors.AsType[*document.LimitError](err); limit {
			t.faults = append(t.faults, err)
		}
		return nil
	}
	found := &branch{path: path, dir: filepath.Dir(path), docs: closed(docs), gaps: gapsOf(content), env: b.env, envFiles: b.envFiles}
	if err := t.countPorts(found); err != nil {
		t.faults = append(t.faults, err)
		return nil
	}
	t.bases[path] = found
	return found
}

func (t *tree) descend(b *branch, node *yaml.Node, path []string) location {
	p := location{branch: b, node: node}
	for _, key := range path {
		if p = t.child(b, p.node, key); !p.found() {
			return location{}
		}
	}
	p.path = path
	return p
}

// child finds key in a mapping, merges included, or in a list of KEY=VALUE, where
// the node is the whole item.
func (t *tree) child(b *branch, node *yaml.Node, key string) location {
	node = document.Follow(node)
	if node == nil {
		return location{}
	}
	found, ok := t.index(node).values[key]
	if !ok {
		return location{}
	}
	return location{branch: b, key: found.key, node: document.Follow(found.node)}
}

// keys returns the keys of the mapping at p in the order written.
func (t *tree) keys(p location) []string {
	node := document.Follow(p.node)
	if node == nil {
		return nil
	}
	return t.index(node).keys
}

// text returns the scalar at p, "" if there is none.
func (p location) text() string {
	if p.node == nil || p.node.Kind != yaml.ScalarNode {
		return ""
	}
	return p.node.Value
}

// line returns the line at which p begins, from 1; 0 for nowhere.
func (p location) line() int {
	switch {
	case p.key != nil:
		return p.key.Line
	case p.node != nil:
		return p.node.Line
	}
	return 0
}
