package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// What Compose means must be what the processes then see. The wants of these samples
// are commands for a shell in the task of a service, and what they say.
func TestLoweredRunsTheSame(t *testing.T) {
	t.Parallel()
	for _, s := range readSamples(t, "running", 3) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := s.deploy(t, enginetest.Shared(t), "--timeout", "90s")
			for _, w := range s.wants {
				got := r.inTask(s.name+"_"+w.object, "sh", "-c", w.path)
				if diff := cmp.Diff(w.value, any(strings.TrimSuffix(got, "\n"))); diff != "" {
					t.Errorf("want:%d: %s: %s (-want +got)\n%s", w.line, w.object, w.path, diff)
				}
			}
		})
	}
}

// A service that others wait for to finish must run once on the Swarm, and the
// deploy end well.
func TestLoweredOneShotRunsOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("oneshot")
	r.write("compose.yml", `
services:
  migrate: {image: "busybox:local", command: "true"}
  seed: {image: "busybox:local", command: "true", restart: "no"}
  web:
    image: busybox:local
    command: sleep 100000
    depends_on: {migrate: {condition: service_completed_successfully}}
`)
	r.must("secrets", "migrate", "--offline", "-p", "oneshot")
	r.must("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--timeout", "90s")
	r.container("oneshot_web")
	for _, service := range []string{"oneshot_migrate", "oneshot_seed"} {
		r.eventually(t.Context(), service+" is complete", func() bool {
			return strings.Contains(r.docker("service", "ps", "--format", "{{.CurrentState}}", service).stdout, "Complete")
		})
		if tasks := strings.Fields(r.must("service", "ps", "-q", service).stdout); len(tasks) != 1 {
			t.Errorf("%s has had %d tasks, want 1", service, len(tasks))
		}
	}
}
