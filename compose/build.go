package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Build is what a service's build: says, as far as it decides how its image runs.
type Build struct {
	Service    string
	Image      string             // the image's name; "" for Compose's own
	Context    string             // the folder, absolute; "" for one that is not on this machine
	Remote     string             // the context as written if it is not on this machine
	Outside    bool               // the folder is not in the project's
	Dockerfile string             // relative to the context or absolute; "" for the usual one
	Inline     string             // the Dockerfile's text, "" for none
	Target     string             // "" for the last stage
	Args       map[string]*string // nil for a value that is not known here, or is a secret
	Contexts   map[string]string  // additional_contexts
}

// Builds returns the services of model that are built, in order of name. model is not
// changed.
func (a *Application) Builds(model map[string]any) []Build {
	var all []Build
	services := mapping(model["services"])
	for _, name := range slices.Sorted(maps.Keys(services)) {
		service := mapping(services[name])
		if value := service["build"]; value != nil {
			b := a.build(value)
			b.Service, b.Image = name, asText(service["image"])
			all = append(all, b)
		}
	}
	return all
}

// OwnBuilds returns what Builds returns for the application before it is sealed, for
// whoever asks before its secrets are known. Arguments that look secret have no value.
func (a *Application) OwnBuilds() []Build { return a.builds }

// build reads build: in either of its forms.
func (a *Application) build(value any) Build {
	spec := mapping(value)
	if text, short := value.(string); short {
		spec = map[string]any{"context": text}
	}
	b := Build{
		Dockerfile: asText(spec["dockerfile"]), Inline: asText(spec["dockerfile_inline"]), Target: asText(spec["target"]),
		Args: map[string]*string{}, Contexts: map[string]string{},
	}
	context := asText(spec["context"])
	if isElsewhere(context) {
		b.Remote = context
	} else {
		b.Context = inFolder(a.src.dir, context)
		b.Outside = a.src.isOutside(b.Context)
	}
	eachPair(spec["args"], func(name string, value any) {
		b.Args[name] = nil
		text := fmt.Sprint(value)
		looksSecret := verdict.Policy{}.Judge(verdict.Candidate{Name: name, Value: secret.NewValue(text)}).Verdict == transform.Secret
		if value != nil && !seal.Has(text) && !looksSecret {
			b.Args[name] = &text
		}
	})
	eachPair(spec["additional_contexts"], func(name string, value any) { b.Contexts[name] = asText(value) })
	return b
}

// isElsewhere tells whether a context is no folder: a repository, an archive, or what
// another service builds.
func isElsewhere(context string) bool {
	return isRemote(context) || strings.HasPrefix(context, "github.com/") || strings.HasPrefix(context, "service:") || seal.Has(context)
}

// eachPair visits the entries of a mapping, or of a list of NAME=VALUE. The value of a
// name alone is nil.
func eachPair(value any, visit func(name string, value any)) {
	pairs := mapping(value)
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		visit(name, pairs[name])
	}
	list, _ := value.([]any)
	for _, item := range list {
		name, text, set := strings.Cut(asText(item), "=")
		if set {
			visit(name, text)
		} else {
			visit(name, nil)
		}
	}
}

// Confined tells whether files outside the project's folder may not be read.
func (a *Application) Confined() bool { return a.src.confined }
