package compose

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
)

// ErrNoSuchPlace means that a compose file does not have a path.
var ErrNoSuchPlace = errors.New("no such place in the file")

// ReadPlace reads what compose:// references name: the scalar at path
// (services.SERVICE.environment.VAR) in a compose file, interpolated with env as in
// Compose. The error wraps ErrNoSuchPlace if there is none. No error quotes the
// text.
func (d *Documents) ReadPlace(file, path string, env *Environment) (secret.Value, error) {
	return d.readPlace(file, path, env, func(string) error { return nil })
}

// ErrUnset means that a variable which a value is made of is not set here.
var ErrUnset = errors.New("not set")

// IsUnset reports whether a value could not be read because a variable is not set here that
// it is made of, or that ${NAME:?} requires.
func IsUnset(err error) bool {
	_, required := errors.AsType[*expression.MissingError](err)
	return required || errors.Is(err, ErrUnset)
}

// ReadSetPlace is ReadPlace where each variable in the text has to be set, or have a
// default. Else the error wraps ErrUnset and names the variable.
func (d *Documents) ReadSetPlace(file, path string, env *Environment) (secret.Value, error) {
	return d.readPlace(file, path, env, func(raw string) error { return checkSet(raw, env) })
}

// checkSet returns an error that wraps ErrUnset if text needs a variable that is not set.
func checkSet(text string, env *Environment) error {
	parts, err := expression.Parse(text)
	if err != nil {
		return nil //nolint:nilerr // the evaluation says so
	}
	pieces, err := expression.Pieces(parts, env.Lookup)
	if missing, ok := errors.AsType[*expression.MissingError](err); ok {
		return fmt.Errorf("%s is %w", missing.Name, ErrUnset)
	}
	for _, piece := range pieces {
		if piece.Unset {
			return fmt.Errorf("%s is %w", piece.Variable, ErrUnset)
		}
	}
	return nil
}

// readPlace reads the scalar at path if check accepts its text.
func (d *Documents) readPlace(file, path string, env *Environment, check func(raw string) error) (secret.Value, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	docs, err := d.of(file)
	if err != nil {
		return secret.Value{}, err
	}
	for _, doc := range slices.Backward(docs) {
		raw, key, found := d.findPlace(doc, path)
		if !found {
			continue
		}
		if raw == nil {
			text, ok := env.Lookup(key)
			if !ok {
				return secret.Value{}, fmt.Errorf("%s: %s: %w", file, path, ErrNoSuchPlace)
			}
			return secret.NewValue(text), nil
		}
		if err := check(*raw); err != nil {
			return secret.Value{}, fmt.Errorf("%s: %s: %w", file, path, err)
		}
		text, err := evaluate(file, path, *raw, env)
		return secret.NewValue(text), err
	}
	return secret.Value{}, fmt.Errorf("%s: %s: %w", file, path, ErrNoSuchPlace)
}

// evaluate interpolates raw, the text at path in file. Its errors quote no text.
func evaluate(file, path, raw string, env *Environment) (string, error) {
	parts, err := expression.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("%s: %s: %w", file, path, err)
	}
	text, err := expression.Expand(parts, env.Lookup, nil)
	if err != nil {
		return "", fmt.Errorf("%s: %s: %w", file, path, err)
	}
	return text, nil
}

// findPlace walks down path. Keys may contain dots, so at each mapping it tries
// every entry that path may go on with, whole keys first. raw is nil for a bare
// key.
func (d *Documents) findPlace(node *yaml.Node, path string) (raw *string, key string, found bool) {
	node = document.Follow(node)
	if node == nil {
		return nil, "", false
	}
	entries := d.index(node)
	for _, name := range entries.along(path) {
		p := entries.values[name]
		p.node = document.Follow(p.node)
		if name == path && p.node.Kind == yaml.ScalarNode {
			text, bare := rawEntry(location{key: p.key, node: p.node})
			if bare {
				return nil, name, true
			}
			return &text, name, true
		}
		if rest, ok := strings.CutPrefix(path, name+"."); ok && p.key != nil {
			if raw, key, found := d.findPlace(p.node, rest); found {
				return raw, key, true
			}
		}
	}
	return nil, "", false
}

// along are the keys that path begins with, in order.
func (k keyedValues) along(path string) []string {
	var names []string
	for end := range len(path) + 1 {
		if end < len(path) && path[end] != '.' {
			continue
		}
		if _, ok := k.values[path[:end]]; ok {
			names = append(names, path[:end])
		}
	}
	if len(names) > 1 {
		slices.SortFunc(names, func(a, b string) int { return slices.Index(k.keys, a) - slices.Index(k.keys, b) })
	}
	return names
}

// ReadCredential reads what compose:// references with literal= name: the number-th
// literal, from 1, after a credential flag in the text at path. It evaluates the
// text as ReadPlace does.
func (d *Documents) ReadCredential(file, path string, number int, env *Environment) (secret.Value, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	docs, err := d.of(file)
	if err != nil {
		return secret.Value{}, err
	}
	for _, doc := range slices.Backward(docs) {
		node := d.findNode(doc, path)
		if node == nil {
			continue
		}
		value, err := evaluateNode(file, path, node, env)
		if err != nil {
			return secret.Value{}, err
		}
		// The end of path is all that tells what the text is.
		parts := strings.Split(path, ".")
		service := map[string]any{parts[len(parts)-1]: value, "healthcheck": map[string]any{"test": value}}
		if parts[len(parts)-1] != "test" {
			delete(service, "healthcheck")
		}
		for _, c := range commandTexts(service) {
			if found := c.credentials(); number >= 1 && number <= len(found) {
				return found[number-1].Value, nil
			}
		}
	}
	return secret.Value{}, fmt.Errorf("%s: %s: %w", file, path, ErrNoSuchPlace)
}

// findNode walks down path as findPlace does. It returns a node of any kind, or
// nil.
func (d *Documents) findNode(node *yaml.Node, path string) *yaml.Node {
	node = document.Follow(node)
	if node == nil {
		return nil
	}
	entries := d.index(node)
	for _, name := range entries.along(path) {
		p := entries.values[name]
		if name == path {
			return document.Follow(p.node)
		}
		if rest, ok := strings.CutPrefix(path, name+"."); ok && p.key != nil {
			if found := d.findNode(p.node, rest); found != nil {
				return found
			}
		}
	}
	return nil
}

// evaluateNode interpolates a scalar, or every scalar of a list.
func evaluateNode(file, path string, node *yaml.Node, env *Environment) (any, error) {
	if node.Kind != yaml.SequenceNode {
		return evaluate(file, path, node.Value, env)
	}
	list := make([]any, len(node.Content))
	for i, item := range node.Content {
		text, err := evaluate(file, path, document.Follow(item).Value, env)
		if err != nil {
			return nil, err
		}
		list[i] = text
	}
	return list, nil
}
