package swarm

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Pin says which object on the Swarm is to be used for a secret or config of the
// stack file.
type Pin struct {
	Kind   Kind
	Secret string // the logical name, of a config too
	Object string // the name on the Swarm
}

// Plan is what a deploy will do to the secrets and configs of one stack.
type Plan struct {
	Stack  string
	MadeBy string // who applies it, for the labels of what is created
	Ops    []Op   // secrets, then configs, each sorted by logical name
	Pins   []Pin  // in the order of Ops
}

// String returns one line an operation, each with a line end.
func (p Plan) String() string {
	var b strings.Builder
	for _, op := range p.Ops {
		b.WriteString(op.String() + "\n")
	}
	return b.String()
}

// Same reports whether p does the same to the same versions of the same objects as other.
// What their lines say besides, such as a cause, does not count.
func (p Plan) Same(other Plan) bool {
	return slices.EqualFunc(p.Ops, other.Ops, func(a, b Op) bool { return a.effect() == b.effect() })
}

// Empty reports whether Apply has nothing to do.
func (p Plan) Empty() bool {
	return !slices.ContainsFunc(p.Ops, func(o Op) bool {
		return o.Type == OpCreate || o.Type == OpRemove || o.Type == OpLabel || o.label != nil
	})
}

// NewPlan works out what has to be done so that stack can run with wants. It
// calls nothing: state comes from Observe and Compare. All faults are reported
// together, sorted by name: values that are missing (in one line), values and
// names that the Swarm refuses, secrets of others that are in the way, changed
// values without a choice in consent, and sources that nobody allowed. The last two are
// in the plan all the same, with what they need.
func NewPlan(stack string, wants []Want, state State, consent Consent) (Plan, error) {
	state.Stack = stack
	wants = slices.Clone(wants)
	slices.SortFunc(wants, func(a, b Want) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	plan := Plan{Stack: stack}
	var faults faults
	for _, want := range wants {
		op, err := planWant(want, state, consent.choice(want.Name))
		if err != nil {
			faults.add(want, err)
			if waiting, waits := want.waiting(state, err); waits {
				plan.Ops = append(plan.Ops, waiting)
			}
			continue
		}
		plan.Ops = append(plan.Ops, labelled(op, want, state))
		plan.Pins = append(plan.Pins, Pin{Kind: want.Kind, Secret: want.Name, Object: op.Name})
	}
	faults.errs = append(faults.errs, doubles(plan.Ops)...)
	return plan, faults.join()
}

// planWant works out one want: is its value here, is it on the Swarm, does
// something else run?
func planWant(want Want, state State, choice Choice) (Op, error) {
	if err := want.check(); err != nil {
		return Op{}, err
	}
	if want.Common {
		return planCommon(want, state)
	}
	if want.Held != "" {
		return Op{}, &SourceError{Name: want.Name, From: want.From, Reason: want.Held}
	}
	if want.Share {
		return planShared(want, state, choice)
	}
	candidates := state.candidates(want)
	if !want.Found {
		return planWithoutValue(want, state, candidates, choice)
	}
	if len(candidates) == 0 {
		return want.create(state, state.whyNew(want)), nil
	}
	running := state.runs(candidates[0])
	if equal, found := state.equal(want, candidates); found {
		return planEqual(want, state, candidates[0], equal, choice)
	}
	switch foreign, inTheWay := state.foreign(want); {
	case inTheWay:
		return Op{}, fmt.Errorf("%s: the swarm has a %s %s already, not made by docker secrets, with another value; give yours another name with name: or --prefix, or remove that one",
			want.Name, want.Kind, foreign.Name)
	case !running && state.isOthers(candidates[0]):
		return want.create(state, state.whyNew(want)), nil
	case !running:
		return want.create(state, "no version on the swarm has this value"), nil
	case want.Kind == Config:
		// A config is part of the stack file; who edits it has decided.
		return want.create(state, "content changed"), nil
	case choice == Rotate:
		op := want.create(state, "value changed")
		op.Changed = true
		return op, nil
	case choice == NoChoice && want.Source.follows(candidates[0].Source):
		op := want.create(state, "version "+want.Source.Version+" of "+want.Source.Reference)
		op.Changed = true
		return op, nil
	case choice == Keep:
		return want.keep(candidates[0], "value changed, not rotated"), nil
	}
	return Op{}, noConsent(want, candidates[0])
}

// planEqual plans for a value that is already on the Swarm, as equal; first is the best
// candidate, which runs if any does.
func planEqual(want Want, state State, first, equal Object, choice Choice) (Op, error) {
	cause := causeEqual
	if equal.Owner.Stack != state.Stack {
		cause = equal.madeBy() + ", same value"
	}
	switch {
	case equal.ID == first.ID || !state.runs(first) || want.Kind == Config || state.runs(equal):
		return want.keepEqual(equal, cause), nil
	case choice == Rotate, choice == NoChoice && want.Source.follows(first.Source):
		op := want.keepEqual(equal, "has the value, "+first.Name+" runs")
		op.Type, op.Changed = OpUse, true
		return op, nil
	case choice == Keep:
		return want.keep(first, "value changed, not rotated"), nil
	}
	return Op{}, noConsent(want, first)
}

// planWithoutValue plans for a value that was not found: what runs stays. Only Rotate
// makes the name in the stack file win over what runs.
func planWithoutValue(want Want, state State, candidates []Object, choice Choice) (Op, error) {
	if object, found := state.others(want); len(candidates) == 0 && found {
		return Op{}, fmt.Errorf("%w; %s on the swarm belongs to stack %s, and --share %s uses it", errMissing, object.Name, object.Owner.Stack, want.Name)
	}
	if len(candidates) == 0 {
		return Op{}, errMissing
	}
	cause := "value not available here"
	if want.Absent != "" {
		cause += " (" + want.Absent + ")"
	}
	first := candidates[0]
	pinned, found := state.find(want.Kind, want.objectName())
	if !found || pinned.ID == first.ID || !state.runs(first) {
		return want.keep(first, cause), nil
	}
	if choice == Rotate && want.Pin != "" {
		op := want.keep(pinned, "named in the stack file, "+first.Name+" runs")
		op.Type, op.Changed = OpUse, true
		return op, nil
	}
	return want.keep(first, cause), nil
}

func (w Want) create(state State, cause string) Op {
	name, version := state.newName(w)
	return Op{
		Type: OpCreate, Kind: w.Kind, Name: name, Secret: w.Name, Cause: cause, From: w.From, Services: w.Services,
		version: version, value: w.Value, template: w.Template, source: w.Source, allowed: state.allowedFor(w),
	}
}

func (w Want) keep(o Object, cause string) Op {
	return Op{Type: OpKeep, Kind: w.Kind, Name: o.Name, Secret: w.Name, Cause: cause, Services: w.Services, version: o.Owner.Version}
}

// waiting returns the operation for a want that waits for a decision, as err says; false
// if err is about something else.
func (w Want) waiting(state State, err error) (Op, bool) {
	if _, held := errors.AsType[*SourceError](err); held {
		op := w.create(state, state.whyNew(w))
		if candidates := state.candidates(w); len(candidates) > 0 {
			op = w.keep(candidates[0], "not compared with its source")
		}
		op.From, op.Needs = w.From, []string{"--allow-source"}
		return op, true
	}
	changed, waits := errors.AsType[*ConsentError](err)
	if !waits {
		return Op{}, false
	}
	return Op{Type: OpChange, Kind: w.Kind, Name: changed.Running, Secret: w.Name, From: w.From, Needs: []string{"--rotate"}, Services: w.Services, Changed: true}, true
}

// keepEqual is keep for an object that has w's value, which is at w's source too.
func (w Want) keepEqual(o Object, cause string) Op {
	op := w.keep(o, cause)
	if w.Found {
		op.From = w.From
	}
	return op
}

// equal returns the first candidate that has the value of want, as far as Compare
// learned it.
func (s State) equal(want Want, candidates []Object) (Object, bool) {
	for _, object := range candidates {
		if s.answers[question{want.Kind, want.Name, object.ID}] {
			return object, true
		}
	}
	return Object{}, false
}

// whyNew returns the cause to create the first version of want.
func (s State) whyNew(want Want) string {
	if object, found := s.find(want.Kind, want.objectName()); found && s.isOthers(object) {
		return object.Name + " belongs to stack " + object.Owner.Stack
	}
	return causeNew
}

// foreign returns the object that has the name in the stack file, if docker secrets did
// not make it and we own no version of the secret.
func (s State) foreign(want Want) (Object, bool) {
	object, found := s.find(want.Kind, want.objectName())
	if !found || object.Owner.Stack != "" || len(s.ours(want)) > 0 {
		return Object{}, false
	}
	return object, true
}

func (o Object) madeBy() string {
	switch {
	case o.Common:
		return "made for every stack"
	case o.Owner.Stack == "":
		return "not made by docker secrets"
	}
	return "made for stack " + o.Owner.Stack
}
