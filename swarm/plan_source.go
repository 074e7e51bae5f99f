package swarm

import "slices"

// follows reports whether s is another version of the same place in a secret manager as
// running. Who put it there has decided that it is to run: no development .env gets there
// by chance.
func (s Source) follows(running Source) bool {
	return s.Reference != "" && s.Reference == running.Reference && s.Version != running.Version
}

// labelled returns op with the source of want's value, and what was allowed about it, to be written into the labels of
// the object that op keeps or uses, if they have another one: a secret manager may have a
// new version with the same value. Only objects that we made are labelled.
func labelled(op Op, want Want, state State) Op {
	if op.Type != OpKeep && op.Type != OpUse || want.Kind != Secret || want.Template || !want.Found {
		return op
	}
	object, found := state.find(Secret, op.Name)
	if !found || object.Owner.Stack != state.Stack || !state.has(object, want) {
		return op
	}
	sameSource := object.Source == want.Source
	allowed := state.allowedFor(want)
	if sameSource && slices.Equal(object.allowed, allowed) {
		return op
	}
	op.source, op.allowed, op.label = want.Source, allowed, &object
	if op.Type == OpUse {
		return op
	}
	if sameSource {
		op.Type, op.Cause = OpLabel, "its source is allowed now"
		return op
	}
	op.Type, op.Cause = OpLabel, "its value does not come from "+object.Source.Reference+" any more"
	if want.Source != (Source{}) {
		op.Cause = "version " + want.Source.Version + " of " + want.Source.Reference + " has the same value"
	}
	return op
}

// has reports whether Compare learned that object has want's value.
func (s State) has(object Object, want Want) bool {
	return s.answers[question{want.Kind, want.Name, object.ID}]
}
