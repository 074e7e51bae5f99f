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

// defaultPath is the path of the first text below node that gives name a default:
// that of a scalar, or of the list that it stands in. nil for none.
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
	default: // an alias has its text where its anchor stands
	}
	return nil
}

// expressionOf is the first ${name:-word} of a template, words included.
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

// ReadDefault evaluates the expression that gives name a default in the text, or
// the list of texts, at path in the compose file at file: what compose://
// references with default= name. A variable that is set wins, as in Compose.
func ReadDefault(file, path, name string, env *Environment) (secret.Value, error) {
	docs, err := readDocuments(file)
	if err != nil {
		return secret.Value{}, err
	}
	for _, doc := range slices.Backward(docs) {
		for _, text := range scalarsBelow(findNode(doc, path)) {
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
