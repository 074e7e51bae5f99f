package compose

import (
	"maps"
	"slices"

	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// Held is what a secret or a config of the application's own holds in Compose, also of a
// config that is now a secret.
type Held struct {
	Name   string // in the sealed model
	Config bool   // else a secret
	Value  secret.Value
}

// heldText says where the content of one is: in a file, in a variable, or in text, with
// seals. What is written beside a seal may be a part of a secret.
type heldText struct {
	name           string
	config         bool
	file, variable string
	text           secret.Value
}

// heldTexts returns those of model, sorted by name.
func heldTexts(model map[string]any) []heldText {
	var all []heldText
	for _, kind := range []string{"configs", "secrets"} {
		resources := mapping(model[kind])
		for _, name := range slices.Sorted(maps.Keys(resources)) {
			if text := heldIn(mapping(resources[name])); text.file != "" || text.variable != "" || !text.text.Empty() {
				text.name, text.config = name, kind == "configs"
				all = append(all, text)
			}
		}
	}
	return all
}

// heldTexts adds the secrets that were configs.
func (s sealer) heldTexts(model map[string]any) []heldText {
	all := heldTexts(model)
	for _, name := range slices.Sorted(maps.Keys(s.made)) {
		all = append(slices.DeleteFunc(all, func(t heldText) bool { return t.name == name && !t.config }), s.made[name])
	}
	return all
}

// heldIn is the zero heldText for a resource that is external, or that the Engine fills
// in by a template of the author's own.
func heldIn(resource map[string]any) heldText {
	if resource["template_driver"] != nil {
		return heldText{}
	}
	var text heldText
	text.file, _ = resource["file"].(string)
	text.variable, _ = resource["environment"].(string)
	content, _ := resource["content"].(string)
	text.text = secret.NewValue(content)
	return text
}

// Held returns what the secrets and configs of s hold, with the values of sealing; those
// whose content is not here are left out.
func (a *Application) Held(s *SealedApplication, sealing classify.Sealing) []Held {
	values := map[string]secret.Value{}
	for _, known := range sealing.Values() {
		if _, found := values[known.Secret]; !found { // a copy of one that is not here comes after it
			values[known.Secret] = known.Value
		}
	}
	var all []Held
	for _, text := range s.held {
		if value, here := a.contentOf(text, values); here && !value.Empty() {
			all = append(all, Held{Name: text.name, Config: text.config, Value: value})
		}
	}
	return all
}

// contentOf reads the content of one; here is false if a part of it is not available.
func (a *Application) contentOf(text heldText, values map[string]secret.Value) (value secret.Value, here bool) {
	switch {
	case text.file != "":
		content, err := regular.Read(inFolder(a.src.dir, text.file))
		return secret.NewValue(string(content)), err == nil
	case text.variable != "":
		return a.src.env.Value(text.variable)
	}
	here = true
	made := seal.Replace(text.text.Reveal(), func(name string) string {
		known, found := values[name]
		here = here && found
		return known.Reveal()
	})
	return secret.NewValue(made), here
}
