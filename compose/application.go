package compose

import (
	"path/filepath"
	"slices"

	"github.com/docker-secrets/docker-secrets/secret"
)

// OutputDir returns the absolute path of the folder of the stack file.
func (a *Application) OutputDir() string { return a.src.out }

// Folder returns the absolute path of the project directory.
func (a *Application) Folder() string { return a.src.dir }

// Show returns path as people wrote it: relative if it is below the folder that
// they work in.
func (a *Application) Show(path string) string { return a.src.show(path) }

// Sources returns the compose files relative to the stack file, in order of
// merging.
func (a *Application) Sources() []string {
	all := make([]string, len(a.src.files))
	for i, file := range a.src.files {
		all[i] = a.src.fromOut(file.Filename)
		if file.Filename == "-" {
			all[i] = "stdin"
		}
	}
	return all
}

// Reads tells whether the application is made from the file at path: a compose
// file, an included or extended file, or an env file.
func (a *Application) Reads(path string) bool {
	path = resolve(path)
	for _, b := range a.tree.all() {
		if resolve(b.path) == path {
			return true
		}
	}
	envFiles := map[string]bool{}
	for _, v := range a.Input.Variables {
		if v.From.Scheme == "dotenv" {
			envFiles[v.From.Path] = true
		}
	}
	for file := range envFiles {
		if resolve(inFolder(a.src.out, filepath.FromSlash(file))) == path {
			return true
		}
	}
	return slices.Contains(a.src.envFiles, path)
}

// resolve follows symbolic links. It returns path cleaned if there is no such file.
func resolve(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return filepath.Clean(path)
}

// Lookup answers with a variable of the project, which the shell or an env file sets.
func (a *Application) Lookup(name string) (secret.Value, bool) { return a.src.env.Value(name) }
