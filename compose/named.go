package compose

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
)

// named returns the variables that the files of t use, and whether one is used without
// a default.
func (t *tree) named() map[string]bool {
	needed := map[string]bool{}
	for _, b := range t.all() {
		for _, doc := range b.docs() {
			nameVariables(doc, "", needed)
		}
	}
	return needed
}

// nameVariables adds the variables below node, which stands at key, to needed. Bare keys
// of environment: are variables too.
func nameVariables(node *yaml.Node, key string, needed map[string]bool) {
	switch node.Kind {
	case yaml.ScalarNode:
		if key == "environment" && !strings.ContainsAny(node.Value, "=$") {
			needed[node.Value] = true
		}
		nameUsed(node.Value, needed)
		return
	case yaml.MappingNode:
	default:
		for _, child := range node.Content {
			nameVariables(child, key, needed)
		}
		return
	}
	document.Each(node, func(name, value *yaml.Node) {
		if key == "environment" && value.Tag == "!!null" {
			needed[name.Value] = true
		}
		below := name.Value
		if key == "environment" {
			below = ""
		}
		nameVariables(value, below, needed)
	})
}

// nameUsed adds the variables in text, and those in their words.
func nameUsed(text string, needed map[string]bool) {
	if !strings.Contains(text, "$") {
		return
	}
	parts, _ := expression.Parse(text) // the load reports a fault
	for _, p := range parts {
		if p.Name != "" {
			needed[p.Name] = needed[p.Name] || strings.TrimPrefix(p.Op, ":") != "-"
		}
	}
	for _, name := range expression.Names(parts, nil) {
		needed[name] = needed[name] || false
	}
}
