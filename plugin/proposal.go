package plugin

import (
	"context"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// proposal is what a change is to do, before its first effect: what was seen, what
// is wanted, and the plan that leads from one to the other.
type proposal struct {
	before  swarm.State // the Swarm, with what Compare learned
	wants   []swarm.Want
	consent swarm.Consent // to changed values
	plan    swarm.Plan
	file    stackfile.Stack // with the pins that wants have; zero if no file is at hand
	pins    pinning
}

// newProposal asks the Swarm which of wants it has, and plans what to do. seen is as
// Observe returned it. If NewPlan fails, the plan has the operations that are possible.
func (c *change) newProposal(ctx context.Context, file stackfile.Stack, wants []swarm.Want, consent swarm.Consent, seen swarm.State) (proposal, error) {
	for _, want := range wants {
		learn(ctx, want.Value)
	}
	before, err := swarm.Compare(ctx, c.api, wants, seen)
	if err != nil {
		return proposal{}, err
	}
	plan, err := swarm.NewPlan(c.stack, wants, before, consent)
	return proposal{before: before, wants: wants, consent: consent, plan: plan, file: file}, err
}

// withPins returns p with the edits of the stack files that its plan needs.
func (c *change) withPins(p proposal, file stackfile.Stack) (proposal, error) {
	pins, err := c.pinning(file, p.plan)
	p.file, p.pins = file, pins
	return p, err
}

// changesSwarm reports whether plan has an operation other than keep.
func changesSwarm(plan swarm.Plan) bool {
	for _, op := range plan.Ops {
		if op.Type != swarm.OpKeep {
			return true
		}
	}
	return false
}

// changesUse reports whether services use other secrets or configs after plan. An
// operation that only writes labels does not count.
func changesUse(plan swarm.Plan) bool {
	for _, op := range plan.Ops {
		if op.Type != swarm.OpKeep && op.Type != swarm.OpLabel {
			return true
		}
	}
	return false
}
