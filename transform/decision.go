package transform

import "github.com/docker-secrets/docker-secrets/secret"

// Decision is what becomes of one variable. It holds no value.
type Decision struct {
	Service, Image, Name string
	Finding
	Secret         string           // the secret that it moves to; "" when it stays, or has no value
	Unset          bool             // a secret without a value here: deploy finds one, or says that it is missing
	Weak           bool             // a secret whose value protects nothing
	TrimmedByImage bool             // the image would change the value when it reads it from a file
	Respelled      bool             // the compose file has it as a number, date or truth value, of which Compose makes another text
	InClear        bool             // it stays, and the stack file is the first to show its value
	From           secret.Reference // where it is written
	Origin         secret.Reference // where its value comes from: From, or the place in a secret manager that the value names
	Place          string           // FILE:LINE
}

// Declared is one secret of the application: its name, and every place that its
// value comes from, the project's own first. It holds no value.
type Declared struct {
	Name     string
	From     []secret.Reference
	Holds    []string // secrets whose values its own repeats within it, sorted
	EndsLine bool     // a line end is at the end of its value, which $(cat FILE) in a shell drops
}

// Decisions are the half of what Classify finds that holds no value.
type Decisions struct {
	Variables []Decision // sorted by service and name
	Secrets   []Declared // sorted by name; also those that no variable holds whole
}

// fromEnvFile tells whether the variable is in an env file. Those come after the
// variables that the compose file has.
func (d Decision) fromEnvFile() bool { return d.From.Scheme == "dotenv" }
