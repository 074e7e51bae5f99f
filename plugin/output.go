package plugin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// outputFile is where the stack file goes, and what is there now.
type outputFile struct {
	path    string // "-" is stdout
	shown   string
	content []byte // nil for nothing
	state   stackfile.Ownership
}

// openOutput reads what is there, and refuses a path that must not be written.
func openOutput(app *compose.Application, options migrateOptions) (outputFile, error) {
	if options.output == "-" {
		return outputFile{path: "-", shown: "-"}, nil
	}
	name := defaultOutput
	if options.output != "" {
		name = filepath.Base(options.output)
	}
	file := outputFile{path: filepath.Join(app.OutputDir(), name)}
	file.shown = app.Show(file.path)
	if app.Reads(file.path) {
		return file, fmt.Errorf("%s: the stack file would replace a file that it is made from; give another name with -o", file.shown)
	}
	if leaves(file.path, app.Folder(), app.OutputDir()) {
		return file, fmt.Errorf("%s is a symbolic link out of the project's folder; remove it, or name the file itself with -o", file.shown)
	}
	content, err := regular.Read(file.path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return file, nil
	case err != nil:
		return file, fmt.Errorf("%s cannot be read; give another name with -o", file.shown)
	}
	if err := stackfile.CheckFormat(file.shown, content); err != nil {
		return file, err
	}
	file.content = content
	file.state, _ = stackfile.Inspect(content)
	return file, nil
}

// leaves tells whether the file at path is a symbolic link to a place in none of
// folders.
func leaves(path string, folders ...string) bool {
	target, err := os.Readlink(path)
	if err != nil {
		return false // no link
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(path), target)
	}
	target = followed(target)
	return !slices.ContainsFunc(folders, func(folder string) bool {
		rel, err := filepath.Rel(followed(folder), target)
		return err == nil && filepath.IsLocal(rel)
	})
}

// followed is path without symbolic links. Of a file that does not exist, it is the
// folder that is followed.
func followed(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(folder, filepath.Base(path))
	}
	return filepath.Clean(path)
}
