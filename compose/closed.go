package compose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
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

// closable are the keys of a service whose value compose-go only passes on, and whether a
// list there has one entry a name, of which the last one counts.
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

// closedConfigs returns copies of the files' configs with all subtrees closed that can be;
// nil if none can.
func (s *sources) closedConfigs() []map[string]any {
	if s.notClosable == nil {
		return nil
	}
	configs := make([]map[string]any, len(s.files))
	for i, file := range s.files {
		if file.decoded.config == nil {
			return nil
		}
		configs[i] = file.decoded.config()
	}
	given := filesWith(configs)
	for i, config := range configs {
		services := maps.Clone(mapping(config["services"]))
		if services == nil {
			continue
		}
		configs[i] = maps.Clone(config)
		configs[i]["services"] = services
		for name, service := range services {
			if holder := mapping(service); holder != nil && !s.notClosable[name] {
				services[name] = closeService(holder, func(key string) bool { return given[[2]string{name, key}] == 1 })
			}
		}
	}
	return configs
}

// filesWith returns for each service and closable key how many of configs have it.
func filesWith(configs []map[string]any) map[[2]string]int {
	given := map[[2]string]int{}
	for _, config := range configs {
		for name, service := range mapping(config["services"]) {
			for key := range mapping(service) {
				if _, ok := closable[key]; ok {
					given[[2]string{name, key}]++
				}
			}
		}
	}
	return given
}

// closeService returns a copy of service with its subtrees closed for which once holds.
func closeService(service map[string]any, once func(key string) bool) map[string]any {
	service = maps.Clone(service)
	for key := range closable {
		if value, ok := service[key]; ok && once(key) && isClosable(key, value) {
			service[key] = &closedValue{value: func() any { return value }}
		}
	}
	return service
}

// isClosable reports whether the schema has nothing against value, whatever is interpolated.
func isClosable(key string, value any) bool {
	switch v := value.(type) {
	case string:
		return !closable[key]
	case map[string]any:
		for name, entry := range v {
			if name == "" || !isScalar(entry) {
				return false
			}
		}
		return closable[key]
	case []any:
		seen := map[string]bool{}
		for _, item := range v {
			text, ok := item.(string)
			if !ok || closable[key] && (seen[text] || text == "") {
				return false
			}
			seen[text] = true
		}
		return true
	}
	return false
}

// isScalar reports whether value is what the schema accepts of a variable.
func isScalar(value any) bool {
	switch v := value.(type) {
	case nil, string, bool, int, int64, uint64:
		return true
	case float64:
		return !math.IsNaN(v) && !math.IsInf(v, 0)
	}
	return false
}

// notClosable returns the services that are made of several: those that extend another or
// are extended, and those of included files.
func (t *tree) notClosable() map[string]bool {
	found := map[string]bool{}
	for _, b := range t.all() {
		own := slices.Contains(t.branches, b)
		for _, doc := range b.docs() {
			for _, name := range t.keys(t.descend(b, doc, []string{"services"})) {
				extends := t.descend(b, doc, []string{"services", name, "extends"})
				if !own || extends.found() || t.descend(b, doc, []string{"services", name, "pre_start"}).found() {
					found[name] = true
				}
				if extends.found() {
					found[cmp.Or(t.child(b, extends.node, "service").text(), extends.text())] = true
				}
			}
		}
	}
	return found
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
