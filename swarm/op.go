package swarm

import (
	"fmt"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// OpType says what an operation does.
type OpType string

// The operations. Keep and Use need no call of the Engine.
const (
	OpCreate OpType = "create"
	OpLabel  OpType = "label"  // what runs stays, its labels say another source, or other stacks
	OpKeep   OpType = "keep"   // what runs stays
	OpUse    OpType = "use"    // another version that is there already takes over
	OpRemove OpType = "remove" // of a plan that NewPrune made
)

// Op is one operation of a plan.
type Op struct {
	Type     OpType
	Kind     Kind
	Name     string   // the object's name on the Swarm
	Secret   string   // the logical name, of a config too
	Cause    string   // why; never a value
	Services []string // the stack's services that use it: the ones a create or use restarts
	Changed  bool     // what runs gets another value by it

	id       string // the object's, to remove
	version  int    // of the object; 0 for one that we did not create
	value    secret.Value
	template bool
	source   Source  // of the value to create, or to write into label's labels
	label    *Object // whose labels are to say source
	shared   bool    // create or label: a config that is the same for every stack
	released bool    // label: the stack does not use the shared config any more
}

// String returns the operation's line: "create db_password, not on the swarm (backend,
// postgres)".
func (o Op) String() string {
	kind := ""
	if o.Kind == Config {
		kind = "config "
	}
	line := fmt.Sprintf("%s %s%s, %s", o.Type, kind, o.Name, o.Cause)
	if len(o.Services) > 0 {
		line += " (" + strings.Join(o.Services, ", ") + ")"
	}
	return line
}

// effect returns what o does, to which version of which object.
func (o Op) effect() opEffect {
	return opEffect{o.Type, o.Kind, o.Secret, o.Name, o.version, o.Changed}
}

type opEffect struct {
	operation OpType
	kind      Kind
	secret    string // the logical name
	object    string // the name on the Swarm
	version   int
	changed   bool
}
