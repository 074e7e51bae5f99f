package compose

import (
	"path/filepath"
	"slices"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
)

// Flags are the choices that a stack file was made with. Paths are relative to its
// folder.
type Flags struct {
	Files, EnvFiles, Profiles []string
	Name, ProjectDir          string
}

// Flags returns the choices that a was loaded with, where they are not what is chosen
// without them. Compose files from stdin are no choice to repeat.
func (a *Application) Flags() Flags {
	s := a.src
	f := Flags{Name: s.name, Profiles: slices.DeleteFunc(slices.Clone(s.profiles), func(name string) bool { return name == "" })}
	paths := make([]string, len(s.files))
	for i, file := range s.files {
		paths[i] = file.Filename
	}
	if !slices.Equal(paths, defaultFiles(s.out)) && !slices.Contains(paths, "-") {
		f.Files = s.fromOutAll(paths)
	}
	if !s.implied {
		f.EnvFiles = s.fromOutAll(s.envFiles)
	}
	if s.dir != s.folderOf(paths) {
		f.ProjectDir = s.fromOut(s.dir)
	}
	return f
}

func (s *sources) fromOutAll(paths []string) []string {
	all := make([]string, len(paths))
	for i, path := range paths {
		all[i] = s.fromOut(path)
	}
	return all
}

// atHand returns those of files that exist if something is recalled, else all of them:
// without a stack file, one that is missing is a fault.
func (o Options) atHand(files []string) []string {
	if o.Recalled == nil {
		return files
	}
	return slices.DeleteFunc(slices.Clone(files), func(path string) bool { return !isFile(filepath.Clean(path)) })
}

// places returns o with the folder and the env files of an earlier stack file where o
// and the shell say nothing.
func (o Options) places(shell expression.Lookup) Options {
	if o.Recalled == nil {
		return o
	}
	if o.ProjectDir == "" {
		o.ProjectDir = o.Recalled.Flags.ProjectDir
	}
	if _, said := shell("COMPOSE_ENV_FILES"); !said && len(o.EnvFiles) == 0 {
		o.EnvFiles = o.Recalled.Flags.EnvFiles
	}
	return o
}

// choices returns o with the files, the profiles and the name of an earlier stack file
// where o and the environment say nothing.
func (o Options) choices(env expression.Lookup) Options {
	if o.Recalled == nil {
		return o
	}
	was := o.Recalled.Flags
	if _, said := env("COMPOSE_FILE"); !said && len(o.Files) == 0 {
		o.Files = was.Files
	}
	if _, said := env("COMPOSE_PROFILES"); !said && len(o.Profiles) == 0 {
		o.Profiles = was.Profiles
	}
	if _, said := env("COMPOSE_PROJECT_NAME"); !said && o.Name == "" {
		o.Name = was.Name
	}
	return o
}
