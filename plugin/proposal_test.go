package plugin

import (
	"bytes"
	"testing"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// Only a plan that does something else than the one that was shown must be shown
// again: a line that says more, such as an age, is no change of the Swarm.
func TestShowAgain(t *testing.T) {
	shown := swarm.Op{Type: swarm.OpKeep, Name: "pw", Secret: "pw", Cause: "unchanged"}
	for _, tt := range []struct {
		name string
		now  swarm.Op
		want string
	}{
		{"another line", swarm.Op{Type: swarm.OpKeep, Name: "pw", Secret: "pw", Cause: "unchanged for 3 days"}, ""},
		{
			"another operation",
			swarm.Op{Type: swarm.OpCreate, Name: "pw_v2", Secret: "pw", Cause: "value changed"},
			"the swarm was changed meanwhile; the plan is now:\ncreate pw_v2, value changed\n",
		},
	} {
		var said bytes.Buffer
		cli, err := command.NewDockerCli(command.WithCombinedStreams(&said))
		if err != nil {
			t.Fatal(err)
		}
		tell, now := &teller{cli: cli}, swarm.Plan{Ops: []swarm.Op{tt.now}}
		tell.showAgain(swarm.Plan{Ops: []swarm.Op{shown}}, now, "the plan", func() { tell.showPlan(now) })
		if said.String() != tt.want {
			t.Errorf("%s: said %q, want %q", tt.name, said.String(), tt.want)
		}
	}
}
