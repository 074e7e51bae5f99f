package stackfile

import "github.com/docker-secrets/docker-secrets/secret"

// Stack is what deploy needs to know of one or several stack files. Values of
// "$$" are read back as "$".
type Stack struct {
	Name      string     // x-stack:, "" when no file says it
	Version   string     // version: of the last file that has one, or ""
	Files     []string   // as given
	Services  []Deployed // sorted by name
	Networks  []Network  // sorted by name
	Local     []Local    // sorted by name
	Objects   []Object   // secrets, then configs, each sorted by name
	Inlined   []Inline   // sorted by name
	InClear   []InClear  // in order of file and line
	Unread    []Unread   // in order of file and line
	Variables []Variable // what the docker CLI would interpolate, in order of file and line
	Made      Made       // x-migrate: of the last file that has one

	Edited bool              // a file was edited by hand, beyond what people may edit
	Images map[string]string // x-images: its lines by image, nil for none
}

// InClear is a credential that a stack file shows, as x-in-clear: says.
type InClear struct {
	Path string // of the credential
	File string
	Line int // in x-in-clear
}

// Variable is one ${NAME} without a default.
type Variable struct {
	Name string
	File string
	Line int
}

// Object is one external secret or config that a stack file declares.
type Object struct {
	Config   bool               // else a secret
	Name     string             // key in secrets: or configs:
	Pin      string             // name:, "" for none
	From     []secret.Reference // x-from:, nil for none
	Template bool               // Text is a template that the Engine fills in for each task
	Text     *string            // x-content: of a config, x-template: of a secret; nil for none
	Shim     bool               // a service starts through this config, and deploy has its text
	Services []string           // that refer to it, sorted
	Targets  []string           // the names of its files in them, sorted
	File     string             // where it is declared
	Line     int
}

// Block is the top-level key that the object stands in.
func (o Object) Block() string {
	if o.Config {
		return "configs"
	}
	return "secrets"
}

// Inline is one ${NAME} that deploy has to be allowed to fill in.
type Inline struct {
	Name string
	From []secret.Reference
}
