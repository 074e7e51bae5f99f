package compose

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// rootOf returns the folder that Options.Confined allows. With a COMPOSE_FILE that the
// application's own .env sets, it is the folder of that .env: an application cannot
// choose its own confinement.
func (s *sources) rootOf(o Options, paths []string) string {
	if o.ProjectDir != "" {
		return s.abs(o.ProjectDir)
	}
	_, ofShell := environLookup(o.Environ)("COMPOSE_FILE")
	if len(o.Files) > 0 || ofShell || len(paths) == 0 || firstFile(s.work, []string{".env"}) == "" {
		return s.folderOf(paths)
	}
	if defaults := defaultFiles(filepath.Dir(paths[0])); slices.Equal(defaults, paths) {
		return s.folderOf(paths)
	}
	return s.work
}

// confine refuses a path that is not in the folder that Options.Confined allows, also
// through a symbolic link. It opens nothing. shown is the path in the error.
func (s *sources) confine(path, shown string) error {
	if !s.confined || path == "-" || !leaves(s.root, path) {
		return nil
	}
	return fmt.Errorf("%s: outside the project, which --confined forbids; move the file into the project, or omit --confined", shown)
}

// confineOwn refuses the compose files and env files that the application chose itself:
// those that neither o nor the shell names.
func (s *sources) confineOwn(o Options, paths, envFiles []string) error {
	var faults []error
	shell := environLookup(o.Environ)
	if _, ofShell := shell("COMPOSE_FILE"); len(o.Files) == 0 && !ofShell {
		for _, path := range paths {
			faults = append(faults, s.confine(path, s.show(path)))
		}
	}
	if _, ofShell := shell("COMPOSE_ENV_FILES"); len(o.EnvFiles) == 0 && !ofShell {
		for _, path := range envFiles {
			faults = append(faults, s.confine(path, s.show(path)))
		}
	}
	return errors.Join(faults...)
}

// leaves tells whether path is outside of folder, also through a symbolic link.
func leaves(folder, path string) bool {
	real := resolve(path)
	if !exists(path) { // a link in the folder's own path is no way out of it
		real = filepath.Join(resolve(filepath.Dir(path)), filepath.Base(path))
	}
	rel, err := filepath.Rel(resolve(folder), real)
	return err != nil || !filepath.IsLocal(rel)
}

// fence refuses what compose-go would open by itself and must not: files of include and
// extends that are no regular files, too large, or outside of a confined project. It is
// a loader.ResourceLoader for the files that it refuses; any other is none of its own.
//
// newTree has read the files that it finds, with an error for the same faults. The
// fence is for those that only compose-go finds.
type fence struct {
	tree    *tree
	sources *sources
	folders []string        // that paths in the files of tree are relative to
	read    map[string]bool // the files of tree, by absolute path
}

func newFence(t *tree, s *sources) fence {
	f := fence{tree: t, sources: s, read: map[string]bool{}}
	known := map[string]bool{}
	for _, b := range t.all() {
		f.read[b.path] = true
		for _, folder := range []string{b.dir, filepath.Dir(b.path)} {
			if !known[folder] {
				known[folder] = true
				f.folders = append(f.folders, folder)
			}
		}
	}
	return f
}

// refusedError is an error of the fence. It shows no value.
type refusedError struct{ error }

// Accept tells whether the fence refuses path.
func (f fence) Accept(path string) bool { return f.refuse(path) != nil }

// Load returns why the fence refuses path.
func (f fence) Load(_ context.Context, path string) (string, error) { return "", f.refuse(path) }

// Dir returns path.
func (f fence) Dir(path string) string { return path }

// refuse returns the fault of a file that path may mean, nil for none. compose-go does
// not say which folder path is relative to, so all are tried; a file that newTree has
// read is what is meant.
func (f fence) refuse(path string) error {
	var fault error
	for _, folder := range f.folders {
		file := inFolder(folder, path)
		if f.read[file] {
			return nil
		}
		if fault == nil && f.sources.mayRead(file, file) != nil {
			fault = refusedError{f.sources.mayRead(file, f.tree.writtenPath(file, f.tree.all()...))}
		}
	}
	return fault
}

// mayRead returns the error of a file that is there and that must not be opened. A
// folder is none: compose-go asks for build contexts too.
func (s *sources) mayRead(path, shown string) error {
	if path == "-" || !isFile(path) {
		return nil
	}
	if err := s.confine(path, shown); err != nil {
		return err
	}
	if err := regular.Check(path); err != nil {
		return document.FileError(shown, err)
	}
	return nil
}

// isOutside tells whether path is not in the project's folder, also through a
// symbolic link.
func (s *sources) isOutside(path string) bool { return leaves(s.dir, path) }
