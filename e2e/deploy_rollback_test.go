package e2e

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// quick is a stack file of one service that runs script with a secret TOKEN, and
// whose updates are judged fast.
func quick(stack, script string) string {
	return `x-stack: ` + stack + `
version: "3.9"
services:
  app:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; ` + script + `"]
    secrets:
      - source: ` + stack + `_token
        target: token
    deploy:
      update_config: {order: start-first, monitor: 2s}
      restart_policy: {delay: 100ms}
secrets:
  ` + stack + `_token:
    external: true
    x-from: env://TOKEN # kept
`
}

const (
	stays  = "sleep 100000 & wait" // and ends at once when its shell has a trap
	firstV = "first-value-81"
	nextV  = "second-value-82"
)

// deployed writes the stack's file and .env, and deploys it.
func (r *rig) deployed(stack, script string) {
	r.t.Helper()
	r.removeStack(stack, stack+"_token", stack+"_token_v2", stack+"_token_v3")
	r.write("docker-compose.prod.yml", quick(stack, script))
	r.write(".env", "TOKEN="+firstV+"\n")
	r.must("secrets", "deploy", "--resolve-image", "never", "--stable", "1s")
}

func (r *rig) deploy(args ...string) result {
	r.t.Helper()
	return r.docker(append([]string{"secrets", "deploy", "--resolve-image", "never", "--stable", "1s"}, args...)...)
}

// says fails the test unless every part stands in got's stderr.
func (r *rig) says(got result, code int, parts ...string) {
	r.t.Helper()
	if got.code != code {
		r.t.Errorf("exit %d, want %d", got.code, code)
	}
	for _, part := range parts {
		if !strings.Contains(got.stderr, part) {
			r.t.Errorf("%q is not said", part)
		}
	}
	if r.t.Failed() {
		r.t.Logf("stdout:\n%s\nstderr:\n%s", got.stdout, got.stderr)
	}
}

func (r *rig) secretNames(stack string) string {
	r.t.Helper()
	return strings.Join(strings.Fields(r.must("secret", "ls", "--format", "{{.Name}}", "--filter", "name="+stack+"_").stdout), " ")
}

// token is what a task of the stack reads.
func (r *rig) token(stack string) string {
	r.t.Helper()
	return r.inTask(stack+"_app", "cat", "/run/secrets/token")
}

// A new value that makes the task fail must be taken back: the old value runs, the
// stack file has its bytes again, the old version is there, and the exit code is 1.
func TestFailedDeployIsRolledBack(t *testing.T) {
	t.Parallel()
	failedDeployIsRolledBack(t, newRig(t))
}

func failedDeployIsRolledBack(t *testing.T, r *rig) {
	t.Helper()
	const script = "grep -q first /run/secrets/token || exit 7; " + stays
	r.deployed("backed", script)
	file := r.stackFile()
	r.write(".env", "TOKEN="+nextV+"\n")

	r.says(r.deploy("--rotate", "--timeout", "60s"), 1,
		"create backed_token_v2, value changed, from env://TOKEN (app)", "pinned backed_token to backed_token_v2", "non-zero exit (7)",
		"rolled back: backed runs as before (app)", "created and not in use: backed_token_v2")
	if now := r.stackFile(); now != file {
		t.Errorf("the stack file has other bytes:\n%s", now)
	}
	if got := r.token("backed"); got != firstV {
		t.Errorf("the task reads %d bytes, not the first value", len(got))
	}
	if names := r.secretNames("backed"); names != "backed_token backed_token_v2" {
		t.Errorf("secrets: %s", names)
	}
	r.notLocked("backed")
}

// notLocked fails the test if a lock was left.
func (r *rig) notLocked(stack string) {
	r.t.Helper()
	if locks := r.must("config", "ls", "-q", "--filter", "name=docker-secrets."+stack+".lock").stdout; locks != "" {
		r.t.Error("a lock was left")
	}
}

// With --no-rollback a failed deploy must stay as it is, pin and all, and be said
// to.
func TestNoRollbackLeavesFailedDeploy(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const script = "grep -q first /run/secrets/token || exit 7; " + stays
	r.deployed("unbacked", script)
	r.write(".env", "TOKEN="+nextV+"\n")
	r.says(r.deploy("--rotate", "--no-rollback", "--timeout", "60s"), 1, "non-zero exit (7)", "not rolled back (--no-rollback)")
	if !strings.Contains(r.stackFile(), "name: unbacked_token_v2\n") {
		t.Error("the pin is gone")
	}
}

// A rotation must reach the task, be pinned by one line, leave one earlier version,
// and prune the one before that; a version of the plan is told to programs too.
func TestDeployPinsChangedValue(t *testing.T) {
	t.Parallel()
	deployPinsChangedValue(t, newRig(t))
}

func deployPinsChangedValue(t *testing.T, r *rig) {
	t.Helper()
	r.deployed("turned", stays)
	r.write(".env", "TOKEN="+nextV+"\n")
	r.says(r.deploy(), 1, "deploy with --rotate to change it")
	r.says(r.deploy("--rotate", "--exit-code"), 3, "pinned turned_token to turned_token_v2 in docker-compose.prod.yml; commit it")
	want := strings.Replace(quick("turned", stays), "    external: true\n", "    external: true\n    name: turned_token_v2\n", 1)
	if got := r.stackFile(); got != want {
		t.Errorf("the stack file is\n%s", got)
	}
	if got := r.token("turned"); got != nextV {
		t.Errorf("the task reads %d bytes, not the second value", len(got))
	}
	r.says(r.deploy("--exit-code"), 0, "keep turned_token_v2, unchanged")

	r.write(".env", "TOKEN=third-value-83\n")
	got := r.deploy("--rotate", "--format", "json")
	r.says(got, 0)
	var last struct{ Event, Status string }
	for i, line := range strings.Split(strings.TrimSpace(got.stdout), "\n") {
		if err := json.Unmarshal([]byte(line), &last); err != nil {
			t.Fatalf("line %d is no JSON: %v", i+1, err)
		}
		if (i == 0) != (last.Event == "plan") {
			t.Errorf("line %d is a %s", i+1, last.Event)
		}
	}
	if last.Event != "result" || last.Status != "running" {
		t.Errorf("the last event is %+v", last)
	}
	if names := r.secretNames("turned"); names != "turned_token_v2 turned_token_v3" {
		t.Errorf("secrets: %s", names)
	}
	r.notLocked("turned")
}

// While one deploy changes a stack, another must change nothing and say who does.
func TestSecondDeployAtOnceIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.deployed("shared", stays)
	r.write(".env", "TOKEN="+nextV+"\n")
	r.write("docker-compose.prod.yml", strings.Replace(quick("shared", stays), "monitor: 2s", "monitor: 10s", 1))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := r.command(ctx, r.proxy.Host, "secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--rotate")
	said := &lockedBuffer{}
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.eventually(ctx, "the first deploy is under way", func() bool { return strings.Contains(said.String(), "Updating service") })
	r.write(".env", "TOKEN=third-value-83\n")
	r.says(r.deploy("--rotate"), 1, "stack shared is being deployed by")
	if err := cmd.Wait(); err != nil {
		t.Errorf("the first deploy: %v\n%s", err, said.String())
	}
	if got := r.token("shared"); got != nextV {
		t.Errorf("the task reads %d bytes, not the first deploy's value", len(got))
	}
	r.notLocked("shared")
}
