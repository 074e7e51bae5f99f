package swarm

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	types "github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/secret"
)

func TestMain(m *testing.M) {
	if task := os.Getenv(childEnv); task != "" {
		os.Exit(runChild(task))
	}
	os.Exit(enginetest.Run(m))
}

// The equality question must tell equal from different bytes and change nothing.
func TestEngineCompareTellsEqualBytes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	values := []string{"x", "hunter2", "one line\nnext line\n", "\x00\xff binary", strings.Repeat("k", secret.MaxSize)}
	var wants []Want
	for i, value := range values {
		wants = append(wants, Want{Name: "compare_" + string(rune('a'+i)), Value: secret.NewValue(value), Found: true})
	}
	r.apply(r.plan("compare", Consent{}, wants...))
	before := r.observe("compare")
	r.proxy.Reset()

	state, err := Compare(t.Context(), r.api, wants, before)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range wants {
		if _, equal := state.equal(want, state.candidates(want)); !equal {
			t.Errorf("%s: the same bytes are not equal", want.Name)
		}
	}
	for i := range wants {
		wants[i].Value = secret.NewValue(values[i] + "\n")
		if len(values[i]) == secret.MaxSize {
			wants[i].Value = secret.NewValue("k" + values[i][1:len(values[i])-1] + "K")
		}
	}
	if state, err = Compare(t.Context(), r.api, wants, before); err != nil {
		t.Fatal(err)
	}
	for _, want := range wants {
		if _, equal := state.equal(want, state.candidates(want)); equal {
			t.Errorf("%s: different bytes are equal", want.Name)
		}
	}
	if writes := r.proxy.Writes(); len(writes) > 0 {
		t.Errorf("writes: %v", paths(writes))
	}
	if diff := cmp.Diff(indexes(before, wants), indexes(r.observe("compare"), wants)); diff != "" {
		t.Errorf("version indexes (-want +got):\n%s", diff)
	}
}

func indexes(s State, wants []Want) map[string]uint64 {
	all := map[string]uint64{}
	for _, want := range wants {
		object, _ := s.find(want.Kind, want.Name)
		all[want.Name] = object.index
	}
	return all
}

const readerStack = `
version: "3.9"
services:
  web:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; cat /run/secrets/e2e_pw; echo END; ` + runs + `"]
    secrets: [e2e_pw]
    deploy: {update_config: {monitor: 1s}}
secrets:
  e2e_pw: {external: true}
`

// A task must read exactly the value; a second run must write no secret and no config.
func TestEngineSecondDeployWritesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const value = "pw with 'quotes', $dollars and no line end"
	wants := []Want{{Name: "e2e_pw", Value: secret.NewValue(value), Found: true, Services: []string{"web"}}}
	before := r.observe("e2e")
	plan := r.plan("e2e", Consent{}, wants...)
	if diff := cmp.Diff("create e2e_pw (web)\n", plan.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r.apply(plan)
	r.deploy("e2e", readerStack)
	seen, err := r.watch("e2e", before)
	if err != nil {
		t.Fatal(err)
	}
	last := Progress{Service: "web", State: "running", Running: 1, Wanted: 1, Lasts: shortStable, Done: true}
	if diff := cmp.Diff(last, seen[len(seen)-1]); diff != "" {
		t.Errorf("last progress (-want +got):\n%s", diff)
	}
	if logs := r.logs("e2e_web"); logs != value+"END\n" {
		t.Errorf("the task read %d bytes that are not the value", len(logs))
	}

	r.proxy.Reset()
	before = r.observe("e2e")
	plan = r.plan("e2e", Consent{}, wants...)
	if diff := cmp.Diff("keep e2e_pw, unchanged (web)\n", plan.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r.apply(plan)
	if writes := paths(r.proxy.Writes()); len(writes) > 0 {
		t.Errorf("writes of the second run: %v", writes)
	}
	r.deploy("e2e", readerStack)
	if _, err := r.watch("e2e", before); err != nil {
		t.Error(err)
	}
	for _, write := range paths(r.proxy.Writes()) {
		if strings.Contains(write, "secrets") || strings.Contains(write, "configs") {
			t.Errorf("write of the second deploy: %s", write)
		}
	}
}

// A service that fails must show its task's error, node and log, without values.
func TestEngineWatchShowsErrorOfTask(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	before := r.observe("failing")
	r.deploy("failing", `
version: "3.9"
services:
  broken:
    image: busybox:local
    command: ["sh", "-c", "echo connecting with hunter2; exit 7"]
    deploy: {restart_policy: {condition: none}}
  fine:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; `+runs+`"]
`)
	_, err := r.watch("failing", before, secret.NewValue("hunter2"))
	if err == nil {
		t.Fatal("no error")
	}
	node := before.Nodes[sortedKeys(before.Nodes)[0]]
	message := "broken: task broken.1 on " + node + ": task: non-zero exit (7)\n  | connecting with [redacted]"
	if diff := cmp.Diff(message, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// An update that fails must be an error, although the old task's service goes on.
func TestEngineWatchSeesFailedUpdate(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	stack := func(command string) string {
		return `
version: "3.9"
services:
  web:
    image: busybox:local
    command: ["sh", "-c", "` + command + `"]
    deploy: {update_config: {monitor: 4s, order: start-first}, restart_policy: {delay: 100ms}}
`
	}
	before := r.observe("update")
	r.deploy("update", stack("trap 'exit 0' TERM; echo old; "+runs))
	if _, err := r.watch("update", before); err != nil {
		t.Fatal(err)
	}
	before = r.observe("update")
	r.deploy("update", stack("trap 'exit 0' TERM; echo new; "+runs))
	if _, err := r.watch("update", before); err != nil {
		t.Fatal(err)
	}
	after := r.observe("update")
	for _, task := range tasksOf(after.Services[indexOf(after, "update")], after.Tasks) {
		if task.Status.State == types.TaskStateRunning && strings.Contains(strings.Join(task.Spec.ContainerSpec.Args, " "), "echo old") {
			t.Error("an old task runs after the watch")
		}
	}
	r.deploy("update", stack("exit 3"))
	_, err := r.watch("update", after)
	if err == nil || !strings.Contains(err.Error(), "task: non-zero exit (3)") {
		t.Errorf("error %v, want the task's", err)
	}
}

// One-shot services and jobs must be waited for until they complete.
func TestEngineWatchAwaitsOneShots(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	before := r.observe("jobs")
	r.deploy("jobs", `
version: "3.9"
services:
  once:
    image: busybox:local
    command: ["true"]
    deploy: {restart_policy: {condition: none}}
  job:
    image: busybox:local
    command: ["sh", "-c", "sleep 1"]
    deploy: {mode: replicated-job, replicas: 2}
  global:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; `+runs+`"]
    deploy: {mode: global, update_config: {monitor: 1s}}
  scaled-down:
    image: busybox:local
    deploy: {replicas: 0}
`)
	seen, err := r.watch("jobs", before)
	if err != nil {
		t.Fatal(err)
	}
	last := map[string]Progress{}
	for _, p := range seen {
		last[p.Service] = p
	}
	want := map[string]Progress{
		"once":        {Service: "once", State: "completed", Running: 1, Wanted: 1, Done: true},
		"job":         {Service: "job", State: "completed", Running: 2, Wanted: 2, Done: true},
		"global":      {Service: "global", State: "running", Running: 1, Wanted: 1, Lasts: shortStable, Done: true},
		"scaled-down": {Service: "scaled-down", State: "running", Done: true},
	}
	if diff := cmp.Diff(want, last); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A watch that runs out of time must name what is late, with its last error.
func TestEngineWatchNamesWhatIsLate(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	before := r.observe("late")
	r.deploy("late", `
version: "3.9"
services:
  nowhere:
    image: busybox:local
    deploy: {placement: {constraints: ["node.labels.disk == ssd"]}}
`)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	_, err := Watch(ctx, r.api, "late", WatchOptions{Before: before})
	if err == nil || !strings.Contains(err.Error(), "nowhere: task nowhere.1: no suitable node") {
		t.Errorf("error %v, want the scheduler's", err)
	}
}

// A daemon that is no manager must be named as what it is, with what to do.
func TestEngineOutsideSwarmIsNamed(t *testing.T) {
	t.Parallel()
	engine := enginetest.Start(t)
	_, err := Observe(t.Context(), engine.Client, "app")
	if err == nil || err.Error() != errNoSwarm.Error() {
		t.Errorf("error %v, want %v", err, errNoSwarm)
	}
}
