package compose

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// earlyEnvironment returns what is known before the compose files are: the shell,
// and the .env of the folder where the search for them starts.
func (s *sources) earlyEnvironment(o Options) (*Environment, error) {
	folder := s.abs(o.ProjectDir)
	if o.ProjectDir == "" && len(o.Files) > 0 {
		folder = s.folderOf(s.absAll(o.Files))
	}
	files, err := s.envFilesFor(o, folder)
	if err != nil {
		return nil, err
	}
	s.root = folder
	if err = s.confineOwn(o, nil, files); err != nil {
		return nil, err
	}
	env, err := NewEnvironment(o.Environ, o.atHand(files))
	return env, s.shown(err, files...)
}

// environment reads the env files again, now that the project directory is known.
func (s *sources) environment(o Options, early *Environment) (*Environment, error) {
	files, err := s.envFilesFor(o, s.dir)
	if err != nil {
		return nil, err
	}
	s.envFiles = files
	if err = s.confineOwn(o, nil, files); err != nil {
		return nil, err
	}
	s.implied = len(files) == 0 || len(files) == 1 && files[0] == filepath.Join(s.dir, ".env") && len(o.EnvFiles) == 0
	env, err := NewEnvironment(o.Environ, o.atHand(files))
	if err != nil {
		return nil, s.shown(err, files...)
	}
	for key, file := range early.files { // docker compose keeps what it read on the way
		if _, ok := env.values[key]; !ok {
			env.values[key], env.files[key] = early.values[key], file
		}
	}
	return env, nil
}

func (s *sources) envFilesFor(o Options, folder string) ([]string, error) {
	shell := environLookup(o.Environ)
	files := o.EnvFiles
	if list, ok := shell("COMPOSE_ENV_FILES"); ok && len(files) == 0 {
		files = splitList(list, ",")
	}
	if len(files) > 0 {
		return s.absAll(files), nil
	}
	if text, ok := shell("COMPOSE_DISABLE_ENV_FILE"); ok {
		off, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("COMPOSE_DISABLE_ENV_FILE: not a truth value; set it to true or false")
		}
		if off {
			return nil, nil
		}
	}
	implied := filepath.Join(folder, ".env")
	if info, err := os.Stat(implied); err == nil && !info.IsDir() {
		return []string{implied}, nil
	}
	return nil, nil
}
