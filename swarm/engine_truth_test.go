package swarm

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/docker/docker/api/types/filters"
	types "github.com/docker/docker/api/types/swarm"
)

// The times of the truth table, which are shorter than those of operators: a task has to
// run for truthStable.
const (
	truthStable   = 3 * time.Second
	truthLong     = 20 * time.Second // for tasks that are to fail earlier, on a busy machine too
	truthPatience = 6 * time.Second
)

// truth is a service, what happens to it, and the verdict on it.
type truth struct {
	name    string
	service string // the keys of the service in the stack file
	during  func(r *rig, service types.Service)
	want    string // a part of the error; "" for one that runs or has completed
	last    string // the state that is shown last
}

const (
	restarts = "    deploy: {restart_policy: {delay: 300ms}}\n"
	oneShot  = "    deploy: {restart_policy: {condition: none}}\n"
)

// sh is a service that runs script.
func sh(script, keys string) string {
	return "    image: busybox:local\n    command: [\"sh\", \"-c\", \"" + script + "\"]\n" + keys
}

func truths() []truth {
	const serves = "trap 'exit 0' TERM; " + runs
	return []truth{
		{name: "runs", service: sh(serves, restarts), last: "running"},
		{name: "late8", service: sh("sleep 3; exit 1", restarts), want: "task late8.1 on ", last: "failed"},
		{name: "late20", service: sh("sleep 40; exit 1", restarts), last: "running"},
		{name: "flap3", service: sh("sleep 1; exit 1", restarts), want: "task: non-zero exit (1) (", last: "failed"},
		{name: "flap7", service: sh("sleep 2; exit 1", restarts), want: "times; --patience waits longer)", last: "failed"},
		{name: "crash", service: sh("exit 3", restarts), want: "task: non-zero exit (3) (", last: "failed"},
		{name: "exit0late", service: sh("sleep 2", restarts), want: "ended with exit code 0 and Swarm starts it again and again", last: "failed"},
		{
			name: "healthlate", want: "task healthlate.1 on ", last: "failed",
			service: sh("touch /tmp/ok; (sleep 2; rm /tmp/ok) & "+serves, restarts+"    healthcheck: {test: test -f /tmp/ok, interval: 300ms, retries: 3}\n"),
		},
		{name: "job60", service: sh("sleep 6", oneShot), last: "completed"},
		{name: "job60fail", service: sh("sleep 6; exit 4", oneShot), want: "task: non-zero exit (4)", last: "failed"},
		{name: "job", service: sh("sleep 2", "    deploy: {mode: replicated-job}\n"), last: "completed"},
		{name: "globalnowhere", service: sh(serves, "    deploy: {mode: global, placement: {constraints: [node.labels.disk == ssd]}}\n"), want: noNode, last: "failed"},
		{name: "toobig", service: sh(serves, "    deploy: {resources: {reservations: {memory: 900G}}}\n"), want: "no suitable node (insufficient resources on 1 node)", last: "failed"},
		{name: "noimage", service: "    image: busybox:nosuch\n" + restarts, want: "No such image: busybox:nosuch", last: "failed"},
		{name: "nowhere", service: sh(serves, "    deploy: {placement: {constraints: [node.labels.disk == ssd]}}\n"), want: "no suitable node (scheduling constraints not satisfied on 1 node)", last: "failed"},
		{
			name: "porttaken", want: "no suitable node (host-mode port already in use on 1 node)", last: "failed",
			service: sh(serves, "    deploy: {replicas: 2}\n    ports: [{target: 80, published: 18080, mode: host}]\n"),
		},
		{
			name: "removed", service: sh(serves, restarts), want: "removed: it was removed meanwhile", last: "failed",
			during: func(r *rig, service types.Service) { r.must(r.api.ServiceRemove(r.t.Context(), service.ID)) },
		},
		{
			name: "changed", service: sh(serves, restarts), want: "changed: its specification was changed meanwhile", last: "failed",
			during: func(r *rig, service types.Service) {
				service.Spec.TaskTemplate.ContainerSpec.Env = []string{"OTHER=1"}
				_, err := r.api.ServiceUpdate(r.t.Context(), service.ID, service.Version, service.Spec, types.ServiceUpdateOptions{})
				r.must(err)
			},
		},
	}
}

// must fails the test if err is not nil.
func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Error(err)
	}
}

// What a watch says of a service must be so, and must be said although there is much
// time left.
func TestEngineWatchIsTrue(t *testing.T) {
	t.Parallel()
	for _, tt := range truths() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, stable := newRig(t), truthStable
			stack := "truth" + tt.name
			before := r.observe(stack)
			r.deploy(stack, "version: \"3.9\"\nservices:\n  "+tt.name+":\n"+tt.service)
			ctx, cancel := context.WithTimeout(t.Context(), deployTime)
			defer cancel()
			if tt.want != "" {
				stable = truthLong
			}
			start := time.Now()
			last, once := Progress{}, tt.during
			_, err := Watch(ctx, r.api, stack, WatchOptions{
				Before: before, Deployed: []string{tt.name}, Stable: stable, Patience: truthPatience,
				Report: func(p Progress) {
					last = p
					if once != nil && p.Running > 0 {
						once(r, r.service(stack, tt.name))
						once = nil
					}
				},
			})
			t.Logf("%s after %s: %v", last.State, time.Since(start).Round(100*time.Millisecond), err)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if last.State != tt.last || ctx.Err() != nil {
				t.Errorf("shown last: %+v, want %s", last, tt.last)
			}
		})
	}
}

// service returns a service of the stack.
func (r *rig) service(stack, name string) types.Service {
	r.t.Helper()
	services, err := r.api.ServiceList(r.t.Context(), types.ServiceListOptions{Filters: filters.NewArgs(filters.Arg("name", stack+"_"+name))})
	if err != nil || len(services) != 1 {
		r.t.Fatalf("%d services, error %v", len(services), err)
	}
	return services[0]
}
