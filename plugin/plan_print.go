package plugin

import (
	"fmt"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// planReport is the plan as --format json prints it.
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
	From      string       `json:"from,omitempty"`  // where the value comes from; never a value
	Needs     []string     `json:"needs,omitempty"` // flags without which the operation is not done
	Changed   bool         `json:"changed"`
	Services  []string     `json:"services"`
}

// showPlan shows the plan before anything is done: as lines on stderr, or as one event.
// deploy, rotate and prune all print their plan with it.
func (t *teller) showPlan(plan swarm.Plan) {
	if !t.json {
		_, _ = fmt.Fprint(t.err(), plan.String())
		return
	}
	r := planReport{Stack: plan.Stack, Operations: []opReport{}}
	for _, op := range plan.Ops {
		services := op.Services
		if services == nil {
			services = []string{}
		}
		r.Operations = append(r.Operations, opReport{
			Operation: op.Type, Kind: op.Kind.String(), Name: op.Name, Secret: op.Secret, Cause: op.Cause, From: op.From, Needs: op.Needs, Changed: op.Changed, Services: services,
		})
	}
	t.emit(event{Event: "plan", planReport: &r})
}

// showAgain calls show if now is another plan than the one that was shown, because
// somebody changed the Swarm in between. heading is what the note calls the plan.
func (t *teller) showAgain(shown, now swarm.Plan, heading string, show func()) {
	if !now.Same(shown) {
		t.note("the swarm was changed meanwhile; %s is now:", heading)
		show()
	}
}
