package dockerfile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
)

// argument is the value of an ARG or ENV; nil where it exists and is not known.
type argument struct{ value *string }

// variables are arguments by name.
type variables map[string]argument

func (v variables) Get(name string) (string, bool) {
	a, ok := v[name]
	if !ok || a.value == nil {
		return "", ok
	}
	return *a.value, true
}

func (v variables) Keys() []string { return slices.Sorted(maps.Keys(v)) }

// expand replaces the variables in text as BuildKit does. missing are the variables
// without a known value that decide the result, sorted.
func (r *reader) expand(text string, from variables) (result string, missing []string) {
	got, err := r.lex.ProcessWordWithMatches(text, from)
	if err != nil {
		return "", []string{text}
	}
	for name := range got.Unmatched {
		if !hasDefault(text, name) {
			missing = append(missing, name)
		}
	}
	for name := range got.Matched {
		if from[name].value == nil {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	return got.Result, missing
}

// hasDefault tells whether text says what to take when name has no value.
func hasDefault(text, name string) bool {
	for _, form := range []string{":-", "-", ":+", "+"} {
		if strings.Contains(text, "${"+name+form) {
			return true
		}
	}
	return false
}

// declare is ARG: a build argument's value, else what is inherited, else the default.
// An ARG without any of them declares nothing.
func (r *reader) declare(into variables, inherited map[string]argument, arg instructions.KeyValuePairOptional) {
	given, isGiven := r.build.Args[arg.Key]
	outer, isInherited := inherited[arg.Key]
	switch {
	case isGiven:
		into[arg.Key] = argument{given}
	case arg.Value != nil:
		into[arg.Key] = r.evaluate(*arg.Value, into)
	case isInherited:
		into[arg.Key] = outer
	}
}

// evaluate is text with its variables replaced, or not known if one of them is not.
// A variable that was never declared is empty, as in BuildKit.
func (r *reader) evaluate(text string, from variables) argument {
	result, missing := r.expand(text, from)
	for _, name := range missing {
		if known, declared := from[name]; declared && known.value == nil {
			return argument{}
		}
	}
	return argument{&result}
}

// follower keeps the values that variables have, for USER.
type follower struct {
	*reader
	set     map[string]bool // by ENV
	scope   variables       // by ENV and ARG, which a stage passes on to those built on it
	user    string
	unknown string // why the user is not known
}

func (f *follower) follow(s step) {
	switch c := s.command.(type) {
	case *instructions.ArgCommand:
		for _, arg := range c.Args {
			f.declare(f.scope, f.global, arg)
		}
	case *instructions.EnvCommand:
		for _, pair := range c.Env {
			f.scope[pair.Key] = f.evaluate(pair.Value, f.scope)
			f.set[pair.Key] = true
		}
	case *instructions.UserCommand:
		user, missing := f.expand(c.User, f.scope)
		f.user, f.unknown = user, ""
		if len(missing) > 0 {
			f.user, f.unknown = "", fmt.Sprintf("%s:%d: USER %s: %s has no value here", f.build.Name, s.line, c.User, strings.Join(missing, ", "))
		}
	}
}
