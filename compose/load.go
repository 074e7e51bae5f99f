package compose

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// Application is a Compose application as Load found it. What it holds beyond
// its exported fields are values, for Seal.
type Application struct {
	Name    string         // the project's name
	Files   []string       // the compose files as people wrote them, in order of merging
	Notes   []string       // what Load decided without being asked
	Input   classify.Input // everything to be judged
	Written Written        // what the files themselves decide

	src     *sources
	tree    *tree
	seen    recorder
	entries map[string]map[string]entry // service → variable → what is known of it

	literals *literals // what Seal looked for; nil before it
}

// entry is one environment variable of one service, before it is judged.
type entry struct {
	text     string
	set      bool
	explicit bool // it stands in environment:, not in an env file
	variable classify.Variable
}

// Load reads the application that o names. An error names file and line, or
// compose-go's path, and never quotes a value.
func Load(ctx context.Context, o Options) (*Application, error) {
	src, err := gather(o)
	if err != nil {
		return nil, err
	}
	tree, err := newTree(src)
	if err != nil {
		return nil, err
	}
	app := &Application{src: src, tree: tree, seen: recorder{}, Notes: src.notes}
	for _, file := range src.files {
		app.Files = append(app.Files, src.show(file.Filename))
	}
	model, name, err := src.model(ctx, src.env.values, app.seen.substitute)
	if err != nil {
		return nil, app.explain(err)
	}
	app.Name = name
	if len(mapping(model["services"])) == 0 {
		return nil, src.noServices()
	}
	if app.Written, err = written(model); err != nil {
		return nil, err
	}
	src.dropInactive(model)
	if len(mapping(model["services"])) == 0 {
		app.Notes = append(app.Notes, "no service is active: each one has a profile; name one with --profile")
	}
	if err := app.collect(model); err != nil {
		return nil, err
	}
	return app, nil
}

// collect turns what the first load saw into the input of Classify.
func (a *Application) collect(model map[string]any) error {
	a.entries = map[string]map[string]entry{}
	services := mapping(model["services"])
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(services)) {
		service := mapping(services[name])
		entries, err := a.environment(name, service)
		faults = append(faults, err)
		a.entries[name] = entries
		for _, variable := range slices.Sorted(maps.Keys(entries)) {
			a.Input.Variables = append(a.Input.Variables, entries[variable].variable)
		}
	}
	for _, use := range a.seen.sorted() {
		a.Input.Interpolated = append(a.Input.Interpolated, classify.Interpolated{
			Name: use.name, Value: secret.NewValue(use.text), Default: use.word, From: a.fromEnvironment(use),
		})
	}
	a.Input.Interpolated = append(a.Input.Interpolated, a.resourceVariables(model)...)
	a.Input.Credentials = a.credentials(model)
	a.Input.Taken = slices.Sorted(maps.Keys(mapping(model["secrets"])))
	return errors.Join(faults...)
}

// resourceVariables are those that secrets.*.environment names. They are secrets
// whatever their name says, but nothing here reads them: Lower makes them x-from.
func (a *Application) resourceVariables(model map[string]any) []classify.Interpolated {
	var all []classify.Interpolated
	for _, kind := range []string{"configs", "secrets"} {
		resources := mapping(model[kind])
		for _, key := range slices.Sorted(maps.Keys(resources)) {
			name, _ := mapping(resources[key])["environment"].(string)
			if text, ok := a.src.env.Lookup(name); ok {
				all = append(all, classify.Interpolated{
					Name: name, Value: secret.NewValue(text), From: a.fromEnvironment(use{name: name, text: text}),
				})
			}
		}
	}
	return all
}

// fromEnvironment is the reference to a variable that Compose interpolated.
func (a *Application) fromEnvironment(u use) secret.Reference {
	if u.word {
		return a.defaultReference(u)
	}
	if text, ok := a.src.env.Lookup(u.name); ok && text == u.text {
		return a.environmentReference(u.name, a.src.envFiles, a.src.implied && a.src.dir == a.src.out)
	}
	if b := a.tree.including(u); b != nil {
		return a.environmentReference(u.name, b.envFiles, false)
	}
	return secret.Reference{}
}

// defaultReference is the place of a default, where nothing but a default gave
// the variable's value.
func (a *Application) defaultReference(u use) secret.Reference {
	for _, b := range a.tree.branches {
		for _, doc := range b.docs {
			if path := defaultPath(doc, u.name, nil); path != nil {
				ref := a.composeReference(place{branch: b, node: doc, path: path})
				ref.Query = append(ref.Query, secret.Param{Key: "default", Value: u.name})
				return ref
			}
		}
	}
	return secret.Reference{}
}

// environmentReference is env://NAME. The env files stand in it unless they are
// the .env beside the stack file, which deploy reads without being told.
func (a *Application) environmentReference(name string, files []string, implied bool) secret.Reference {
	ref := secret.Reference{Scheme: "env", Path: name}
	if !implied {
		for _, file := range files {
			ref.Query = append(ref.Query, secret.Param{Key: "file", Value: a.src.fromOut(file)})
		}
	}
	return ref
}

// use is one variable with one text that it gave.
type use struct {
	name, text string
	word       bool // the text is a default, not the variable's own
}

// recorder notes every variable that the first load interpolates.
type recorder map[use]bool

func (r recorder) substitute(text string, value template.Mapping) (string, error) {
	parts, err := expression.Parse(text)
	if err != nil {
		return "", err
	}
	return expression.Expand(parts, expression.Lookup(value), func(p expression.Part, text string, fromWord bool) string {
		r[use{name: p.Name, text: text, word: fromWord}] = true
		return text
	})
}

func (r recorder) sorted() []use {
	return slices.SortedFunc(maps.Keys(r), func(a, b use) int {
		return strings.Compare(a.name+"\x00"+a.text, b.name+"\x00"+b.text)
	})
}

// including is the branch whose env files gave u.
func (t *tree) including(u use) *branch {
	var search func(branches []*branch) *branch
	search = func(branches []*branch) *branch {
		for _, b := range branches {
			if text, ok := b.env.Lookup(u.name); ok && text == u.text && len(b.envFiles) > 0 {
				return b
			}
			if found := search(b.includes); found != nil {
				return found
			}
		}
		return nil
	}
	return search(t.branches)
}
