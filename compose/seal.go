package compose

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// SealedApplication is the application with every secret replaced by a seal
// (transform.Of). It holds no value of a secret, and no text of the source
// but keys, comments and order.
type SealedApplication struct {
	Name   string
	Model  map[string]any // compose-go's merged tree; env files and label files folded in
	Layout *Layout        // the order, forms and comments of the source
}

// Seal loads the application again with the secrets of sealing replaced, and
// fails closed: before it returns it searches everything that it is about to
// hand on for every value. The errors are those of Load, for an application that
// compose-go does not take once a secret stands where a number or a name must:
// they name the variable and the place.
func (a *Application) Seal(ctx context.Context, sealing classify.Sealing) (*SealedApplication, error) {
	s := sealer{app: a, sealing: sealing}
	literals := newLiterals(sealing.Values())
	a.literals = literals
	env := s.environment()
	model, name, err := a.src.model(ctx, env, s.substitute)
	if err != nil {
		return nil, a.explainSealed(err)
	}
	s.sealResources(model)
	if err := a.src.check(model, name, env); err != nil {
		return nil, a.explainChecked(err, literals)
	}
	a.src.dropInactive(model)
	dropExtensions(model)
	s.sealEntries(model)
	s.sealCredentials(model)
	if err := s.sealLabels(model); err != nil {
		return nil, err
	}
	literals.sealModel(model)
	for _, value := range mapping(model["configs"]) {
		if content, ok := mapping(value)["content"].(string); ok {
			mapping(value)["content"] = literals.sealContent(content)
		}
	}
	if a.src.keep {
		s.keepVariables(model)
	}
	s.dropRemarks()
	a.src.rebase(model)
	layout := a.tree.layout(literals)
	layout.envFiles = a.envFilesShown()
	if err := scan(model, layout, literals); err != nil {
		return nil, err
	}
	return &SealedApplication{Name: name, Model: model, Layout: layout}, nil
}

// dropRemarks takes away the comments behind secrets that are written out: for
// YAML " #" begins one, for whoever wrote the password it may have been a part.
func (s sealer) dropRemarks() {
	for service, entries := range s.app.entries {
		for name := range entries {
			if s.sealing.At(service, name) != "" {
				s.dropRemark([]string{"services", service, "environment", name})
			}
		}
	}
	for _, one := range s.app.Input.Credentials {
		if s.sealing.Credential(one.Path, one.Value) != "" {
			within := strings.TrimPrefix(one.Path, "services."+one.Service+".") // the name may hold dots
			s.dropRemark(append([]string{"services", one.Service}, strings.Split(within, ".")...))
		}
	}
}

// dropRemark takes away the comment behind every text at path that is no variable.
func (s sealer) dropRemark(path []string) {
	for p := range s.app.tree.places(path) {
		if raw, bare := rawEntry(p); !bare && !strings.HasPrefix(raw, "$") {
			p.node.LineComment = ""
		}
	}
}

// envFilesShown tells for each service which env file sets which variable.
func (a *Application) envFilesShown() map[string]map[string]string {
	shown := map[string]map[string]string{}
	for service, entries := range a.entries {
		shown[service] = map[string]string{}
		for name, e := range entries {
			if !e.explicit {
				shown[service][name] = e.variable.Place
			}
		}
	}
	return shown
}

// sealer replaces the secrets that sealing names while compose-go loads.
type sealer struct {
	app     *Application
	sealing classify.Sealing
}

// environment is the project's, with a seal for every variable that is a secret.
// A variable that nothing in the files names is not judged yet: it is sealed
// when its name alone makes it a secret, and can then turn up nowhere.
func (s sealer) environment() map[string]string {
	env := maps.Clone(s.app.src.env.values)
	for name, text := range env {
		if secretName := s.sealing.Of(name, secret.NewValue(text)); secretName != "" {
			env[name] = seal.Of(secretName)
		}
	}
	return env
}

// substitute interpolates text with seals for secrets.
func (s sealer) substitute(text string, value template.Mapping) (string, error) {
	parts, err := expression.Parse(text)
	if err != nil {
		return "", err
	}
	return expression.Expand(parts, expression.Lookup(value), func(p expression.Part, text string, _ bool) string {
		if seal.Has(text) {
			return text
		}
		if name := s.sealing.Of(p.Name, secret.NewValue(text)); name != "" {
			return seal.Of(name)
		}
		return text
	})
}

// sealEntries puts each service's variables, those of its env files included,
// into environment in the author's form, and a seal for each one that moves.
func (s sealer) sealEntries(model map[string]any) {
	for name, value := range mapping(model["services"]) {
		service := mapping(value)
		delete(service, "env_file")
		entries := s.app.entries[name]
		if len(entries) == 0 {
			continue
		}
		texts := make(map[string]any, len(entries))
		current := environmentEntries(service["environment"])
		for key, e := range entries {
			switch sealed := s.sealing.At(name, key); {
			case sealed != "":
				texts[key] = seal.Of(sealed)
			case !e.set:
				texts[key] = nil
			case e.explicit && current[key] != nil:
				texts[key] = current[key] // as the sealed load made it, with its type
			default:
				texts[key] = e.text
			}
		}
		service["environment"] = s.inForm(service["environment"], texts, "services", name, "environment")
	}
}

// dropExtensions removes what the author keeps for anchors to point at. A stack
// has no use for it, and a secret in it is not lost.
func dropExtensions(model map[string]any) {
	isExtension := func(key string, _ any) bool { return strings.HasPrefix(key, "x-") && key != "x-stack" }
	maps.DeleteFunc(model, isExtension)
	for _, service := range mapping(model["services"]) {
		maps.DeleteFunc(mapping(service), isExtension)
	}
}

// inForm writes texts as a list where the author has one at path, else as a
// mapping. Where files are merged, or one extends another, compose-go makes lists
// of mappings: value is what it made.
func (s sealer) inForm(value any, texts map[string]any, path ...string) any {
	list, isList := value.([]any)
	if at := s.app.tree.locate(path...); at.found() && at.node.Kind == yaml.MappingNode {
		isList = false
	}
	if isList {
		return inOrder(list, texts)
	}
	return texts
}

// inOrder writes texts as a list in the order of list; what it did not have
// follows, sorted.
func inOrder(list []any, texts map[string]any) []any {
	var keys []string
	for _, item := range list {
		key, _, _ := strings.Cut(scalarText(item), "=")
		if _, ok := texts[key]; ok && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	items := make([]any, len(keys))
	for i, key := range keys {
		items[i] = key
		if texts[key] != nil {
			items[i] = key + "=" + scalarText(texts[key])
		}
	}
	return items
}
