package compose

import (
	"fmt"
	"iter"
	"maps"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// variables maps the names of variables to their values.
type variables map[string]secret.Value

// lookup returns the text of name and whether it is set.
func (v variables) lookup(name string) (string, bool) {
	value, ok := v[name]
	return value.Reveal(), ok
}

// texts returns a copy of v for parsers that take plain maps. For nil it is an
// empty map.
func (v variables) texts() map[string]string {
	texts := make(map[string]string, len(v))
	for name, value := range v {
		texts[name] = value.Reveal()
	}
	return texts
}

// valuesOf returns texts as values.
func valuesOf(texts map[string]string) variables {
	values := make(variables, len(texts))
	for name, text := range texts {
		values[name] = secret.NewValue(text)
	}
	return values
}

// Environment is what Compose interpolates with: the shell's variables, and those
// of the env files that the shell does not set.
type Environment struct {
	values variables
	files  map[string]string // variable → env file that it came from; the shell's have none
}

// NewEnvironment takes the shell's environ (KEY=VALUE) and reads files in order.
// The later file wins, as with `docker compose --env-file`. Errors name file and
// line.
func NewEnvironment(environ, files []string) (*Environment, error) {
	env := &Environment{values: variables{}, files: map[string]string{}}
	for _, pair := range environ {
		if key, text, ok := strings.Cut(pair, "="); ok && key != "" {
			env.values[key] = secret.NewValue(text)
		}
	}
	return env, env.read(files)
}

// With returns env with the variables of files added where env has none, as
// Compose does for the env files of an included application. env is not changed.
func (e *Environment) With(files []string) (*Environment, error) {
	env := &Environment{values: maps.Clone(e.values), files: maps.Clone(e.files)}
	return env, env.read(files)
}

func (e *Environment) read(files []string) error {
	fromFiles, origin := variables{}, map[string]string{}
	for _, file := range files {
		vars, err := ReadEnvFile(file, "", fromFiles, e.Lookup)
		if err != nil {
			return fmt.Errorf("env file: %w", err)
		}
		for key, value := range vars {
			fromFiles[key], origin[key] = value, file
		}
	}
	for key, value := range fromFiles {
		if _, ok := e.values[key]; !ok {
			e.values[key], e.files[key] = value, origin[key]
		}
	}
	return nil
}

// All returns every variable with its value, in no order.
func (e *Environment) All() iter.Seq2[string, secret.Value] { return maps.All(e.values) }

// Value returns the value of name and whether it is set.
func (e *Environment) Value(name string) (secret.Value, bool) {
	value, ok := e.values[name]
	return value, ok
}

// Lookup returns the text of name and whether it is set, for interpolation.
func (e *Environment) Lookup(name string) (string, bool) { return e.values.lookup(name) }
