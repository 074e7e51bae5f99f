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

// defaultPath returns the path of the first text below node that gives name a
// default. For an item of a list it is the path of the list. It is nil if there is
// none.
func defaultPath(node *yaml.Node, name string, path []string) []string {
	switch node.Kind {
	case yaml.ScalarNode:
		if expressionOf(node.Value, name) != nil && len(path) > 0 {
			return path
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			below := append(slices.Clone(path), node.Content[i].Value)
			if found := defaultPath(node.Content[i+1], name, below); found != nil {
				return found
			}
		}
	case yaml.SequenceNode:
		for _, item := range node.Content {
			if found := defaultPath(item, name, path); found != nil {
				return found
			}
		}
	default: // the text of an alias is found at its anchor
	}
	return nil
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
