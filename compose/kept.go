package compose

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// keepVariables puts the author's ${NAME} back where the docker CLI's own
// interpolation gives the same text ($X, ${X}, :-, -, :?, ?, nothing nested): in
// images, commands, variables, labels, users and names. Everywhere else, and if a
// secret is in the text, the value stays.
func (s sealer) keepVariables(model map[string]any) {
	for name, value := range mapping(model["services"]) {
		service := mapping(value)
		path := []string{"services", name}
		for _, key := range []string{"image", "hostname", "user", "working_dir"} {
			s.keepText(service, key, path)
		}
		s.keepCommand(service, "command", path)
		s.keepCommand(service, "entrypoint", path)
		s.keepEntries(service, "environment", path)
		s.keepEntries(service, "labels", path)
		if deploy := mapping(service["deploy"]); deploy != nil {
			s.keepEntries(deploy, "labels", append(path, "deploy"))
		}
	}
	for _, kind := range []string{"networks", "volumes"} {
		for name, value := range mapping(model[kind]) {
			if resource := mapping(value); resource != nil {
				s.keepText(resource, "name", []string{kind, name})
			}
		}
	}
}

func (s sealer) keepText(holder map[string]any, key string, path []string) {
	if text, ok := holder[key].(string); ok {
		holder[key] = s.kept(text, append(slices.Clip(path), key))
	}
}

// keepCommand keeps the variables of a command. A command with a secret in it is
// left as it is, because the rewrite writes it anew.
func (s sealer) keepCommand(service map[string]any, key string, path []string) {
	p := s.app.tree.locate(append(slices.Clip(path), key)...)
	list, ok := service[key].([]any)
	if !ok {
		if p.found() && singleWords(p.node.Value, p.branch.env) {
			s.keepText(service, key, path)
		}
		return
	}
	items := document.Sequence(p.node)
	if len(items) != len(list) {
		return
	}
	for _, item := range list {
		if seal.Has(asText(item)) {
			return
		}
	}
	for i, item := range list {
		if text, ok := item.(string); ok {
			list[i] = s.keptAt(text, items[i].Value, location{branch: p.branch, node: items[i]})
		}
	}
}

// singleWords tells whether every variable of a command line is one word or a part
// of one. Compose splits the line after interpolation, the docker CLI before it.
func singleWords(raw string, env *Environment) bool {
	parts, err := expression.Parse(raw)
	if err != nil {
		return false
	}
	for _, p := range parts {
		if p.Name == "" {
			continue
		}
		text, err := expression.Expand([]expression.Part{p}, env.Lookup, nil)
		if err != nil || text == "" || strings.ContainsAny(text, " \t\n'\"\\$`") {
			return false
		}
	}
	return true
}

// keepEntries keeps the variables of NAME=VALUE in a list or a mapping.
func (s sealer) keepEntries(holder map[string]any, key string, path []string) {
	path = append(slices.Clip(path), key)
	switch block := holder[key].(type) {
	case map[string]any:
		for name := range block {
			s.keepText(block, name, path)
		}
	case []any:
		for i, item := range block {
			name, text, ok := strings.Cut(asText(item), "=")
			if ok {
				block[i] = name + "=" + s.kept(text, append(slices.Clip(path), name))
			}
		}
	}
}

// kept returns text with the expressions that it was made with at path, or text
// itself if they cannot stay.
func (s sealer) kept(text string, path []string) string {
	p := s.app.tree.locate(path...)
	raw, bare := rawEntry(p)
	if bare {
		return text
	}
	return s.keptAt(text, raw, p)
}

func (s sealer) keptAt(text, raw string, p location) string {
	if seal.Has(text) || !strings.Contains(raw, "$") {
		return text
	}
	parts, err := expression.Parse(raw)
	if err != nil {
		return text
	}
	if value, err := expression.Expand(parts, p.branch.env.Lookup, nil); err != nil || value != text {
		return text // it is made of more than this place
	}
	var b strings.Builder
	for _, part := range parts {
		if part.Name == "" {
			b.WriteString(part.Text)
			continue
		}
		if !s.keepable(part, p.branch.env) {
			return text
		}
		b.WriteString(seal.Kept("${" + part.Name + part.Op + part.Word + "}"))
	}
	return b.String()
}

// keepable tells whether the docker CLI understands the expression and it gives no
// secret.
func (s sealer) keepable(p expression.Part, env *Environment) bool {
	if strings.HasSuffix(p.Op, "+") || strings.ContainsAny(p.Word, "${}\n") {
		return false
	}
	text, err := expression.Expand([]expression.Part{p}, env.Lookup, nil)
	return err == nil && s.sealing.Of(p.Name, secret.NewValue(text)) == ""
}
