package images

// Config is what an image says about the way it runs.
type Config struct {
	Entrypoint  []string // nil for none
	Command     []string // CMD, nil for none
	Shell       []string // what runs a text, nil for /bin/sh -c
	Variables   []string // names that its ENV sets; those that it also reads from a file will do
	Healthcheck []string // the test, "CMD" or "CMD-SHELL" first; nil for none
	HasShell    Answer   // whether /bin/sh is in it
	OnBuild     []string // the instructions that a Dockerfile FROM it runs first
}

// Answer is yes, no or not known.
type Answer string

// The answers.
const (
	NotKnown Answer = ""
	Yes      Answer = "yes"
	No       Answer = "no"
)
