package classify

import (
	"slices"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Input is everything in an application that may be a secret, as compose.Load found
// it.
type Input struct {
	Variables    []Variable     // sorted by service and name
	Interpolated []Interpolated // in any order
	Credentials  []Credential   // in order of path
	Exposures    []Exposure     // in order of path
	Known        []secret.Value // distinctive contents of the application's own secrets
	Taken        []string       // names that the application's own secrets: block uses
	Held         []secret.Value // what takes the place of values that are not here, and are secrets
	Copies       []Sealed       // values of such secrets all the same: people wrote them out, and an earlier stack file tells whose they are
}

// remembers tells whether v stays a secret because it was one: with a value that is not
// here, v cannot be found to be a copy of it. One that is too short to hold a copy was
// none.
func (v Variable) remembers() bool { return v.WasSecret && v.Value.Len() >= minCopy }

// minCopy is the least length in bytes of a value that can be looked for in others.
const minCopy = 6

// RuleHeld is the rule of a variable whose verdict is that of an earlier stack file.
const RuleHeld = "stack-file:secret"

// Credential is a literal after a flag that takes one, in a command, an
// entrypoint or a healthcheck.
type Credential struct {
	Service string
	Path    string // of the whole text in the model: services.redis.command
	Value   secret.Value
	Uses    []string         // every variable that the text is made with and that something sets
	From    secret.Reference // where deploy finds the value again
}

// Exposure is a variable that gives a credential to a text which is no variable of
// a service: a label, an option of a log driver, the content of a config.
type Exposure struct {
	Path  string // of the text in the model
	Name  string
	Value secret.Value // what Name gives there
}

// Variable is one environment entry of one service, from a compose file or an env
// file.
type Variable struct {
	Service string
	Image   string // "" for a service that is built from source
	Base    string // the image of the table that such a service is built on, "" for none
	Name    string
	Value   secret.Value
	Set     bool             // false for a bare key that nothing sets
	Of      string           // the interpolated variable whose value it is, unchanged; "" for any other value
	Uses    []string         // every variable that the value is made with and that something sets
	Pieces  []Piece          // what the value is made of, in order; nil if that is not known
	Shown   bool             // the value itself is in a compose file
	From    secret.Reference // where deploy finds the value again
	Place   string           // FILE:LINE, for people

	WasSecret bool // an earlier stack file has it as a secret, and not every value is here
	Respelled bool // it is written as a number, date or truth value, of which Compose makes another text
}

// Piece is a stretch of a value.
type Piece struct {
	Value    secret.Value
	Variable string // whose value it is; "" for text that people wrote
	Unset    bool   // Variable is not set here
	Default  string // the variable whose default it is, where people wrote that; else ""
}

// Unset tells whether v has no value here because the variable that it wholly is has
// none: the author wrote no default, and set no empty text.
func (v Variable) Unset() bool {
	return !v.Set || len(v.Pieces) == 1 && v.Pieces[0].Unset
}

// Partial tells whether a variable that v is made with is not set here.
func (v Variable) Partial() bool {
	return v.Unset() || slices.ContainsFunc(v.Pieces, func(p Piece) bool { return p.Unset })
}

// Interpolated is a variable of the compose files with one of the texts that it
// gave. A variable has several texts if its defaults differ.
type Interpolated struct {
	Name    string
	Value   secret.Value
	Unset   bool             // Name is not set here, and Value is empty for that
	Default bool             // the text is the word in ${NAME:-word}
	From    secret.Reference // of a default: the first text that has it
}

// copiesOf are those of in.Copies that are of the secret.
func (in Input) copiesOf(name string) []Sealed {
	return slices.DeleteFunc(slices.Clone(in.Copies), func(copied Sealed) bool { return copied.Secret != name })
}
