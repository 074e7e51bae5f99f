package compose

import (
	"fmt"
	"maps"
	"strings"
)

// opened returns the tree with its subtrees interpolated.
func (l *loaded) opened(env map[string]string, substitute substitution) (map[string]any, error) {
	env = maps.Clone(env)
	env["COMPOSE_PROJECT_NAME"] = l.name.Reveal() // as compose-go sets it
	o := opening{env: env, substitute: bounded(substitute)}
	tree := l.tree()
	for _, service := range mapping(tree["services"]) {
		holder := mapping(service)
		for key := range closable {
			closed, ok := holder[key].(*closedValue)
			if !ok {
				continue
			}
			value, err := o.open(key, closed.value())
			if err != nil {
				return nil, err
			}
			holder[key] = value
		}
	}
	return tree, nil
}

// opening interpolates what was closed.
type opening struct {
	env        map[string]string
	substitute substitution
}

func (o opening) lookup(name string) (string, bool) {
	text, ok := o.env[name]
	return text, ok
}

func (o opening) text(text string) (string, error) {
	if !strings.Contains(text, "$") {
		return text, nil
	}
	return o.substitute(text, o.lookup)
}

// open returns what compose-go makes of value, which key of a service has.
func (o opening) open(key string, value any) (any, error) {
	switch v := value.(type) {
	case string:
		return o.text(v)
	case map[string]any:
		entries := make(map[string]any, len(v))
		for name, entry := range v {
			entries[name] = entry
			if text, ok := entry.(string); ok {
				made, err := o.text(text)
				if err != nil {
					return nil, err
				}
				entries[name] = made
			}
		}
		return entries, nil
	case []any:
		return o.list(key, v)
	}
	return value, nil
}

// list opens a list of texts. Of entries of the same name, the last one stands where the
// first one did. A bare key of environment gets the variable of its name.
func (o opening) list(key string, items []any) ([]any, error) {
	made := make([]any, 0, len(items))
	at := map[string]int{}
	for _, item := range items {
		text, err := o.text(asText(item))
		if err != nil {
			return nil, err
		}
		name, _, _ := strings.Cut(text, "=")
		if i, twice := at[name]; twice && closable[key] {
			made[i] = text
			continue
		}
		at[name] = len(made)
		made = append(made, text)
	}
	if key != "environment" {
		return made, nil
	}
	for i, item := range made {
		if text, ok := o.env[asText(item)]; ok {
			made[i] = fmt.Sprintf("%s=%s", item, text)
		}
	}
	return made, nil
}
