package swarm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker/docker/client"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/internal/sample"
	"github.com/docker-secrets/docker-secrets/secret"
)

// childEnv makes the test binary a deploy that can be killed.
const childEnv = "DOCKER_SECRETS_TEST_CHILD"

// childTask is one whole deploy: ten secrets over five services, all with values
// of one round.
type childTask struct {
	Host  string
	Dir   string
	Stack string
	Round int
}

func (c childTask) wants() []Want {
	var wants []Want
	for i := range 10 {
		wants = append(wants, Want{Name: fmt.Sprintf("s%d", i), Pin: fmt.Sprintf("%s_s%d", c.Stack, i), Value: secret.NewValue(fmt.Sprintf("value %d of round %d", i, c.Round)), Found: true})
	}
	return wants
}

func (c childTask) file(pins []Pin) string {
	var b strings.Builder
	b.WriteString("version: \"3.9\"\nservices:\n")
	for i := range 5 {
		fmt.Fprintf(&b, "  web%d:\n    image: busybox:local\n    command: [sh, -c, \"trap 'exit 0' TERM; sleep 100000 & wait\"]\n", i)
		fmt.Fprintf(&b, "    deploy: {update_config: {monitor: 300ms}}\n    secrets: [s%d, s%d]\n", 2*i, 2*i+1)
	}
	b.WriteString("secrets:\n")
	for _, pin := range pins {
		fmt.Fprintf(&b, "  %s: {external: true, name: %s}\n", pin.Secret, pin.Object)
	}
	return b.String()
}

// runChild does one deploy in a process of its own.
func runChild(text string) int {
	var task childTask
	err := json.Unmarshal([]byte(text), &task)
	if err == nil {
		err = task.deploy(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (c childTask) deploy(ctx context.Context) (err error) {
	api, err := client.NewClientWithOpts(client.WithHost(c.Host), client.WithAPIVersionNegotiation())
	if err != nil {
		return err
	}
	ctx, unlock, err := Lock(ctx, api, c.Stack, "a test")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	before, err := Observe(ctx, api, c.Stack)
	if err != nil {
		return err
	}
	compared, err := Compare(ctx, api, c.wants(), before)
	if err != nil {
		return err
	}
	plan, err := NewPlan(c.Stack, c.wants(), compared, Consent{Default: Rotate})
	if err != nil {
		return err
	}
	if err = Apply(ctx, api, plan); err != nil {
		return err
	}
	path := filepath.Join(c.Dir, "stack.yml")
	if err = os.WriteFile(path, []byte(c.file(plan.Pins)), 0o600); err != nil {
		return err
	}
	deployer := Deployer{Environ: append(os.Environ(), "DOCKER_HOST="+c.Host, "DOCKER_CONFIG="+c.Dir), Stderr: os.Stderr}
	if err = deployer.Deploy(ctx, DeployOptions{Stack: c.Stack, Files: []string{path}, ResolveImage: "never"}); err != nil {
		return err
	}
	if _, err = Watch(ctx, api, c.Stack, WatchOptions{Before: before, Stable: shortStable}); err != nil {
		return err
	}
	after, err := Observe(ctx, api, c.Stack)
	if err != nil {
		return err
	}
	return Apply(ctx, api, NewPrune(c.Stack, after, PruneOptions{Named: plan.Pins, Keep: 1}))
}

// start runs the deploy in a child.
func (c childTask) start(t *testing.T) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	cmd.Stderr = t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// A deploy that is killed at any instant must be repaired by running it again.
func TestEngineKilledDeployIsRepaired(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	kills := sample.Count(1, 5, 50)
	random := sample.Random(t)
	task := childTask{Host: enginetest.Shared(t).Host, Dir: t.TempDir(), Stack: "killed"}
	start := time.Now()
	if err := task.start(t).Wait(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.removeStack("killed") })
	whole := time.Since(start)
	for task.Round = 1; task.Round <= kills; task.Round++ {
		cmd := task.start(t)
		after := time.Duration(random.Int64N(int64(whole)))
		timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		timer.Stop()
		if child := stackDeploy("killed"); child != "" {
			t.Errorf("after %s: docker stack deploy outlived its parent: %s", after, child)
		}
		if err := task.start(t).Wait(); err != nil {
			t.Fatalf("killed after %s, run again: %v", after, err)
		}
		r.checkRound(task, after)
	}
}

// checkRound checks the end state: all services run with the round's values, and
// nothing is left of the deploy that was killed.
func (r *rig) checkRound(task childTask, after time.Duration) {
	r.t.Helper()
	state, err := Compare(r.t.Context(), r.api, task.wants(), r.observe(task.Stack))
	if err != nil {
		r.t.Fatal(err)
	}
	plan, err := NewPlan(task.Stack, task.wants(), state, Consent{})
	if err != nil {
		r.t.Fatalf("killed after %s: %v", after, err)
	}
	versions := map[string][]int{}
	for _, object := range state.Objects {
		if object.Owner.Stack == task.Stack {
			versions[object.Owner.Secret] = append(versions[object.Owner.Secret], object.Owner.Version)
		}
		if strings.Contains(object.Name, ".lock") && strings.Contains(object.Name, task.Stack) {
			r.t.Errorf("killed after %s: the lock is left", after)
		}
	}
	for i, op := range plan.Ops {
		object, _ := state.find(Secret, op.Name)
		users := []string{fmt.Sprintf("killed_web%d", i/2)}
		if diff := cmp.Diff(users, state.Users(object)); diff != "" || op.Type != OpKeep {
			r.t.Errorf("killed after %s: %s; users (-want +got):\n%s", after, op, diff)
		}
		if all := versions[op.Secret]; len(all) > 2 || slices.Max(all) != object.Owner.Version {
			r.t.Errorf("killed after %s: versions %v of %s, %s is in use", after, all, op.Secret, op.Name)
		}
	}
}

// stackDeploy returns the command line of a docker stack deploy of stack, if one
// runs and its parent is dead.
func stackDeploy(stack string) string {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range lines {
		text, err := os.ReadFile(path)
		if err != nil || !strings.HasSuffix(string(text), "\x00--\x00"+stack+"\x00") {
			continue
		}
		return strings.ReplaceAll(string(text), "\x00", " ")
	}
	return ""
}

// Of two deploys of one stack at once, one must go through as a whole and the other name it.
func TestEngineTwoDeploysDoNotMix(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a := childTask{Host: enginetest.Shared(t).Host, Dir: t.TempDir(), Stack: "two", Round: 1}
	b := a
	b.Dir, b.Round = t.TempDir(), 2
	var errs [2]error
	done := make(chan struct{})
	go func() {
		defer close(done)
		errs[0] = a.deploy(t.Context())
	}()
	errs[1] = b.deploy(t.Context())
	<-done
	t.Cleanup(func() { r.removeStack("two") })
	winner := a
	if errs[0] != nil {
		winner, errs[0], errs[1] = b, errs[1], errs[0]
	}
	if _, ok := errors.AsType[*LockedError](errs[1]); errs[0] != nil || !ok {
		t.Fatalf("one %v, the other %v", errs[0], errs[1])
	}
	plan := r.plan("two", Consent{}, winner.wants()...)
	for _, op := range plan.Ops {
		if op.Type != OpKeep {
			t.Errorf("a mixture: %s", op)
		}
	}
}

// When the leader dies among 200 creates, all secrets must be there once and right, without anybody's help.
func TestEngineApplySurvivesDeathOfLeader(t *testing.T) {
	t.Parallel()
	const count = 200
	killAt := count/8 + sample.Random(t).IntN(count/4)
	cluster := enginetest.StartCluster(t, 3, 1)
	if _, err := Observe(t.Context(), cluster.Workers[0].Client, "leader"); !errors.Is(err, errWorker) {
		t.Errorf("on a worker: error %v, want %v", err, errWorker)
	}
	leader := cluster.Leader(t)
	survivor := cluster.Managers[(leader+1)%len(cluster.Managers)]
	proxy := enginetest.NewProxy(t, survivor)
	api, err := client.NewClientWithOpts(client.WithHost(proxy.Host), client.WithAPIVersionNegotiation())
	if err != nil {
		t.Fatal(err)
	}
	var wants []Want
	for i := range count {
		wants = append(wants, Want{Name: fmt.Sprintf("leader_%d", i), Value: secret.NewValue(fmt.Sprintf("value %d", i)), Found: true})
	}
	plan := func() Plan {
		state, err := Observe(t.Context(), api, "leader")
		if err != nil {
			t.Fatal(err)
		}
		if state, err = Compare(t.Context(), api, wants, state); err != nil {
			t.Fatal(err)
		}
		plan, err := NewPlan("leader", wants, state, Consent{})
		if err != nil {
			t.Fatal(err)
		}
		return plan
	}
	first := plan()
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		for len(proxy.Writes()) < killAt {
			if !sleep(t.Context(), time.Millisecond) {
				return
			}
		}
		cluster.Managers[leader].Kill()
	}()
	if err := Apply(t.Context(), api, first); err != nil {
		t.Error(err)
	}
	<-killed
	for _, op := range plan().Ops {
		if op.Type != OpKeep || op.Cause != "unchanged" {
			t.Errorf("afterwards: %s", op)
		}
	}
}
