package swarm

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"
	"github.com/docker/docker/pkg/stdcopy"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/secret"
)

// deployTime is what a deploy in a test may take, on a busy machine too.
const deployTime = 4 * time.Minute

// shortStable is for tests whose subject is not how long tasks have to run.
const shortStable = time.Second

// rig is a real Swarm seen through a recording proxy.
type rig struct {
	t      *testing.T
	engine *enginetest.Engine
	proxy  *enginetest.Proxy
	api    *client.Client

	stacks map[string]bool // deployed, to be removed
}

func newRig(t *testing.T) *rig {
	t.Helper()
	return rigAt(t, enginetest.Shared(t))
}

func rigAt(t *testing.T, engine *enginetest.Engine) *rig {
	t.Helper()
	proxy := enginetest.NewProxy(t, engine)
	api, err := client.NewClientWithOpts(client.WithHost(proxy.Host), client.WithAPIVersionNegotiation())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = api.Close() })
	return &rig{t, engine, proxy, api, map[string]bool{}}
}

func (r *rig) observe(stack string) State {
	r.t.Helper()
	state, err := Observe(r.t.Context(), r.api, stack)
	if err != nil {
		r.t.Fatal(err)
	}
	return state
}

// plan observes, compares and plans.
func (r *rig) plan(stack string, consent Consent, wants ...Want) Plan {
	r.t.Helper()
	state, err := Compare(r.t.Context(), r.api, wants, r.observe(stack))
	if err != nil {
		r.t.Fatal(err)
	}
	plan, err := NewPlan(stack, wants, state, consent)
	if err != nil {
		r.t.Fatal(err)
	}
	return plan
}

func (r *rig) apply(plan Plan) {
	r.t.Helper()
	if err := Apply(r.t.Context(), r.api, plan); err != nil {
		r.t.Fatal(err)
	}
}

// deploy runs docker stack deploy with a stack file of that text.
func (r *rig) deploy(stack, file string) {
	r.t.Helper()
	path := filepath.Join(r.t.TempDir(), "stack.yml")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		r.t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer // Deploy copies to each on its own
	deployer := Deployer{
		Environ: append(os.Environ(), "DOCKER_HOST="+r.proxy.Host, "DOCKER_CONFIG="+r.t.TempDir()),
		Stdout:  &stdout, Stderr: &stderr,
	}
	err := deployer.Deploy(r.t.Context(), DeployOptions{Stack: stack, Files: []string{path}, ResolveImage: "never"})
	if err != nil {
		r.t.Fatalf("%v\n%s%s", err, stdout.String(), stderr.String())
	}
	if !r.stacks[stack] {
		r.stacks[stack] = true
		r.t.Cleanup(func() { r.removeStack(stack) })
	}
}

// removeStack ends a stack, so that the next test has a quiet engine. The docker
// CLI fails while a network of it still has a task, hence the second try.
func (r *rig) removeStack(stack string) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deployTime)
	defer cancel()
	for {
		cmd := exec.CommandContext(ctx, "docker", "stack", "rm", stack)
		cmd.Env = append(os.Environ(), "DOCKER_HOST="+r.engine.Host, "DOCKER_CONFIG="+filepath.Join(os.TempDir(), "none"))
		out, err := cmd.CombinedOutput()
		if err == nil {
			return
		}
		if !sleep(ctx, 200*time.Millisecond) {
			r.t.Errorf("docker stack rm %s: %v\n%s", stack, err, out)
			return
		}
	}
}

func (r *rig) watch(stack string, before State, values ...secret.Value) ([]Progress, error) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), deployTime)
	defer cancel()
	var seen []Progress
	_, err := Watch(ctx, r.api, stack, WatchOptions{
		Before: before, Values: values, Stable: shortStable,
		Report: func(p Progress) { seen = append(seen, p) },
	})
	return seen, err
}

func (r *rig) logs(service string) string {
	r.t.Helper()
	stream, err := r.api.ServiceLogs(r.t.Context(), service, container.LogsOptions{ShowStdout: true, ShowStderr: true})
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = stream.Close() }()
	var text bytes.Buffer
	if _, err := stdcopy.StdCopy(&text, &text, stream); err != nil {
		r.t.Fatal(err)
	}
	return text.String()
}

func paths(calls []enginetest.Call) []string {
	var all []string
	for _, call := range calls {
		all = append(all, call.Method+" "+call.Path)
	}
	slices.Sort(all)
	return all
}
