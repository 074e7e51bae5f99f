package plugin

import (
	"testing"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// --exit-code must not speak of a change where only a label does: somebody wrote
// another key of the same JSON secret, or the same value again.
func TestLabelAloneIsNoChange(t *testing.T) {
	for _, tt := range []struct {
		op   swarm.OpType
		want bool
	}{
		{swarm.OpKeep, false}, {swarm.OpLabel, false}, {swarm.OpCreate, true}, {swarm.OpUse, true},
	} {
		d := &deployment{options: deployOptions{exitCode: true}}
		plan := swarm.Plan{Ops: []swarm.Op{{Type: swarm.OpKeep}, {Type: tt.op}}}
		if got := d.concludeChanged(plan) != nil; got != tt.want {
			t.Errorf("%s: exit code 3: %v", tt.op, got)
		}
	}
}
