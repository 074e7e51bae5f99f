package compose

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/compose-spec/compose-go/v2/loader"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// Application is a Compose application as Load found it. It does not change. Every
// text that may be a value is in a secret.Value or in a closure, so that no dump of
// an Application shows one.
//
// It has no name: the name may be a secret until it is judged, so that only a sealed
// application has one.
type Application struct {
	Files   []string       // the compose files as people wrote them, in order of merging
	Notes   []string       // what Load decided without being asked
	Input   classify.Input // everything to be judged
	Written Written        // what the files themselves decide
	Names   Names          // what people may type

	name    secret.Value // of the project
	src     *sources
	builds  []Build // see OwnBuilds
	tree    *tree
	seen    recorder
	loaded  *loaded                     // nil if the application has to be loaded again with seals
	entries map[string]map[string]entry // service → variable → what is known of it

	defaults func(doc *yaml.Node) map[string][]string // variable → path of the text that gives it a default

	places func(p location) []string // see firstPlace

	fixedFiles map[string]variables // see readEnvFile

	variableFiles []string // see Evaluated.Files

	recalled *Recalled           // nil for none
	kept     []string            // see Kept
	lacking  bool                // the value of a secret of an earlier stack file is not here
	keptIn   map[string][]string // service → variables of env files that are missing
}

// entry is one environment variable of one service, before it is judged.
type entry struct {
	explicit bool // environment: has it, not an env file
	variable *classify.Variable
}

// Load reads the application that o describes. An error names file and line, or
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
	src.fenced = []loader.ResourceLoader{newFence(tree, src)}
	src.decode(tree)
	if !o.open {
		src.notClosable = tree.notClosable()
	}
	app := &Application{src: src, tree: tree, seen: recorder{}, Notes: src.notes, recalled: o.Recalled, keptIn: map[string][]string{}, defaults: newDefaults(), fixedFiles: map[string]variables{}}
	app.recall(o.Recalled)
	for _, file := range src.files {
		app.Files = append(app.Files, src.show(file.Filename))
	}
	model, name, l, err := src.firstModel(ctx, src.env.values.texts(), app.seen.substitute)
	if app.loaded = l; err != nil {
		return nil, app.explain(err)
	}
	app.name = secret.NewValue(name)
	if err = app.checkName(); err != nil {
		return nil, err
	}
	if len(mapping(model["services"])) == 0 {
		return nil, src.noServices()
	}
	if app.Written, err = written(model); err != nil {
		return nil, err
	}
	if err = app.checkStructure(model); err != nil {
		return nil, err
	}
	app.Names = namesOf(model)
	src.dropInactive(model)
	app.builds = app.Builds(model)
	if len(mapping(model["services"])) == 0 {
		app.Notes = append(app.Notes, "no service is active: every service has a profile; enable one with --profile")
	}
	if err = app.outside(model); err != nil {
		return nil, err
	}
	app.variableFiles = app.namedFiles(mapping(model["services"]), nil)
	if err := app.collect(model); err != nil {
		return nil, err
	}
	return app, nil
}

// collect fills a.Input with what the first load saw.
func (a *Application) collect(model map[string]any) error {
	services := mapping(model["services"])
	a.entries = make(map[string]map[string]entry, len(services))
	var faults []error
	many := 0
	names := slices.Sorted(maps.Keys(services))
	for _, name := range names {
		entries, err := a.environment(name, mapping(services[name]))
		faults = append(faults, err)
		a.entries[name] = entries
		many += len(entries)
	}
	a.Input.Variables = make([]classify.Variable, 0, many)
	for _, name := range names {
		for _, variable := range slices.Sorted(maps.Keys(a.entries[name])) {
			e := a.entries[name][variable]
			a.Input.Variables = append(a.Input.Variables, *e.variable)
			e.variable = &a.Input.Variables[len(a.Input.Variables)-1] // not held twice
			a.entries[name][variable] = e
		}
	}
	for _, use := range a.fileUses(model) {
		a.seen.note(use)
	}
	for _, use := range a.seen.sorted() {
		a.Input.Interpolated = append(a.Input.Interpolated, classify.Interpolated{
			Name: use.name, Value: use.value, Unset: use.unset, Default: use.word, From: a.fromEnvironment(use),
		})
	}
	a.Input.Interpolated = append(a.Input.Interpolated, a.resourceVariables(model)...)
	a.Input.Credentials = a.credentials(model)
	a.Input.Exposures = a.exposures(model)
	a.Input.Known = a.ownSecrets(model)
	a.Input.Taken = slices.Sorted(maps.Keys(mapping(model["secrets"])))
	a.recallCopies(model)
	return errors.Join(faults...)
}

// resourceVariables returns the variables that secrets.*.environment and
// configs.*.environment name. Their text is a secret whatever the name; only Lower
// uses them.
func (a *Application) resourceVariables(model map[string]any) []classify.Interpolated {
	var all []classify.Interpolated
	for _, kind := range []string{"configs", "secrets"} {
		resources := mapping(model[kind])
		for _, key := range slices.Sorted(maps.Keys(resources)) {
			name, _ := mapping(resources[key])["environment"].(string)
			value, ok := a.src.env.Value(name)
			if ok || kind == "configs" && name != "" {
				all = append(all, classify.Interpolated{
					Name: name, Value: value, Unset: !ok, From: a.fromEnvironment(use{name: name, value: value, unset: !ok}),
				})
			}
		}
	}
	return all
}

// fromEnvironment returns the reference to a variable that Compose interpolated. It
// is zero if the value is not found again.
func (a *Application) fromEnvironment(u use) secret.Reference {
	if u.word {
		return a.defaultReference(u)
	}
	if value, ok := a.src.env.Value(u.name); ok && value.Equal(u.value) {
		return a.environmentReference(u.name, a.src.envFiles, a.src.implied && a.src.dir == a.src.out)
	}
	if u.unset {
		return a.environmentReference(u.name, a.src.envFiles, a.src.implied && a.src.dir == a.src.out)
	}
	if b := a.tree.including(u); b != nil {
		return a.environmentReference(u.name, b.envFiles, false)
	}
	return secret.Reference{}
}

// defaultReference returns the reference to the default that gave u its value.
func (a *Application) defaultReference(u use) secret.Reference {
	for _, b := range a.tree.branches {
		for _, doc := range b.docs() {
			if path := a.defaults(doc)[u.name]; path != nil {
				ref := a.composeReference(location{branch: b, node: doc, path: path})
				ref.Query = append(ref.Query, secret.Param{Key: "default", Value: u.name})
				return ref
			}
		}
	}
	return secret.Reference{}
}

// environmentReference returns env://NAME with the env files to read it from.
// implied means that they are the .env beside the stack file, which deploy reads
// without being told.
func (a *Application) environmentReference(name string, files []string, implied bool) secret.Reference {
	ref := secret.Reference{Scheme: "env", Path: name}
	if !implied {
		for _, file := range files {
			ref.Query = append(ref.Query, secret.Param{Key: "file", Value: a.src.fromOut(file)})
		}
	}
	return ref
}
