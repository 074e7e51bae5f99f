package compose

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// environment collects a service's variables: those of environment:, then those
// of its env files that environment: does not set, the later file winning, as
// compose-go's WithServicesEnvironmentResolved merges them.
func (a *Application) environment(name string, service map[string]any) (map[string]entry, error) {
	image, _ := service["image"].(string)
	if service["build"] != nil {
		image = ""
	}
	entries := map[string]entry{}
	explicit := map[string]string{}
	for key, value := range environmentEntries(service["environment"]) {
		e := entry{explicit: true}
		if value == nil {
			e.text, e.set = a.src.env.Lookup(key)
		} else {
			e.text, e.set = scalarText(value), true
		}
		if e.set {
			explicit[key] = e.text
		}
		e.variable = a.explicitVariable(name, key, e)
		entries[key] = e
	}
	fromFiles, err := a.envFileEntries(name, service["env_file"], explicit)
	for key, e := range fromFiles {
		if _, ok := entries[key]; !ok {
			entries[key] = e
		}
	}
	if nameless, ok := entries[""]; ok {
		err = errors.Join(err, fmt.Errorf("%s: services.%s: a variable without a name; write NAME=VALUE", nameless.variable.Place, name))
	}
	for key, e := range entries {
		e.variable.Service, e.variable.Image, e.variable.Name = name, image, key
		e.variable.Value, e.variable.Set = secret.NewValue(e.text), e.set
		entries[key] = e
	}
	return entries, err
}

// environmentEntries reads either form of environment:. A nil value is a bare
// key.
func environmentEntries(value any) map[string]any {
	switch v := value.(type) {
	case map[string]any:
		return v
	case []any:
		entries := map[string]any{}
		for _, item := range v {
			key, text, ok := strings.Cut(scalarText(item), "=")
			if entries[key] = nil; ok {
				entries[key] = text
			}
		}
		return entries
	}
	return nil
}

// ScalarText is a YAML scalar as Compose hands it to a container.
func scalarText(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// explicitVariable finds where an entry of environment: stands and what it is
// made of.
func (a *Application) explicitVariable(service, key string, e entry) classify.Variable {
	p := a.tree.locate("services", service, "environment", key)
	v := classify.Variable{Place: a.tree.at(p), Shown: true}
	raw, bare := rawEntry(p)
	if !p.found() || bare {
		v.Whole, v.Uses = key, []string{key}
		v.Shown = false
		v.From = a.fromEnvironment(use{name: key, text: e.text})
		return v
	}
	v.From = a.composeReference(p)
	parts, err := expression.Parse(raw)
	if err != nil {
		return v
	}
	v.Uses = expression.Names(parts, nil)
	var last use
	text, err := expression.Expand(parts, p.branch.env.Lookup, func(q expression.Part, text string, fromWord bool) string {
		last = use{name: q.Name, text: text, word: fromWord}
		v.Shown = v.Shown && fromWord
		return text
	})
	if err != nil || text != e.text {
		return v // merged from more than this place: the reference is evaluated all the same
	}
	if v.Whole = expression.Whole(parts); v.Whole != "" && !last.word {
		if from := a.fromEnvironment(last); !from.IsZero() {
			v.From = from
		}
	}
	return v
}

// rawEntry is the text at p before interpolation; bare when p is a key alone.
func rawEntry(p place) (raw string, bare bool) {
	if !p.found() {
		return "", true
	}
	if p.key != nil {
		return p.node.Value, p.node.Tag == "!!null"
	}
	_, raw, found := strings.Cut(p.node.Value, "=")
	return raw, !found
}

// composeReference is compose://FILE#PATH, with the env files that Compose would
// interpolate it with where they are not the stack file's own.
func (a *Application) composeReference(p place) secret.Reference {
	ref := secret.Reference{Scheme: "compose", Path: a.src.fromOut(p.branch.path), Fragment: strings.Join(p.path, ".")}
	files, implied := a.src.envFiles, a.src.implied && a.src.dir == a.src.out
	if len(p.branch.envFiles) > 0 {
		files, implied = p.branch.envFiles, false
	}
	if !implied && strings.Contains(p.node.Value, "$") {
		for _, file := range files {
			ref.Query = append(ref.Query, secret.Param{Key: "file", Value: a.src.fromOut(file)})
		}
	}
	return ref
}

// envFileEntries reads the env files of a service in order. explicit are the
// variables that environment: sets.
func (a *Application) envFileEntries(service string, list any, explicit map[string]string) (map[string]entry, error) {
	entries := map[string]entry{}
	before := maps.Clone(explicit)
	value := func(name string) (string, bool) {
		if text, ok := a.src.env.Lookup(name); ok {
			return text, true
		}
		text, ok := explicit[name]
		return text, ok
	}
	files, _ := list.([]any)
	for _, item := range files {
		file := mapping(item)
		path := inFolder(a.src.dir, scalarText(file["path"]))
		format := scalarText(file["format"])
		if _, err := os.Stat(path); os.IsNotExist(err) {
			if required, ok := file["required"].(bool); ok && !required {
				continue
			}
			return entries, a.missingEnvFile(service, path)
		}
		vars, err := ReadEnvFile(path, format, before, value)
		if err != nil {
			return entries, fmt.Errorf("services.%s.env_file: %w", service, a.src.shown(err, path))
		}
		made := madeWith(path, format)
		for key, text := range vars {
			before[key] = text
			entries[key] = entry{text: text, set: true, variable: classify.Variable{
				Uses: made[key], From: a.envFileReference(path, format, key, len(made[key]) > 0), Place: a.src.show(path),
			}}
		}
	}
	return entries, nil
}

// envFileReference is dotenv://PATH#KEY. made tells that the value is made with
// variables, which need the env files that Compose would interpolate them with.
func (a *Application) envFileReference(path, format, key string, made bool) secret.Reference {
	ref := secret.Reference{Scheme: "dotenv", Path: a.src.fromOut(path), Fragment: key}
	if format != "" {
		ref.Query = []secret.Param{{Key: "format", Value: format}}
	}
	if made && (!a.src.implied || a.src.dir != a.src.out) {
		for _, file := range a.src.envFiles {
			ref.Query = append(ref.Query, secret.Param{Key: "file", Value: a.src.fromOut(file)})
		}
	}
	return ref
}

func (a *Application) missingEnvFile(service, path string) error {
	where := a.tree.at(a.tree.locate("services", service, "env_file"))
	if where != "" {
		where += ": "
	}
	return fmt.Errorf("%sservices.%s.env_file: %s does not exist; create it or set required: false", where, service, a.src.show(path))
}

// Marks stand for variables while an env file is read only to learn which
// variable each of its values is made with. Plane 16 is for private use, and the
// font makers' icons stay out of it.
const (
	markOpen  = "\U0010F0F0"
	markClose = "\U0010F0F1"
)

// madeWith tells for each key of the env file at path the variables in its
// value. Faults are left to the reading proper.
func madeWith(path, format string) map[string][]string {
	vars, err := ReadEnvFile(path, format, nil, func(name string) (string, bool) {
		return markOpen + name + markClose, true
	})
	if err != nil {
		return nil
	}
	made := map[string][]string{}
	for key, text := range vars {
		for text != "" {
			_, rest, found := strings.Cut(text, markOpen)
			if !found {
				break
			}
			name, tail, _ := strings.Cut(rest, markClose)
			made[key] = append(made[key], name)
			text = tail
		}
		slices.Sort(made[key])
		made[key] = slices.Compact(made[key])
	}
	return made
}
