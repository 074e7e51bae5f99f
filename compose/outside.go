package compose

import (
	"errors"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// outside reports the files that the application names and that are not in the
// project's folder: whoever wrote the compose file decides what is read. With
// Options.Confined it refuses them. It refuses what is no regular file anywhere.
func (a *Application) outside(model map[string]any) error {
	var faults []error
	for _, path := range a.namedFiles(mapping(model["services"]), resourceFiles(model)) {
		if err := regular.Check(path); err != nil {
			faults = append(faults, document.FileError(a.tree.writtenPath(path, a.tree.all()...), err))
			continue
		}
		if !a.src.isOutside(path) && a.src.confine(path, path) == nil {
			continue
		}
		shown := a.tree.writtenPath(path, a.tree.all()...)
		if err := a.src.confine(path, shown); err != nil {
			faults = append(faults, err)
			continue
		}
		a.Notes = append(a.Notes, "reads "+shown+", outside the project")
	}
	return errors.Join(faults...)
}

// namedFiles returns the absolute paths of the files that the application itself names
// and that are there, sorted: env files and label files of services, included and extended
// files, and those of resources.
func (a *Application) namedFiles(services map[string]any, resources []string) []string {
	found := map[string]bool{}
	add := func(path string) {
		if path = inFolder(a.src.dir, path); exists(path) {
			found[path] = true
		}
	}
	for _, value := range services {
		for _, path := range serviceFiles(mapping(value)) {
			add(path)
		}
	}
	for _, path := range resources {
		add(path)
	}
	for _, b := range a.tree.all() {
		given := slices.ContainsFunc(a.src.files, func(f sourceFile) bool { return f.Filename == b.path })
		if !given && !strings.HasPrefix(b.path, "-") {
			add(b.path)
		}
		for _, file := range b.envFiles {
			add(file)
		}
	}
	delete(found, a.src.dir)
	return slices.Sorted(maps.Keys(found))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// resourceFiles are the files of configs and secrets, as they are written.
func resourceFiles(model map[string]any) []string {
	var paths []string
	for _, kind := range []string{"configs", "secrets"} {
		for _, value := range mapping(model[kind]) {
			paths = append(paths, asText(mapping(value)["file"]))
		}
	}
	return paths
}

// serviceFiles are the env files and label files of a service, as they are written.
func serviceFiles(service map[string]any) []string {
	var paths []string
	files, _ := service["env_file"].([]any)
	for _, file := range files {
		paths = append(paths, asText(mapping(file)["path"]))
	}
	for _, file := range itemsOf(service["label_file"]) {
		paths = append(paths, asText(file))
	}
	return paths
}
