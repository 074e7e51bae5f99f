package swarm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// OpType says what an operation does.
type OpType string

// The operations. Keep and Use need no call of the Engine.
const (
	OpCreate OpType = "create"
	OpLabel  OpType = "label"  // what runs stays, its labels say another source
	OpKeep   OpType = "keep"   // what runs stays
	OpUse    OpType = "use"    // another version that is there already takes over
	OpRemove OpType = "remove" // of a plan that NewPrune made
)

// Op is one operation of a plan.
type Op struct {
	Type     OpType
	Kind     Kind
	Name     string   // the object's name on the Swarm
	Want     string   // the logical name
	Cause    string   // why; never a value
	Services []string // the stack's services that use it: the ones a create or use restarts
	Changed  bool     // what runs gets another value by it

	id       string // the object's, to remove
	version  int    // of the object to create
	value    secret.Value
	template bool
	source   Source  // of the value to create, or to write into label's labels
	label    *Object // whose labels are to say source
}

// String is the operation's line: "create db_password, not on the swarm (backend, postgres)".
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

// Pin says under which name on the Swarm a secret or config of the stack file is
// to be used.
type Pin struct {
	Kind      Kind
	Name      string // the logical name
	SwarmName string
}

// Plan is what a deploy will do to the secrets and configs of one stack.
type Plan struct {
	Stack string
	Ops   []Op  // secrets, then configs, each sorted by logical name
	Pins  []Pin // in the order of Ops
}

// String is one line an operation, each with a line end.
func (p Plan) String() string {
	var b strings.Builder
	for _, op := range p.Ops {
		b.WriteString(op.String() + "\n")
	}
	return b.String()
}

// Empty tells whether Apply has nothing to do.
func (p Plan) Empty() bool {
	return !slices.ContainsFunc(p.Ops, func(o Op) bool { return o.Type == OpCreate || o.Type == OpRemove || o.label != nil })
}

// Changed returns the operations by which something that runs gets another
// value: the ones that are somebody's decision.
func (p Plan) Changed() []Op {
	return slices.DeleteFunc(slices.Clone(p.Ops), func(o Op) bool { return !o.Changed })
}

// NewPlan works out what has to be done so that stack can run with wants. It
// calls nothing: state comes from Observe and Compare. All faults are reported
// together, sorted by name: values that are missing (in one line), values and
// names that the Swarm refuses, secrets of others that are in the way, and
// changed values without a decision.
func NewPlan(stack string, wants []Want, state State, opts Options) (Plan, error) {
	state.Stack = stack
	wants = slices.Clone(wants)
	slices.SortFunc(wants, func(a, b Want) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	plan := Plan{Stack: stack}
	var faults faults
	for _, want := range wants {
		op, err := planOne(want, state, opts.decision(want.Name))
		if err != nil {
			faults.add(want, err)
			continue
		}
		plan.Ops = append(plan.Ops, labelled(op, want, state))
		plan.Pins = append(plan.Pins, Pin{Kind: want.Kind, Name: want.Name, SwarmName: op.Name})
	}
	faults.errs = append(faults.errs, doubles(plan.Ops)...)
	return plan, faults.join()
}

// planOne decides about one want: is its value here, is it on the Swarm, does
// something else run?
func planOne(want Want, state State, decision Decision) (Op, error) {
	if err := want.check(); err != nil {
		return Op{}, err
	}
	candidates := state.candidates(want)
	if !want.Found {
		return planWithoutValue(want, state, candidates, decision)
	}
	if len(candidates) == 0 {
		return want.create(state, "not on the swarm"), nil
	}
	running := state.runs(candidates[0])
	if equal, found := state.equal(want, candidates); found {
		return planEqual(want, state, candidates[0], equal, decision)
	}
	switch foreign, inTheWay := state.foreign(want); {
	case inTheWay:
		return Op{}, fmt.Errorf("%s: the swarm has a %s %s already, %s, with another value; give yours another name with name: or --prefix, or remove that one",
			want.Name, want.Kind, foreign.Name, foreign.madeBy())
	case !running:
		return want.create(state, "no version on the swarm has this value"), nil
	case want.Kind == Config:
		// A config is part of the stack file; who edits it has decided.
		return want.create(state, "content changed"), nil
	case decision == Rotate:
		op := want.create(state, "value changed")
		op.Changed = true
		return op, nil
	case decision == Undecided && want.Source.follows(candidates[0].Source):
		op := want.create(state, "version "+want.Source.Version+" of "+want.Source.Reference)
		op.Changed = true
		return op, nil
	case decision == Keep:
		return want.keep(candidates[0], "value changed, not rotated"), nil
	}
	return Op{}, undecided(want, candidates[0])
}

// planEqual is for a value that is on the Swarm already, as equal; first is the
// best candidate, which runs if any does.
func planEqual(want Want, state State, first, equal Object, decision Decision) (Op, error) {
	cause := "unchanged"
	if equal.Owner.Stack != state.Stack {
		cause = equal.madeBy() + ", same value"
	}
	switch {
	case equal.ID == first.ID || !state.runs(first) || want.Kind == Config || state.runs(equal):
		return want.keep(equal, cause), nil
	case decision == Rotate, decision == Undecided && want.Source.follows(first.Source):
		op := want.keep(equal, "has the value, "+first.Name+" runs")
		op.Type, op.Changed = OpUse, true
		return op, nil
	case decision == Keep:
		return want.keep(first, "value changed, not rotated"), nil
	}
	return Op{}, undecided(want, first)
}

// planWithoutValue is for a value that was not found: what runs stays. Only a
// decision makes the name in the stack file win over what runs.
func planWithoutValue(want Want, state State, candidates []Object, decision Decision) (Op, error) {
	if len(candidates) == 0 {
		return Op{}, errMissing
	}
	cause := "value not available here"
	if want.Absent != "" {
		cause += " (" + want.Absent + ")"
	}
	first := candidates[0]
	pinned, found := state.find(want.Kind, want.swarmName())
	if !found || pinned.ID == first.ID || !state.runs(first) {
		return want.keep(first, cause), nil
	}
	if decision == Rotate && want.Pin != "" {
		op := want.keep(pinned, "named in the stack file, "+first.Name+" runs")
		op.Type, op.Changed = OpUse, true
		return op, nil
	}
	return want.keep(first, cause), nil
}

func (w Want) create(state State, cause string) Op {
	name, version := state.newName(w)
	return Op{
		Type: OpCreate, Kind: w.Kind, Name: name, Want: w.Name, Cause: cause, Services: w.Services,
		version: version, value: w.Value, template: w.Template, source: w.Source,
	}
}

func (w Want) keep(o Object, cause string) Op {
	return Op{Type: OpKeep, Kind: w.Kind, Name: o.Name, Want: w.Name, Cause: cause, Services: w.Services, version: o.Owner.Version}
}

// equal returns the candidate of which Compare learned that it has the value.
func (s State) equal(want Want, candidates []Object) (Object, bool) {
	for _, object := range candidates {
		if s.answers[question{want.Kind, want.Name, object.ID}] {
			return object, true
		}
	}
	return Object{}, false
}

// foreign returns the object with the name that the stack file gives when it is
// not ours and no version of ours could take its place.
func (s State) foreign(want Want) (Object, bool) {
	object, found := s.find(want.Kind, want.swarmName())
	if !found || len(s.ours(want)) > 0 {
		return Object{}, false
	}
	return object, true
}

func (o Object) madeBy() string {
	if o.Owner.Stack == "" {
		return "not made by docker secrets"
	}
	return "made for stack " + o.Owner.Stack
}
