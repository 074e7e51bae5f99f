package compose

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// VariableSpot returns where the variable of service is written: in a compose file, or
// in the last env file that sets it.
func (a *Application) VariableSpot(service, variable string) Spot {
	if p := a.tree.locate("services", service, "environment", variable); p.found() {
		return spotOf(p)
	}
	if e, found := a.entries[service][variable]; found && e.variable.From.Scheme == "dotenv" {
		return EnvFileSpot(inFolder(a.src.out, filepath.FromSlash(e.variable.From.Path)), variable)
	}
	return Spot{}
}

func spotOf(p location) Spot {
	node := p.key
	if node == nil {
		node = p.node
	}
	if node == nil {
		return Spot{}
	}
	return Spot{File: p.branch.path, Line: node.Line, Column: node.Column}
}

// EnvFileSpot returns the line of the env file at path that sets key, the last one.
func EnvFileSpot(path, key string) Spot {
	content, err := regular.Read(path)
	if err != nil {
		return Spot{File: path}
	}
	return Spot{File: path, Line: KeyLine(string(content), key), Column: 1}
}

// KeyLine returns the last line of an env file's text that sets key, 0 for none.
func KeyLine(text, key string) int {
	found := 0
	number := 0
	for line := range strings.Lines(text) {
		number++
		name, _, assigns := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
		if assigns && strings.TrimSpace(name) == key {
			found = number
		}
	}
	return found
}

// EnvFiles returns the absolute paths of the env files that the application reads and
// that are here: those of services, and those that it is interpolated with. They are
// sorted.
func (a *Application) EnvFiles() []string {
	found := map[string]bool{}
	add := func(path string) {
		if isFile(path) {
			found[path] = true
		}
	}
	for _, path := range a.src.envFiles {
		add(path)
	}
	for _, b := range a.tree.all() {
		for _, path := range b.envFiles {
			add(path)
		}
	}
	for _, entries := range a.entries {
		for _, e := range entries {
			if e.variable.From.Scheme == "dotenv" {
				add(inFolder(a.src.out, filepath.FromSlash(e.variable.From.Path)))
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// Contexts returns the folders on this machine that images are built from, in order of
// service. Of each Build only where it is built from is filled in.
func (a *Application) Contexts(ctx context.Context) ([]Build, error) {
	model, _, err := a.src.model(ctx, a.src.env.values.texts(), recorder{}.substitute)
	if err != nil {
		return nil, a.explain(err)
	}
	a.src.dropInactive(model)
	var all []Build
	for _, b := range a.Builds(model) {
		if b.Remote == "" {
			all = append(all, Build{Service: b.Service, Context: b.Context, Dockerfile: b.Dockerfile})
		}
	}
	return all, nil
}
