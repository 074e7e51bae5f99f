package e2e

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
)

// stackFile is a stack of one service that reads one secret.
func stackFile(name, command string) string {
	return `x-stack: ` + name + `
version: "3.9"
services:
  app:
    image: busybox:local
    command: ["sh", "-c", "` + command + `"]
    secrets: [` + name + `_token]
secrets:
  ` + name + `_token:
    external: true
    x-from: env://TOKEN
`
}

// A service that cannot start must fail the deploy, with the task's own error.
func TestFailingTaskFailsTheDeploy(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("failing", "failing_token")
	r.write("docker-compose.prod.yml", strings.Replace(stackFile("failing", "true"), `["sh", "-c", "true"]`, `["/no/such/program"]
    deploy: {restart_policy: {condition: none}}`, 1))
	r.write(".env", "TOKEN=value-of-token-1\n")
	got := r.docker("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--timeout", "90s")
	if got.code != 1 {
		t.Errorf("exit %d, want 1", got.code)
	}
	for _, want := range []string{"app", "/no/such/program"} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("%q is not said:\n%s", want, got.stderr)
		}
	}
}

// All values that are missing must be named in one message, before anything is
// created.
func TestMissingValuesAreNamedTogether(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.write("docker-compose.prod.yml", `x-stack: missing
services:
  app:
    image: busybox:local
    secrets: [first_missing, second_missing]
secrets:
  first_missing: {external: true, x-from: "env://FIRST"}
  second_missing: {external: true, x-from: "dotenv://.env#SECOND"}
`)
	got := r.docker("secrets", "deploy")
	if got.code != 1 || !strings.Contains(got.stderr, "first_missing") || !strings.Contains(got.stderr, "second_missing") {
		t.Errorf("exit %d:\n%s", got.code, got.stderr)
	}
	if writes := r.proxy.Writes(); len(writes) > 0 {
		t.Errorf("something was written: %v", writes)
	}
}

// What the Swarm would refuse must be refused before anything is created.
func TestImpossibleSecretsAreRefusedFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.write("big", strings.Repeat("x", 500*1024))
	r.write("docker-compose.prod.yml", `x-stack: refused
services:
  app:
    image: busybox:local
    secrets: [big, "-bad"]
secrets:
  big: {external: true, x-from: "file://big"}
  "-bad": {external: true, x-from: "file://big"}
`)
	got := r.docker("secrets", "deploy")
	if got.code != 1 || !strings.Contains(got.stderr, "512000 bytes") || !strings.Contains(got.stderr, "-bad") {
		t.Errorf("exit %d:\n%s", got.code, got.stderr)
	}
	if writes := r.proxy.Writes(); len(writes) > 0 {
		t.Errorf("something was written: %v", writes)
	}
}

// A daemon that cannot be reached must be one clear line.
func TestUnreachableDaemonIsOneLine(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.write("docker-compose.prod.yml", stackFile("nowhere", "true"))
	got := r.dockerAt("unix:///nonexistent/docker.sock", "secrets", "deploy")
	if got.code != 1 || strings.Count(strings.TrimSpace(got.stderr), "\n") > 0 || !strings.Contains(got.stderr, "/nonexistent/docker.sock") {
		t.Errorf("exit %d:\n%s", got.code, got.stderr)
	}
}

// The plan must be shown and nothing written by --dry-run, which exits with 3
// while there is something to do.
func TestDryRunWritesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.write("docker-compose.prod.yml", stackFile("dry", "true"))
	r.write(".env", "TOKEN=value-of-token-1\n")
	got := r.docker("secrets", "deploy", "--dry-run")
	if got.code != 3 || !strings.Contains(got.stderr, "create dry_token from env://TOKEN (app)") {
		t.Errorf("exit %d:\n%s", got.code, got.stderr)
	}
	if writes := r.proxy.Writes(); len(writes) > 0 {
		t.Errorf("something was written: %v", writes)
	}
}

// A context of the docker CLI must be honoured, by the plugin and by the docker
// stack deploy that it runs.
func TestDockerContextIsHonoured(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("contextual", "contextual_token")
	r.write("docker-compose.prod.yml", stackFile("contextual", "sleep 100000"))
	r.write(".env", "TOKEN=value-of-token-1\n")
	if got := r.dockerAt("", "context", "create", "prod", "--docker", "host="+r.proxy.Host); got.code != 0 {
		t.Fatal(got.stderr)
	}
	got := r.dockerAt("", "--context", "prod", "secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--detach")
	if got.code != 0 {
		t.Fatalf("exit %d:\n%s", got.code, got.stderr)
	}
	if value := r.inTask("contextual_app", "cat", "/run/secrets/contextual_token"); value != "value-of-token-1" {
		t.Errorf("the task reads %d bytes", len(value))
	}
}

// An interrupt must end the waiting, say what is under way and how to go on, and
// exit with 1.
func TestInterruptEndsTheWaiting(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("patient", "patient_token")
	r.write("docker-compose.prod.yml", strings.Replace(stackFile("patient", "true"), "busybox:local", "no-such-image:local", 1))
	r.write(".env", "TOKEN=value-of-token-1\n")
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := r.command(ctx, r.proxy.Host, "secrets", "deploy", "--resolve-image", "never", "--stable", "1s")
		said := &lockedBuffer{}
		cmd.Stderr = said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		r.eventually(ctx, "the deploy waits", func() bool { return strings.Contains(said.String(), "app: starting") })
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(said.String(), "run the same command again") {
			t.Errorf("%v: exit %d:\n%s", signal, code, said.String())
		}
	}
}
