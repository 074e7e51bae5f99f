package classify

import "github.com/docker-secrets/docker-secrets/secret"

// Input is everything in an application that may be a secret, as compose.Load found
// it.
type Input struct {
	Variables    []Variable     // sorted by service and name
	Interpolated []Interpolated // in any order
	Credentials  []Credential   // in order of path
	Taken        []string       // names that the application's own secrets: block uses
}

// Credential is a literal after a flag that takes one, in a command, an
// entrypoint or a healthcheck.
type Credential struct {
	Service string
	Path    string // of the whole text in the model: services.redis.command
	Value   secret.Value
	Uses    []string         // every variable that the text is made with and that something sets
	From    secret.Reference // where deploy finds the value again
}

// Variable is one environment entry of one service, from a compose file or an env
// file.
type Variable struct {
	Service string
	Image   string // "" for a service that is built from source
	Name    string
	Value   secret.Value
	Set     bool             // false for a bare key that nothing sets
	Of      string           // the interpolated variable whose value it is, unchanged; "" for any other value
	Uses    []string         // every variable that the value is made with and that something sets
	Shown   bool             // the value itself is in a compose file
	From    secret.Reference // where deploy finds the value again
	Place   string           // FILE:LINE, for people
}

// Interpolated is a variable of the compose files with one of the texts that it
// gave. A variable has several texts if its defaults differ.
type Interpolated struct {
	Name    string
	Value   secret.Value
	Default bool             // the text is the word in ${NAME:-word}
	From    secret.Reference // of a default: the first text that has it
}
