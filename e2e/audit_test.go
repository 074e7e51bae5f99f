package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every operation of deploy, rotate and prune must be one line of the audit log, and log
// must read it back together with what the Swarm knows; no line may show a value.
func TestAuditLogHasEveryOperation(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	stack := r.audited("audited")
	r.says(r.deploy(stack), 0)
	r.says(r.docker("secrets", "rotate", stack, "audited_token", "--generate", "24", "--keep", "0"), 0)
	r.endStack(stack)
	r.says(r.docker("secrets", "prune", "-f", stack), 0)
	content := r.read("audit.log")
	for _, want := range []string{
		`"command":"deploy","result":"begun"`,
		`"command":"deploy","operation":"create","kind":"secret","secret":"audited_token","version":"audited_token","from":"env://AUDITED_TOKEN","result":"done"`,
		`"command":"deploy","result":"running"`,
		`"command":"rotate","operation":"create","kind":"secret","secret":"audited_token","version":"audited_token_v2"`,
		`"command":"prune","operation":"remove","kind":"secret","secret":"audited_token","version":"audited_token","result":"done"`,
		`"command":"prune","operation":"remove","kind":"secret","secret":"audited_token","version":"audited_token_v2","result":"done"`,
		`"stack":"` + stack + `"`, `"who":"`, `"context":"default"`,
	} {
		if !strings.Contains(content, want) {
			t.Errorf("the audit log has no %s", want)
		}
	}
	got := r.docker("secrets", "log", stack)
	if !strings.Contains(got.stdout, "create audited_token_v2") || got.code != 0 {
		t.Errorf("log says:\n%s%s", got.stdout, got.stderr)
	}
	if t.Failed() {
		t.Log(content)
	}
	if strings.Contains(content+r.said.String(), "kR7xT2mB9vQ4wZ6n") {
		t.Error("the audit log shows a value")
	}
}

// audited writes an application whose operations are logged.
func (r *rig) audited(stack string) string {
	r.t.Helper()
	r.removeStack(stack)
	r.env = append(r.env, "DOCKER_SECRETS_AUDIT="+filepath.Join(r.dir, "audit.log"))
	r.write(".env", "AUDITED_TOKEN=kR7xT2mB9vQ4wZ6n\n")
	r.write("docker-compose.yml", strings.ReplaceAll(checkedApplication, "API_TOKEN", "AUDITED_TOKEN"))
	r.must("secrets", "migrate")
	return stack
}

// A disk that is full must stop a deploy before it begins, and what the Swarm has made
// must say who made it and from where.
func TestAuditLogComesFirst(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	r := newRig(t)
	r.removeStack("refused")
	r.write(".env", "REFUSED_TOKEN=kR7xT2mB9vQ4wZ6n\n")
	r.write("docker-compose.yml", strings.ReplaceAll(checkedApplication, "API_TOKEN", "REFUSED_TOKEN"))
	r.must("secrets", "migrate")
	r.env = append(r.env, "DOCKER_SECRETS_AUDIT=/dev/full")
	r.proxy.Reset()
	r.says(r.deploy("refused"), 1, "no space left on device; nothing was done")
	if writes := r.proxy.Writes(); len(writes) > 0 {
		t.Errorf("the Swarm was changed: %v", writes)
	}
	r.env = append(r.env, "DOCKER_SECRETS_AUDIT=")
	r.says(r.deploy("refused"), 0)
	got := r.docker("secrets", "log", "refused")
	if !strings.Contains(got.stdout, "env://REFUSED_TOKEN") || !strings.Contains(got.stdout, "@") {
		t.Errorf("log says:\n%s%s", got.stdout, got.stderr)
	}
}
