package plugin

import (
	"context"
	"fmt"

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

// compare asks the Swarm which of wants it has, and works out what to do. seen is
// as Observe returned it. Also with an error the plan has what is possible.
func (c *change) compare(ctx context.Context, wants []swarm.Want, consent swarm.Consent, seen swarm.State) (proposal, error) {
	before, err := swarm.Compare(ctx, c.api, wants, seen)
	if err != nil {
		return proposal{}, err
	}
	plan, err := swarm.NewPlan(c.stack, wants, before, consent)
	return proposal{before: before, wants: wants, consent: consent, plan: plan}, err
}

// withPins is p with the edits of the stack files that its plan asks for.
func (c *change) withPins(p proposal, file stackfile.Stack) (proposal, error) {
	pins, err := c.pinning(file, p.plan)
	p.file, p.pins = file, pins
	return p, err
}

// changesSwarm tells whether plan does something to the Swarm.
func changesSwarm(plan swarm.Plan) bool {
	for _, op := range plan.Ops {
		if op.Type != swarm.OpKeep {
			return true
		}
	}
	return false
}

// changesUse tells whether services use other secrets or configs after plan. A
// label that says another version of the same value does not count.
func changesUse(plan swarm.Plan) bool {
	for _, op := range plan.Ops {
		if op.Type != swarm.OpKeep && op.Type != swarm.OpLabel {
			return true
		}
	}
	return false
}

// planReport is the plan for programs.
type planReport struct {
	Stack      string     `json:"stack"`
	Operations []opReport `json:"operations"`
}

type opReport struct {
	Operation swarm.OpType `json:"operation"`
	Kind      string       `json:"kind"`
	Name      string       `json:"name"`
	Secret    string       `json:"secret"`
	Cause     string       `json:"cause"`
	Changed   bool         `json:"changed"`
	Services  []string     `json:"services"`
}

// showPlan shows the plan before anything is done.
func (t *teller) showPlan(plan swarm.Plan) {
	if !t.json {
		_, _ = fmt.Fprint(t.cli.Err(), plan.String())
		return
	}
	r := planReport{Stack: plan.Stack, Operations: []opReport{}}
	for _, op := range plan.Ops {
		services := op.Services
		if services == nil {
			services = []string{}
		}
		r.Operations = append(r.Operations, opReport{
			Operation: op.Type, Kind: op.Kind.String(), Name: op.Name, Secret: op.Want, Cause: op.Cause, Changed: op.Changed, Services: services,
		})
	}
	t.emit(event{Event: "plan", planReport: &r})
}

// showAgain calls show when now is another plan than the one that was shown,
// because somebody changed the Swarm in between. heading introduces it.
func (t *teller) showAgain(shown, now swarm.Plan, heading string, show func()) {
	if !now.Same(shown) {
		t.note("the swarm was changed meanwhile; %s is now:", heading)
		show()
	}
}
