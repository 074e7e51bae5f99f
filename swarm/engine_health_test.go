package swarm

import (
	"strings"
	"testing"

	types "github.com/docker/docker/api/types/swarm"
)

// A program that is stopped because its healthcheck fails, and then ends well, must
// not be said to end by itself: from the start, nor after it was healthy.
func TestEngineTellsUnhealthyFromEnded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.deploy("unhealthy", `
version: "3.9"
services:
  never:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; `+runs+`"]
    healthcheck: {test: "false", interval: 200ms, retries: 2}
    deploy: {restart_policy: {delay: 1m}}
  later:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; touch /tmp/ok; (sleep 2; rm /tmp/ok) & `+runs+`"]
    healthcheck: {test: test -f /tmp/ok, interval: 200ms, retries: 2}
    deploy: {restart_policy: {delay: 1m}}
  ends:
    image: busybox:local
    command: ["true"]
    healthcheck: {disable: true}
    deploy: {restart_policy: {delay: 1m}}
`)
	const fails, ends = "its healthcheck fails, or it ends by itself", "again: it ends by itself; for a one-shot service"
	for service, want := range map[string]string{"never": fails, "later": fails, "ends": ends} {
		var problem *types.Task
		r.until("a task of "+service+" has ended", func() bool {
			state := r.observe("unhealthy")
			of, err := state.service(service)
			failures := failuresOf(tasksOf(of, state.Tasks), nil)
			if len(failures) > 0 {
				problem = &failures[0]
			}
			return err == nil && problem != nil
		})
		if got := taskError(problem); !strings.Contains(got, want) {
			t.Errorf("%s (%s): %s", service, problem.Status.State, got)
		}
	}
}
