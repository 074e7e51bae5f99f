package e2e

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
)

// stopWhileJobRuns rotates to value with a command that takes long, and stops the
// plugin by signal while it runs.
func (r *rig) stopWhileJobRuns(stack, value string, signal os.Signal) (code int, said string) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	binary, err := program()
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := r.command(ctx, r.proxy.Host)
	cmd.Path, cmd.Args = binary, []string{binary, "rotate", stack, stack + "_token", "--before", "app: sleep 1000", "-"}
	output := &lockedBuffer{}
	cmd.Stdin, cmd.Stderr = strings.NewReader(value), output
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.container(stack + "_before-rotate")
	_ = cmd.Process.Signal(signal)
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), output.String()
}

// A rotation that is stopped or killed while its command runs must leave all as it
// was but for the new version, which the same rotation tries, and which only prune
// removes. No job may be left, after a kill by the next run.
func TestStoppedRotateChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.deployed("halted", stays)
	t.Cleanup(func() { _ = r.command(context.Background(), r.proxy.Host, "secrets", "prune", "-f", "halted").Run() })
	file := r.stackFile()

	code, said := r.stopWhileJobRuns("halted", nextV, os.Interrupt)
	if code != 1 || !strings.Contains(said, "stopped; no service was changed. app may already have the new value, so halted_token_v2 is kept") {
		t.Errorf("exit %d:\n%s", code, said)
	}
	r.noJob("halted")
	r.notLocked("halted")
	r.stopWhileJobRuns("halted", "third-value-83", syscall.SIGKILL)
	r.says(r.deploy(), 0, "keep halted_token, unchanged")
	r.noJob("halted")
	if names := r.secretNames("halted"); names != "halted_token halted_token_v2 halted_token_v3" || r.stackFile() != file || r.token("halted") != firstV {
		t.Errorf("something was changed: %s", names)
	}

	rotate := func(command string) result {
		return r.input("fourth-value-84\n", "secrets", "rotate", "halted", "halted_token", "--before", command, "-")
	}
	r.says(rotate("app: grep second /run/secrets/token && grep fourth /run/secrets/token.new"), 0,
		"app had the value of halted_token_v2 already, from a rotation that did not finish", "halted runs with halted_token_v4")
	r.says(rotate("app: false"), 0, "app uses these versions already; the command of --before does not run")
	r.says(r.docker("secrets", "prune", "-f", "--keep", "0", "halted"), 0)
	if names := r.secretNames("halted"); strings.Contains(names, "_v2") || strings.Contains(names, "_v3") {
		t.Errorf("secrets: %s", names)
	}
}

// A command that the Swarm refuses to run must leave nothing.
func TestRefusedCommandLeavesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("barred", "barred_token")
	r.write("docker-compose.prod.yml", strings.Replace(quick("barred", stays), "        target: token\n", "        target: token\n      - {source: barred_token, target: token.new}\n", 1))
	r.write(".env", "TOKEN="+firstV+"\n")
	r.says(r.deploy(), 0)
	r.says(r.docker("secrets", "rotate", "barred", "barred_token", "--generate", "24", "--before", "app: true"), 1,
		"the command in app did not succeed: ", "removed again: barred_token_v2", "no service was changed")
	if names := r.secretNames("barred"); names != "barred_token" {
		t.Errorf("secrets: %s", names)
	}
	r.noJob("barred")
}
