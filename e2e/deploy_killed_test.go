package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/sample"
	"github.com/docker-secrets/docker-secrets/transform"
)

// killing is the stack of TestKilledDeployIsRepaired.
type killing struct {
	*rig

	services, secrets int
}

// file is a stack file whose services have some of the secrets each.
func (r killing) file() string {
	var b strings.Builder
	b.WriteString("x-stack: killed\nversion: \"3.9\"\nservices:\n")
	for s := range r.services {
		fmt.Fprintf(&b, "  s%d:\n    image: busybox:local\n    command: [\"sh\", \"-c\", \"trap 'exit 0' TERM; %s\"]\n", s, stays)
		b.WriteString("    deploy: {update_config: {monitor: 300ms}}\n    configs: [docker_secrets_env]\n    secrets:\n")
		for _, n := range r.secretsOf(s) {
			fmt.Fprintf(&b, "      - {source: killed_%d, target: env/F%d}\n", n, n)
		}
	}
	b.WriteString("configs: {docker_secrets_env: {external: true, name: " + transform.ShimVersion + "}}\nsecrets:\n")
	for n := range r.secrets {
		fmt.Fprintf(&b, "  killed_%d:\n    external: true\n    x-from: env://KILLED_%d\n", n, n)
	}
	return b.String()
}

func (r killing) secretsOf(service int) []int {
	var numbers []int
	for i := range 4 {
		numbers = append(numbers, (2*service+3*i)%r.secrets)
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

func killedValue(round, n int) string { return fmt.Sprintf("round-%d-of-%d", round, n) }

// A deploy that is killed at any instant and run again must end as if it had not
// been: all values new, nothing left over but one earlier version, no lock, and no
// reference to a secret that is gone.
func TestKilledDeployIsRepaired(t *testing.T) {
	t.Parallel()
	r := killing{newRig(t), 2, 4}
	if sample.Whole() {
		r.services, r.secrets = 5, 10
	}
	r.killedDeploysAreRepaired(t, sample.Count(1, 3, 50))
}

func (r killing) killedDeploysAreRepaired(t *testing.T, kills int) {
	t.Helper()
	t.Cleanup(func() { _ = r.command(context.Background(), r.engine.Host, "secrets", "prune", "-f", "killed").Run() })
	r.removeStack("killed")
	r.write("docker-compose.prod.yml", r.file())
	r.round(0)
	started := time.Now()
	r.round(1)
	whole := time.Since(started)

	random := sample.Random(t)
	for round := 2; round < 2+kills; round++ {
		r.values(round)
		after := time.Duration(random.Int64N(int64(whole)))
		r.kill(after)
		r.round(round)
		if t.Failed() {
			t.Fatalf("round %d, killed after %s of %s", round, after, whole)
		}
	}
}

// values makes the sources hold the values of a round.
func (r killing) values(round int) {
	var b strings.Builder
	for n := range r.secrets {
		fmt.Fprintf(&b, "KILLED_%d=%s\n", n, killedValue(round, n))
	}
	r.write(".env", b.String())
}

// kill runs a deploy and kills it after a time, with nothing that could clean up.
func (r killing) kill(after time.Duration) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), after)
	defer cancel()
	binary, err := program()
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := r.command(ctx, r.proxy.Host)
	cmd.Path, cmd.Args = binary, []string{binary, "deploy", "--rotate", "--resolve-image", "never", "--stable", "1s"}
	_ = cmd.Run() // the end of ctx kills it
}

// round deploys a round's values and looks at everything.
func (r killing) round(round int) {
	r.t.Helper()
	r.values(round)
	r.says(r.deploy("--rotate"), 0)
	for s := range r.services {
		var want strings.Builder
		for _, n := range r.secretsOf(s) {
			want.WriteString(killedValue(round, n))
		}
		r.inTask(fmt.Sprintf("killed_s%d", s), "test", "-s", transform.ShimPath)
		if got := r.inTask(fmt.Sprintf("killed_s%d", s), "sh", "-c", "cat /run/secrets/env/*"); got != want.String() {
			r.t.Errorf("s%d reads %s, want %s", s, got, want.String())
		}
	}
	there := strings.Fields(r.must("secret", "ls", "--format", "{{.Name}}", "--filter", "name=killed_").stdout)
	for n := range r.secrets {
		versions := 0
		for _, name := range there {
			if name == fmt.Sprintf("killed_%d", n) || strings.HasPrefix(name, fmt.Sprintf("killed_%d_v", n)) {
				versions++
			}
		}
		if versions < 1 || versions > 2 {
			r.t.Errorf("killed_%d has %d versions", n, versions)
		}
	}
	for s := range r.services {
		used := r.must("service", "inspect", fmt.Sprintf("killed_s%d", s), "--format", "{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{.SecretName}} {{end}}").stdout
		for name := range strings.FieldsSeq(used) {
			if !slices.Contains(there, name) {
				r.t.Errorf("s%d refers to %s, which is gone", s, name)
			}
		}
	}
	r.notLocked("killed")
}
