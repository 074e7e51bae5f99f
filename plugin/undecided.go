package plugin

import (
	"errors"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// needError is an operation that a flag has to allow first.
type needError struct {
	secret string // the logical name
	flag   string
	text   string
}

func (e *needError) Error() string { return e.text }

// joinNeeds returns needs as one error, or nil.
func joinNeeds(needs []*needError) error {
	var errs []error
	for _, need := range needs {
		errs = append(errs, need)
	}
	return errors.Join(errs...)
}

// withNeeds returns p with needs in the operations of its plan.
func (p proposal) withNeeds(needs []*needError) proposal {
	p.plan.Ops = slices.Clone(p.plan.Ops)
	for _, need := range needs {
		for i, op := range p.plan.Ops {
			if op.Kind == swarm.Secret && op.Secret == need.secret {
				p.plan.Ops[i].Needs = append(slices.Clip(op.Needs), need.flag)
			}
		}
	}
	return p
}

// faultsOf returns the errors that were joined to err, those of joined ones too; nil if err
// is nil. An error that only wraps several stays whole.
func faultsOf(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err)
	if !ok || joined.Error() != err.Error() {
		return []error{err}
	}
	var all []error
	var texts []string
	for _, part := range joined.Unwrap() {
		all, texts = append(all, faultsOf(part)...), append(texts, part.Error())
	}
	if strings.Join(texts, "\n") != err.Error() {
		return []error{err}
	}
	return all
}

// undecided splits err in two: what only waits for a person's decision, and all else.
func undecided(err error) (waiting []error, fault error) {
	var others []error
	for _, one := range faultsOf(err) {
		_, changed := errors.AsType[*swarm.ConsentError](one)
		_, held := errors.AsType[*swarm.SourceError](one)
		_, needs := errors.AsType[*needError](one)
		if changed || held || needs {
			waiting = append(waiting, one)
		} else {
			others = append(others, one)
		}
	}
	return waiting, errors.Join(others...)
}

// showUndecided shows a plan of which a part waits for a decision, and why. It returns
// what else is wrong with it.
func (c *change) showUndecided(plan swarm.Plan, err error) error {
	waiting, fault := undecided(err)
	c.tell.showPlan(plan)
	for _, text := range byCause(waiting) {
		c.tell.note("%s", text)
	}
	return fault
}
