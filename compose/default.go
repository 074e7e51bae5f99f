package compose

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
)

// newDefaults returns a function that returns for each variable the path of the first text
// in doc that gives it a default. For an item of a list it is the path of the list. Each
// document is searched once.
func newDefaults() func(doc *yaml.Node) map[string][]string {
	known := map[*yaml.Node]map[string][]string{}
	return func(doc *yaml.Node) map[string][]string {
		paths, ok := known[doc]
		if !ok {
			paths = map[string][]string{}
			noteDefaults(doc, nil, paths)
			known[doc] = paths
		}
		return paths
	}
}

func noteDefaults(node *yaml.Node, path []string, into map[string][]string) {
	switch node.Kind {
	case yaml.ScalarNode:
		if len(path) > 0 && strings.Contains(node.Value, "$") {
			noteDefaultsIn(node.Value, path, into)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			noteDefaults(node.Content[i+1], append(slices.Clone(path), node.Content[i].Value), into)
		}
	case yaml.SequenceNode:
		for _, item := range node.Content {
			noteDefaults(item, path, into)
		}
	default: // the text of an alias is found at its anchor
	}
}

// noteDefaultsIn notes the variables that expressionOf finds in text.
func noteDefaultsIn(text string, path []string, into map[string][]string) {
	if !strings.Contains(text, "$") {
		return
	}
	parts, err := expression.Parse(text)
	if err != nil {
		return
	}
	for _, p := range parts {
		if p.Name == "" {
			continue
		}
		if strings.TrimPrefix(p.Op, ":") == "-" && into[p.Name] == nil {
			into[p.Name] = path
		}
		noteDefaultsIn(p.Word, path, into)
	}
}

// expressionOf returns the first ${name:-word} or ${name-word} in text, also inside
// another word; nil if there is none.
func expressionOf(text, name string) *expression.Part {
	parts, err := expression.Parse(text)
	if err != nil {
		return nil
	}
	for _, p := range parts {
		if p.Name == name && strings.TrimPrefix(p.Op, ":") == "-" {
			return &p
		}
		if p.Name != "" {
			if inner := expressionOf(p.Word, name); inner != nil {
				return inner
			}
		}
	}
	return nil
}

// ReadDefault reads what compose:// references with default= name: it evaluates the
// expression that gives name a default in the text, or list of texts, at path in a
// compose file. A variable that is set wins, as in Compose. The error wraps
// ErrNoSuchPlace if there is no such expression.
func (d *Documents) ReadDefault(file, path, name string, env *Environment) (secret.Value, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	docs, err := d.of(file)
	if err != nil {
		return secret.Value{}, err
	}
	for _, doc := range slices.Backward(docs) {
		for _, text := range scalarsBelow(d.findNode(doc, path)) {
			if p := expressionOf(text, name); p != nil {
				value, err := expression.Expand([]expression.Part{*p}, env.Lookup, nil)
				if err != nil {
					return secret.Value{}, fmt.Errorf("%s: %s: %w", file, path, err)
				}
				return secret.NewValue(value), nil
			}
		}
	}
	return secret.Value{}, fmt.Errorf("%s: %s: %w", file, path, ErrNoSuchPlace)
}

func scalarsBelow(node *yaml.Node) []string {
	if node = document.Follow(node); node == nil {
		return nil
	}
	if node.Kind == yaml.ScalarNode {
		return []string{node.Value}
	}
	var all []string
	for _, child := range node.Content {
		all = append(all, scalarsBelow(child)...)
	}
	return all
}
