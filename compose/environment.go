package compose

import (
	"fmt"
	"iter"
	"maps"
	"strings"
)

// Environment is what Compose interpolates with: the shell's variables and,
// where the shell has none of that name, those of the env files.
type Environment struct {
	values map[string]string
	files  map[string]string // variable → env file that it came from; the shell's have none
}

// NewEnvironment takes the shell's environ (KEY=VALUE) and reads files in order,
// the later one winning, as `docker compose --env-file` does. Errors name file
// and line.
func NewEnvironment(environ, files []string) (*Environment, error) {
	env := &Environment{values: map[string]string{}, files: map[string]string{}}
	for _, pair := range environ {
		if key, text, ok := strings.Cut(pair, "="); ok && key != "" {
			env.values[key] = text
		}
	}
	return env, env.read(files)
}

// With is env with the variables of files added where env has none, as Compose
// does for the env files of an included application. env is not changed.
func (e *Environment) With(files []string) (*Environment, error) {
	env := &Environment{values: map[string]string{}, files: map[string]string{}}
	maps.Copy(env.values, e.values)
	maps.Copy(env.files, e.files)
	return env, env.read(files)
}

func (e *Environment) read(files []string) error {
	fromFiles, origin := map[string]string{}, map[string]string{}
	for _, file := range files {
		vars, err := ReadEnvFile(file, "", fromFiles, func(name string) (string, bool) {
			if text, ok := e.values[name]; ok {
				return text, true
			}
			text, ok := fromFiles[name]
			return text, ok
		})
		if err != nil {
			return fmt.Errorf("env file: %w", err)
		}
		for key, text := range vars {
			fromFiles[key], origin[key] = text, file
		}
	}
	for key, text := range fromFiles {
		if _, ok := e.values[key]; !ok {
			e.values[key], e.files[key] = text, origin[key]
		}
	}
	return nil
}

// All is every variable with its value, in no order.
func (e *Environment) All() iter.Seq2[string, string] { return maps.All(e.values) }

// Lookup answers with the value of name and whether it is set.
func (e *Environment) Lookup(name string) (string, bool) {
	text, ok := e.values[name]
	return text, ok
}
