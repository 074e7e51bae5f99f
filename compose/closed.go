package compose

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
)

// Most texts of an application are in subtrees that compose-go only passes on: the
// variables, labels and arguments of services. It compares each of them with a hundred
// patterns all the same, several times a load. So they go through it closed, as one value
// that it cannot look into, and are opened afterwards: once with values, once with seals.
// If no secret is interpolated in anything that compose-go did look into, one load is
// enough for both.
//
// This is as strict as two loads. What was closed holds the text as it is written, which no
// value has been in, and is interpolated by the same functions. What was open is only used
// again if no variable in it is a secret, so that seals would not have changed it. And scan
// looks for every value in the result as before. An application that any condition does not
// hold for, and every one with a fault, is loaded as if there were no closed subtrees.

// closable are the keys of a service whose value compose-go only passes on, and whether it
// is a list with one entry a name, of which the last one counts, merged from all files.
var closable = map[string]bool{"environment": true, "labels": true, "command": false, "entrypoint": false} //nolint:gochecknoglobals // a table, never written

// closedValue is a subtree that compose-go cannot look into.
type closedValue struct{ value func() any }

// MarshalJSON returns what is valid for the schema in the place of the subtree.
func (c *closedValue) MarshalJSON() ([]byte, error) {
	switch c.value().(type) {
	case map[string]any:
		return []byte("{}"), nil
	case []any:
		return []byte("[]"), nil
	}
	return []byte(`""`), nil
}

// loaded is what compose-go made of the files, with the subtrees still closed.
type loaded struct {
	tree  func() map[string]any  // a copy
	name  secret.Value           // of the project
	names func() map[string]bool // variables in what was not closed; half of a password may look like one
}

var errNothingClosed = errors.New("nothing can be closed")

// closedModel is model by way of closed subtrees. It fails where that is not possible, and
// if the application has any fault.
func (s *sources) closedModel(ctx context.Context, env map[string]string, substitute substitution) (*loaded, error) {
	files := s.configFiles()
	configs := s.closedConfigs()
	if configs == nil {
		return nil, errNothingClosed
	}
	for i := range files {
		files[i].Config = configs[i]
	}
	names := map[string]bool{}
	tree, name, err := s.modelOf(ctx, files, env, func(text string, value template.Mapping) (string, error) {
		if strings.Contains(text, "$") {
			if parts, err := expression.Parse(text); err == nil {
				for _, name := range expression.Names(parts, nil) {
					names[name] = true
				}
			}
		}
		return substitute(text, value)
	})
	if err != nil {
		return nil, err
	}
	return &loaded{tree: func() map[string]any { return cloneMap(tree) }, name: secret.NewValue(name), names: func() map[string]bool { return names }}, nil
}

// reopened is model with seals, out of the load that had values. ok is false if it may have
// used a secret in something that was not closed.
func (s sealer) reopened(env map[string]string) (model map[string]any, name string, ok bool) {
	l := s.app.loaded
	if l == nil || readsEnvironment(l.tree()) {
		return nil, "", false
	}
	for name := range l.names() {
		if s.mayBeSecret(name) {
			return nil, "", false
		}
	}
	model, err := l.opened(env, s.substitute)
	return model, l.name.Reveal(), err == nil
}

// mayBeSecret reports whether any value that the variable has is a secret.
func (s sealer) mayBeSecret(name string) bool {
	value, _ := s.app.src.env.Value(name)
	if s.sealing.Of(name, value) != "" {
		return true
	}
	return slices.ContainsFunc(s.app.seen[name], func(u use) bool { return s.sealing.Of(name, u.value) != "" })
}

// readsEnvironment reports whether compose-go took variables into tree that it did not
// interpolate: of bare keys, and of configs and secrets.
func readsEnvironment(tree map[string]any) bool {
	for _, service := range mapping(tree["services"]) {
		if _, open := mapping(service)["environment"].([]any); open {
			return true
		}
	}
	for _, kind := range []string{"configs", "secrets"} {
		for _, resource := range mapping(tree[kind]) {
			if mapping(resource)["environment"] != nil {
				return true
			}
		}
	}
	return tree["jobs"] != nil
}
