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
	OpChange OpType = "change" // what runs has another value, and nobody decided yet; the plan has a fault
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
	From     string   // where the value comes from, "" for none; never a value
	Needs    []string // what has to be given on the command line first: --rotate
	Services []string // the stack's services that use it: the ones a create or use restarts
	Changed  bool     // what runs gets another value by it

	id       string // the object's, to remove
	version  int    // of the object; 0 for one that we did not create
	value    secret.Value
	template bool
	made     Made     // for the labels of what is created
	source   Source   // of the value to create, or to write into label's labels
	allowed  []string // what somebody allowed about that source
	label    *Object  // whose labels are to say source and allowed
	common   bool     // create or label: a config that is the same for every stack
	released bool     // label: the stack does not use the common config any more
}

// The causes that most lines of a plan have.
const (
	causeNew   = "new"
	causeEqual = "unchanged"
)

// String returns the operation's line: "create db_password from env://DB_PASSWORD
// (backend, postgres)", "create db_password_v2, value changed, from env://DB_PASSWORD
// (backend, postgres)", "change db_password, needs --rotate, from …". A value that comes from somewhere is new where nothing else is said.
func (o Op) String() string {
	kind := ""
	if o.Kind == Config {
		kind = "config "
	}
	line := fmt.Sprintf("%s %s%s", o.Type, kind, o.Name)
	if o.Type == OpCreate && o.Cause == causeNew {
		if o.From != "" {
			line += " from " + o.From
		}
		line += o.needs()
	} else {
		if o.Cause != "" {
			line += ", " + o.Cause
		}
		line += o.needs()
		if o.From != "" && !strings.Contains(o.Cause, o.From) {
			line += ", from " + o.From
		}
	}
	if len(o.Services) > 0 {
		line += " (" + strings.Join(o.Services, ", ") + ")"
	}
	return line
}

// needs returns ", needs --rotate and --yes", or nothing.
func (o Op) needs() string {
	if len(o.Needs) == 0 {
		return ""
	}
	return ", needs " + strings.Join(o.Needs, " and ")
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

// madeBy returns o with who creates its object, and where its value comes from.
func (o Op) madeBy(who string) Op {
	if o.Kind == Secret && who != "" {
		o.made = Made{By: who, From: o.From}
	}
	return o
}
