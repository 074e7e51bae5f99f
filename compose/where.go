package compose

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
)

// at returns FILE:LINE of p for people, "" for nowhere.
func (t *tree) at(p location) string {
	if p.line() == 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d", t.show(p.branch.path), p.line())
}

// near returns FILE:LINE of path, or of the nearest path above it; "" if the source
// has neither.
func (t *tree) near(path []string) string {
	for end := len(path); end > 0; end-- {
		if where := t.at(t.locate(path[:end]...)); where != "" {
			return where
		}
	}
	return ""
}

var indexed = regexp.MustCompile(`\[\d+\]`)

// split returns the keys of a model path. Keys may contain dots: at each step it
// takes the longest key that the source has.
func (t *tree) split(path string) []string {
	words := strings.Split(indexed.ReplaceAllString(path, ""), ".")
	var keys []string
	for len(words) > 0 {
		size := len(words)
		for size > 1 && !t.locate(append(keys, strings.Join(words[:size], "."))...).found() {
			size--
		}
		keys = append(keys, strings.Join(words[:size], "."))
		words = words[size:]
	}
	return keys
}

// oddKey returns FILE:LINE of the first key in text that has a character which no key of
// Compose has, such as one to which somebody wrote a value; "" if there is none. Names in
// paths of text have none.
func (t *tree) oddKey(text string) string {
	for _, b := range t.all() {
		for _, doc := range b.docs() {
			if key := firstKey(doc, func(key string) bool { return strings.ContainsAny(key, "= :") && strings.Contains(text, key) }); key != nil {
				return fmt.Sprintf("%s:%d", t.show(b.path), key.Line)
			}
		}
	}
	return ""
}

// firstKey returns the first key below node that is so, in the order of the file.
func firstKey(node *yaml.Node, is func(text string) bool) *yaml.Node {
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 0 {
			if is(child.Value) {
				return child
			}
			continue
		}
		if found := firstKey(child, is); found != nil {
			return found
		}
	}
	return nil
}

// uses returns FILE:LINE of the first scalar that interpolates name, "" if there is
// none.
func (t *tree) uses(name string) string {
	return t.firstScalar(func(text string) bool {
		parts, err := expression.Parse(text)
		return err == nil && slices.Contains(expression.Names(parts, nil), name)
	})
}

// holds returns FILE:LINE of the first scalar that contains word, "" if there is
// none.
func (t *tree) holds(word string) string {
	return t.firstScalar(func(text string) bool { return strings.Contains(text, word) })
}

func (t *tree) firstScalar(is func(text string) bool) string {
	for _, b := range t.all() {
		for _, doc := range b.docs() {
			if node := firstScalar(doc, is); node != nil {
				return t.at(location{branch: b, node: node})
			}
		}
	}
	return ""
}

func firstScalar(node *yaml.Node, is func(text string) bool) *yaml.Node {
	step := 1
	switch node.Kind {
	case yaml.ScalarNode:
		if is(node.Value) {
			return node
		}
		return nil
	case yaml.MappingNode:
		step = 2
	default:
	}
	for i := step - 1; i < len(node.Content); i += step {
		if found := firstScalar(node.Content[i], is); found != nil {
			return found
		}
	}
	return nil
}

// all returns every branch: the files, what they include, and what was read for
// extends.
func (t *tree) all() []*branch {
	var all []*branch
	var add func(branches []*branch)
	add = func(branches []*branch) {
		for _, b := range branches {
			all = append(all, b)
			add(b.includes)
		}
	}
	add(t.branches)
	for _, path := range slices.Sorted(maps.Keys(t.bases)) {
		if b := t.bases[path]; b != nil {
			all = append(all, b)
		}
	}
	return all
}

// names returns the words that the author's files give to things: keys, and the
// services and files that they point at.
func (t *tree) names() map[string]bool {
	found := map[string]bool{}
	for _, b := range t.all() {
		found[b.path], found[t.show(b.path)] = true, true
		for _, doc := range b.docs() {
			addNames(doc, found)
		}
	}
	return found
}

func addNames(node *yaml.Node, found map[string]bool) {
	if node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(node.Content); i += 2 {
			key, value := node.Content[i], node.Content[i+1]
			found[key.Value] = true
			if value.Kind == yaml.ScalarNode && slices.Contains([]string{"extends", "service", "file"}, key.Value) {
				found[value.Value] = true
			}
		}
	}
	for _, child := range node.Content {
		addNames(child, found)
	}
}
