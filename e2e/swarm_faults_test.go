package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// many is a stack of one service that has n secrets, and no task: where it runs is
// not what is tested.
func many(stack string, n int) (file, env string) {
	var services, secrets, values strings.Builder
	for i := range n {
		fmt.Fprintf(&services, "      - %s_%d\n", stack, i)
		fmt.Fprintf(&secrets, "  %s_%d: {external: true, x-from: \"env://VALUE_%d\"}\n", stack, i, i)
		fmt.Fprintf(&values, "VALUE_%d=value-%d-of-many\n", i, i)
	}
	return "x-stack: " + stack + "\nversion: \"3.9\"\nservices:\n  app:\n    image: busybox:local\n    command: [\"sleep\", \"1000\"]\n" +
		"    deploy: {replicas: 0}\n    secrets:\n" + services.String() + "secrets:\n" + secrets.String(), values.String()
}

// deployMany deploys the stack, and then checks that every secret is there once and
// right.
func (r *rig) deployMany(stack string, n int) {
	r.t.Helper()
	file, env := many(stack, n)
	r.write("docker-compose.prod.yml", file)
	r.write(".env", env)
	r.says(r.deploy(), 0)
	r.proxy.Reset()
	r.write(".env", env) // so that each value is compared again
	again := r.deploy("--exit-code")
	r.says(again, 0)
	if kept := strings.Count(again.stderr, ", unchanged, from env://VALUE_"); kept != n {
		r.t.Errorf("%d secrets are as they should be, want %d:\n%s", kept, n, again.stderr)
	}
	if names := strings.Fields(r.secretNames(stack)); len(names) != n {
		r.t.Errorf("%d secrets, want %d", len(names), n)
	}
	r.notLocked(stack)
}

// A deploy must end as if nothing had been, whatever the Swarm answers in between.
func TestDeploySurvivesFaults(t *testing.T) {
	t.Parallel()
	const count, leaderless = 5, "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online."
	fault := func(method, path string, f enginetest.Fault) enginetest.Fault {
		f.Method, f.Path, f.Times = method, path, 2
		return f
	}
	for i, tt := range []struct {
		name  string
		fault enginetest.Fault
	}{
		{"a create is cut after it happened", fault(http.MethodPost, "/secrets/create", enginetest.Fault{CutAfter: true})},
		{"the daemon repeats a create", fault(http.MethodPost, "/secrets/create", enginetest.Fault{Replay: true})},
		{"the leader is lost", fault(http.MethodPost, "/secrets/create", enginetest.Fault{Status: 500, After: true, Message: "rpc error: code = Unknown desc = raft: failed to process the request: node lost leader status"})},
		{"the lock is cut after it happened", fault(http.MethodPost, "/configs/create", enginetest.Fault{CutAfter: true})},
		{"there is no leader to unlock", fault(http.MethodDelete, "/configs/", enginetest.Fault{Status: 500, Message: leaderless})},
		{"there is no leader to look", fault(http.MethodGet, "/tasks", enginetest.Fault{Status: 500, Message: leaderless})},
		{"the tasks are slow", fault(http.MethodGet, "/tasks", enginetest.Fault{Delay: 2 * time.Second})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			stack := fmt.Sprintf("faulty%d", i)
			var names []string
			for n := range count {
				names = append(names, fmt.Sprintf("%s_%d", stack, n))
			}
			r.removeStack(stack, names...)
			r.proxy.Inject(tt.fault)
			r.deployMany(stack, count)
		})
	}
}
