package swarm

import (
	"fmt"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Kind tells secrets and configs apart. Both have versions, pins and owners; a
// config's content can be read back, a secret's cannot.
type Kind int

// The kinds. The zero Kind is a secret.
const (
	Secret Kind = iota
	Config
)

func (k Kind) String() string {
	if k == Config {
		return "config"
	}
	return "secret"
}

// Want is one secret or config that the stack file names.
type Want struct {
	Kind     Kind
	Name     string       // the logical name: the key in the stack file
	Pin      string       // the name on the Swarm that the file gives (name:), or ""
	Value    secret.Value // a config's content too
	Found    bool         // Value was resolved; without it the object may still be on the Swarm
	Template bool         // Value is a template that the Engine renders for each task
	From     string       // where Value comes from, for messages; never a value
	Absent   string       // why Value was not found there, where that is known
	Held     string       // why its source may not be used before somebody allowed it; Found is false
	Allowed  []string     // what somebody allowed about its source, to be remembered; sorted
	Known    string       // the ID of a secret that is known to have Value; "" asks
	Source   Source       // where a secret manager has Value; zero for any other place
	Share    bool         // it is to be the secret of another stack that has its name
	Services []string     // the stack's services that use it, sorted
	Common   bool         // a config that is the same for every stack, and is called after its content
}

// objectName returns the name on the Swarm: the pin, else the logical name.
func (w Want) objectName() string {
	if w.Pin != "" {
		return w.Pin
	}
	return w.Name
}

// check returns what the Swarm would refuse about w, or nil.
func (w Want) check() error {
	if err := secret.CheckName(w.objectName()); err != nil {
		return err
	}
	if !w.Found {
		return nil
	}
	limit := secret.MaxSize
	if w.Kind == Config {
		limit = secret.MaxConfigSize
	}
	switch size := w.Value.Len(); {
	case size == 0:
		return fmt.Errorf("%s: the value%s is empty, and Swarm has no empty %ss", w.Name, w.from(), w.Kind)
	case size > limit:
		return fmt.Errorf("%s: the value%s has %d bytes, Swarm takes at most %d for a %s", w.Name, w.from(), size, limit, w.Kind)
	}
	return nil
}

func (w Want) from() string {
	if w.From == "" {
		return ""
	}
	return " of " + w.From
}

// valuesOf returns the values of the secrets among wants that were found.
func valuesOf(wants []Want) []secret.Value {
	var values []secret.Value
	for _, want := range wants {
		if want.Kind == Secret && want.Found {
			values = append(values, want.Value)
		}
	}
	return values
}
