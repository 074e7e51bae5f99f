package swarm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/secret"
)

// rotating is a stack file whose service reads the secret under its pin and then
// runs command.
func rotating(pin, command string) string {
	return `
version: "3.9"
services:
  web:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; cat /run/secrets/pw; echo; ` + command + `"]
    secrets: [{source: pw, target: pw}]
    deploy:
      update_config: {order: start-first, monitor: 2s}
      restart_policy: {delay: 200ms}
secrets:
  pw: {external: true, name: ` + pin + `}
`
}

// runs ends at once when its shell has a trap.
const runs = "sleep 100000 & wait"

// rotateTo deploys value as a plan with that line, and prunes.
func (r *rig) rotateTo(stack, prefix, value, line string) {
	r.t.Helper()
	w := Want{Name: "pw", Pin: prefix, Value: secret.NewValue(value), Found: true}
	before := r.observe(stack)
	plan := r.plan(stack, Consent{Default: Rotate}, w)
	if diff := cmp.Diff(line+"\n", plan.String()); diff != "" {
		r.t.Errorf("plan (-want +got):\n%s", diff)
	}
	r.apply(plan)
	r.deploy(stack, rotating(plan.Pins[0].Object, runs))
	if _, err := r.watch(stack, before); err != nil {
		r.t.Fatal(err)
	}
	r.apply(NewPrune(stack, r.observe(stack), PruneOptions{Named: plan.Pins, Keep: 1}))
}

func (r *rig) secretsOf(stack string) []string {
	r.t.Helper()
	var names []string
	for _, object := range r.observe(stack).Objects {
		if object.Owner.Stack == stack {
			names = append(names, object.Name)
		}
	}
	return names
}

// A rotation must reach the tasks, and keep one version before the one in use.
func TestEngineRotateReachesTasks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.rotateTo("rot", "rot_pw", "value one", "create rot_pw")
	r.rotateTo("rot", "rot_pw", "value two", "create rot_pw_v2, value changed")
	if diff := cmp.Diff([]string{"rot_pw", "rot_pw_v2"}, r.secretsOf("rot")); diff != "" {
		t.Errorf("after the first rotation (-want +got):\n%s", diff)
	}
	r.rotateTo("rot", "rot_pw", "value two", "keep rot_pw_v2, unchanged")
	r.rotateTo("rot", "rot_pw", "value three", "create rot_pw_v3, value changed")
	r.rotateTo("rot", "rot_pw", "value three", "keep rot_pw_v3, unchanged")
	if diff := cmp.Diff([]string{"rot_pw_v2", "rot_pw_v3"}, r.secretsOf("rot")); diff != "" {
		t.Errorf("after the second rotation (-want +got):\n%s", diff)
	}
	if logs := r.logs("rot_web"); !strings.Contains(logs, "value three\n") {
		t.Error("the newest task did not read the newest value")
	}
	r.removeStack("rot")
	delete(r.stacks, "rot")
	r.until("the tasks are gone", func() bool {
		r.apply(NewPrune("rot", r.observe("rot"), PruneOptions{Keep: 1}))
		return len(r.secretsOf("rot")) == 0
	})
}

// until waits for a condition that the engine reaches by itself.
func (r *rig) until(what string, condition func() bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), deployTime)
	defer cancel()
	for !condition() {
		if !sleep(ctx, 200*time.Millisecond) {
			r.t.Fatalf("not in time: %s", what)
		}
	}
}

// A version that makes the task fail must be an error, and Restore bring the old one back.
func TestEngineRestoreBringsSpecBack(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"pause", "rollback"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			stack := "back" + action
			r.rotateTo(stack, stack, "good value", "create "+stack+"")
			before := r.observe(stack)
			plan := r.plan(stack, Consent{Default: Rotate}, Want{Name: "pw", Pin: stack, Value: secret.NewValue("bad"), Found: true})
			r.apply(plan)
			file := strings.Replace(rotating(plan.Pins[0].Object, "exit 4"), "monitor: 2s", "monitor: 2s, failure_action: "+action, 1)
			r.deploy(stack, file)
			_, err := r.watch(stack, before, secret.NewValue("good value"), secret.NewValue("bad"))
			const message = "web: task web.1 on vm: task: non-zero exit (4)\n  | [redacted]"
			if _, ok := errors.AsType[*ServiceError](err); !ok || strings.Replace(err.Error(), before.Nodes[sortedKeys(before.Nodes)[0]], "vm", 1) != message {
				t.Fatalf("error %v, want the service's", err)
			}

			failed := r.observe(stack)
			restored, err := Restore(t.Context(), r.api, before, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.watch(stack, failed); err != nil {
				t.Fatal(err)
			}
			after := r.observe(stack)
			if diff := cmp.Diff(before.Services[indexOf(before, stack)].Spec, after.Services[indexOf(after, stack)].Spec); diff != "" {
				t.Errorf("spec (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(Restored{Services: []string{"web"}}, restored); diff != "" {
				t.Errorf("restored (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{stack, stack + "_v2"}, r.secretsOf(stack)); diff != "" {
				t.Errorf("secrets (-want +got):\n%s", diff)
			}
		})
	}
}

func indexOf(s State, stack string) int {
	for i := range s.Services {
		if s.Services[i].Spec.Name == stack+"_web" {
			return i
		}
	}
	return -1
}

// Creating must end with every secret there once and right, whatever the Swarm answers.
func TestEngineCreatesOnceThroughFaults(t *testing.T) {
	t.Parallel()
	const count = 20
	create := enginetest.Fault{Method: http.MethodPost, Path: "/secrets/create"}
	answer := func(status int, text string, after bool) enginetest.Fault {
		fault := create
		fault.Status, fault.Message, fault.After = status, text, after
		return fault
	}
	cut, cutAfter, replay, delay, list := create, create, create, create, answer(503, "rpc error: code = Unavailable desc = transport is closing", false)
	cut.Cut, cutAfter.CutAfter, replay.Replay, delay.Delay = true, true, true, 300*time.Millisecond
	list.Method, list.Path = http.MethodGet, "/secrets"
	question := answer(500, "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online.", false)
	question.Path = "/secrets/"
	for i, tt := range []struct {
		name   string
		faults []enginetest.Fault
	}{
		{"cut", []enginetest.Fault{cut}},
		{"cut after it happened", []enginetest.Fault{cutAfter}},
		{"the daemon repeats it", []enginetest.Fault{replay}},
		{"slow", []enginetest.Fault{delay}},
		{"deadline, had happened", []enginetest.Fault{answer(500, "rpc error: code = DeadlineExceeded desc = context deadline exceeded", true)}},
		{"deadline, had not happened", []enginetest.Fault{answer(500, "rpc error: code = Unknown desc = context deadline exceeded", false)}},
		{"no leader", []enginetest.Fault{answer(500, "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online.", false)}},
		{"leader lost", []enginetest.Fault{answer(500, "rpc error: code = Unknown desc = raft: failed to process the request: node lost leader status", true)}},
		{"closing", []enginetest.Fault{answer(503, "rpc error: code = Unavailable desc = transport is closing", true)}},
		{"dialing", []enginetest.Fault{answer(503, `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial tcp"`, false)}},
		{"manager restarts", []enginetest.Fault{answer(503, "This node is not a swarm manager. Manager is being prepared or has trouble connecting to the cluster.", false)}},
		{"reading", []enginetest.Fault{answer(503, "rpc error: code = Unavailable desc = error reading from server: EOF", true)}},
		{"stream", []enginetest.Fault{answer(500, "rpc error: code = Unknown desc = stream terminated by RST_STREAM with error code: CANCEL", true)}},
		{"the look fails too", []enginetest.Fault{cutAfter, list, question}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t)
			stack := fmt.Sprintf("fault%d", i)
			var wants []Want
			for n := range count {
				wants = append(wants, Want{Name: fmt.Sprintf("%s_%02d", stack, n), Value: secret.NewValue(fmt.Sprintf("value %d", n)), Found: true})
			}
			plan := r.plan(stack, Consent{}, wants...)
			for _, fault := range tt.faults {
				fault.Skip, fault.Times = 3, 5
				r.proxy.Inject(fault)
			}
			r.apply(plan)
			r.proxy.Reset()
			after := r.plan(stack, Consent{}, wants...)
			for _, op := range after.Ops {
				if op.Type != OpKeep || op.Cause != "unchanged" {
					t.Errorf("afterwards: %s", op)
				}
			}
			if n := len(r.secretsOf(stack)); n != count {
				t.Errorf("%d secrets, want %d", n, count)
			}
		})
	}
}

// A final answer must not be tried again. "Use docker swarm init" is one only at the start:
// a manager that stops says it too.
func TestEngineFinalAnswerIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.": errWorker,
		`Swarm is encrypted and needs to be unlocked before it can be used. Please use "docker swarm unlock" to unlock it.`:                                                                 errLocked,
	} {
		r := newRig(t)
		r.proxy.Inject(enginetest.Fault{Method: http.MethodGet, Path: "/secrets", Status: 503, Message: text})
		if _, err := Observe(t.Context(), r.api, "app"); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
		asked := 0
		for _, call := range r.proxy.Calls() {
			if call.Path == "/secrets" {
				asked++
			}
		}
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
	}
}
