package swarm

import (
	"fmt"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// isOthers reports whether we created o for another stack than the snapshot's.
func (s State) isOthers(o Object) bool { return o.Owner.Stack != "" && o.Owner.Stack != s.Stack }

// isShared reports whether w may use o, which is another stack's. Names that happen to be
// equal share no secret, whatever its value is: a rotation in one stack would leave the
// other one behind. Shared is what Want.Share says, what this stack's services use already,
// and a config, whose content everybody can read: planWant takes it only if it is equal.
func (s State) isShared(w Want, o Object) bool {
	return w.Share || w.Kind == Config || s.runs(o)
}

// ownName returns the name of a first version for the snapshot's stack, of a secret whose
// own name another stack has: STACK_NAME, cut where Swarm's limit asks for it.
func (s State) ownName(base string) string {
	name := s.Stack + "_" + base
	return strings.TrimRight(name[:min(len(name), secret.MaxNameLen)], "_.-")
}

// others returns the object of another stack that has w's name.
func (s State) others(w Want) (Object, bool) {
	for _, name := range []string{w.objectName(), w.Name} {
		if object, found := s.find(w.Kind, name); found && s.isOthers(object) {
			return object, true
		}
	}
	return Object{}, false
}

// planShared plans for a secret that is another stack's on purpose. If a version of our
// own runs, its value may change by that.
func planShared(want Want, state State, choice Choice) (Op, error) {
	object, found := state.others(want)
	if !found {
		return Op{}, fmt.Errorf("%s: no other stack has a secret %s that could be shared; leave --share %s out", want.Name, want.objectName(), want.Name)
	}
	if want.Found && !state.has(object, want) {
		return Op{}, fmt.Errorf("%s: the value%s differs from the one of %s, which stack %s shares; leave --share %s out, or the source",
			want.Name, want.from(), object.Name, object.Owner.Stack, want.Name)
	}
	op := want.keepEqual(object, "shared with stack "+object.Owner.Stack)
	if ours := state.ours(want); len(ours) > 0 && state.runs(ours[0]) && !state.runs(object) {
		op.Type, op.Changed = OpUse, !state.has(ours[0], want)
		if op.Changed && choice != Rotate {
			return Op{}, noConsent(want, ours[0])
		}
	}
	return op, nil
}
