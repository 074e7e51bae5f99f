package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// during runs a deploy that rotates to a value with which the task fails, and does something
// once the new version is pinned.
func (r *rig) during(stackFile string, do func(), args ...string) result {
	r.t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		ctx, cancel := context.WithTimeout(r.t.Context(), patience)
		defer cancel()
		r.eventually(ctx, "the new version is deployed", func() bool {
			text, err := os.ReadFile(filepath.Join(r.dir, stackFile))
			if err != nil || !strings.Contains(string(text), "_v2") {
				return false
			}
			out, err := r.command(ctx, r.engine.Host, "service", "ls", "--format", "{{.Name}}").Output()
			if err != nil {
				return false
			}
			for name := range strings.FieldsSeq(string(out)) {
				secrets, _ := r.command(ctx, r.engine.Host, "service", "inspect", name, "--format", "{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{.SecretName}} {{end}}").Output()
				if strings.Contains(string(text), strings.TrimSuffix(name, "_app")+"_token_v2") && strings.Contains(string(secrets), "_v2") {
					return true
				}
			}
			return false
		})
		do()
	}()
	got := r.deploy(args...)
	<-done
	return got
}

// A rollback must not write over what somebody else changed meanwhile, and must say so.
func TestRollbackLeavesChangesOfOthers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.deployed("meddled", stays)
	r.write(".env", "TOKEN="+nextV+"\n")
	got := r.during("docker-compose.prod.yml", func() {
		// docker service update waits; the Engine has the change at once.
		_ = r.command(r.t.Context(), r.engine.Host, "service", "update", "--detach", "--env-add", "BY=somebody", "meddled_app").Run()
	}, "--rotate", "--stable", "30s")
	r.says(got, 1, "its specification was changed meanwhile", "services that were changed meanwhile are left as they are: app")
	if env := r.must("service", "inspect", "meddled_app", "--format", "{{.Spec.TaskTemplate.ContainerSpec.Env}}").stdout; !strings.Contains(env, "BY=somebody") {
		t.Errorf("the other's change is gone: %s", env)
	}
	r.notLocked("meddled")
}

// A stack file that cannot be restored must not keep the services from going back, and the
// pins that stay in it be named.
func TestRollbackWithoutStackFile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const script = "grep -q first /run/secrets/token || exit 7; " + stays
	r.removeStack("unwritable", "unwritable_token", "unwritable_token_v2")
	r.write("sub/docker-compose.prod.yml", quick("unwritable", script))
	r.write("sub/.env", "TOKEN="+firstV+"\n")
	r.says(r.deploy("-c", "sub/docker-compose.prod.yml"), 0)
	r.write("sub/.env", "TOKEN="+nextV+"\n")
	got := r.during("sub/docker-compose.prod.yml", func() {
		if err := os.Rename(filepath.Join(r.dir, "sub"), filepath.Join(r.dir, "moved")); err != nil {
			t.Error(err)
		}
	}, "--rotate", "--timeout", "60s", "-c", "sub/docker-compose.prod.yml")
	r.says(got, 1, "rolled back: unwritable runs as before (app)", "keeps its new pins; remove them, or the next deploy uses them", "unwritable_token_v2")
	if now := r.token("unwritable"); now != firstV {
		t.Errorf("the task reads %d bytes, not the first value", len(now))
	}
	r.notLocked("unwritable")
}

// A deploy just after docker stack rm must wait for what is still removed, and end well.
func TestDeployJustAfterStackIsRemoved(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.deployed("reborn", stays)
	for range 2 {
		_ = r.docker("stack", "rm", "reborn") // its exit code is not what is tested
		r.says(r.deploy(), 0)
		if got := r.token("reborn"); got != firstV {
			t.Errorf("the task reads %d bytes, not the value", len(got))
		}
	}
}
