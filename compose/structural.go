package compose

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// structural is a text that says how an application is put together: the path of a file,
// or the name of something. Paths and names are shown in messages and written into
// references, so none may be a secret.
type structural struct {
	keys      []string // in the model
	text      string
	reference bool // it names something that the application declares
}

// structuralTexts returns those of model, in a fixed order.
func structuralTexts(model map[string]any) []structural {
	var all []structural
	add := func(reference bool, value any, keys ...string) {
		for _, text := range textsOf(value, reference) {
			all = append(all, structural{keys: keys, text: text, reference: reference})
		}
	}
	services := mapping(model["services"])
	for _, name := range slices.Sorted(maps.Keys(services)) {
		service := mapping(services[name])
		for _, key := range []string{"env_file", "label_file"} {
			add(false, service[key], "services", name, key)
		}
		for _, key := range []string{"configs", "secrets", "networks", "depends_on", "links", "volumes_from", "models"} {
			add(true, service[key], "services", name, key)
		}
		add(true, mapping(service["build"])["secrets"], "services", name, "build", "secrets")
	}
	for _, kind := range []string{"configs", "secrets"} {
		resources := mapping(model[kind])
		for _, name := range slices.Sorted(maps.Keys(resources)) {
			for _, key := range []string{"file", "environment"} {
				add(false, mapping(resources[name])[key], kind, name, key)
			}
		}
	}
	return all
}

// textsOf are the texts of a scalar, of a list and of the source or path of its items;
// of a mapping its keys, where they are references.
func textsOf(value any, reference bool) []string {
	var all []string
	switch v := value.(type) {
	case string:
		all = append(all, v)
	case []any:
		for _, item := range v {
			if m := mapping(item); m != nil {
				all = append(all, textsOf(m["source"], reference)...)
				all = append(all, textsOf(m["path"], reference)...)
				continue
			}
			all = append(all, textsOf(item, reference)...)
		}
	case map[string]any:
		if reference {
			all = slices.Sorted(maps.Keys(v))
		}
	}
	return all
}

// referenceText is what a reference may be: the name of a resource or a service, with
// an alias or a mode behind it.
//
//nolint:gochecknoglobals // an expression, never written
var referenceText = lazyregexp.New(`^[a-zA-Z0-9._-]+(?::[a-zA-Z0-9._-]+){0,2}$`)

func isReference(text string) bool { return referenceText().MatchString(text) }

// checkStructure refuses paths and names that show a credential, and what can be no
// name. The errors quote nothing.
func (a *Application) checkStructure(model map[string]any) error {
	var faults []error
	for _, s := range structuralTexts(model) {
		switch {
		case s.reference && !isReference(s.text):
			faults = append(faults, a.structuralFault(s, "not a name; write one of letters, digits, '.', '_' and '-' that is declared"))
		case !s.reference && len(verdict.Credentials(s.text)) > 0:
			faults = append(faults, a.structuralFault(s, "it looks like a credential, and paths and names are no secrets; write another one"))
		}
	}
	return errors.Join(faults...)
}

// checkStructure refuses secrets in paths and names.
func (s sealer) checkStructure(model map[string]any) error {
	var faults []error
	for _, text := range structuralTexts(model) {
		if seal.Has(text.text) || s.literals.in(text.text) || s.literals.disguise(text.text) {
			faults = append(faults, s.app.structuralFault(text, "a secret is in it, and paths and names are shown; write another one, or mark the variable as plain with --plain"))
		}
	}
	return errors.Join(faults...)
}

// structuralFault is an error with FILE:LINE and the model's path.
func (a *Application) structuralFault(s structural, fault string) error {
	path := ""
	for _, key := range s.keys {
		if !verdict.Showable(key) {
			key = hidden
		}
		path = joinPath(path, key)
	}
	if where := a.tree.near(s.keys); where != "" {
		path = where + ": " + path
	}
	return fmt.Errorf("%s: %s", path, fault)
}
