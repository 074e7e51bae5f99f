package e2e

import (
	"encoding/json"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/check"
	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// engineRules are the rules that ask the Engine or a secret manager. The others are held
// against their samples in ./check, and against files in testdata/script.
var engineRules = []string{
	"autolock-off", "engine-plain-tcp", "manager-newer", "manager-plain-http", "not-updating", "permission-denied", "pin-missing",
	"residue", "rotation-due", "secret-not-found", "shared-object", "shared-value", "version-unused",
}

const (
	ruledValue  = "kR7xT2mB9vQ4wZ6n"
	ruledOther  = "mW3cY8pL5jH1dF9s"
	ruledSecond = "tB6nV4zX2qG7rK8e"
	ruledLocal  = "yN5sD3fA9kU1pE7w"
)

// ruled is a stack that has nothing wrong, with one secret of a manager.
const ruled = `x-stack: ruled
version: "3.9"
services:
  app:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; cat /run/secrets/api_token; ` + stays + `"]
    environment: {API_TOKEN_FILE: /run/secrets/api_token}
    stop_grace_period: 1s
    secrets: [api_token, env_key]
    deploy: {update_config: {monitor: 300ms}}
secrets:
  api_token:
    external: true
    x-from: vault://secret/ruled#/token
  env_key:
    external: true
    x-from: env://RULED_KEY
`

// breakRuled makes whatever the rules look for: versions that nothing uses or that are gone, a value and
// an object that another stack has, plaintext, and a process that may not read its secret.
func (r *rig) breakRuled() {
	r.t.Helper()
	labels := func(stack, name, version string) []string {
		return []string{"--label", "com.docker-secrets.stack=" + stack, "--label", "com.docker-secrets.name=" + name, "--label", "com.docker-secrets.version=" + version}
	}
	create := func(stack, name, version, object, value string) {
		r.write("value", value)
		r.must(append(append([]string{"secret", "create"}, labels(stack, name, version)...), object, "value")...)
	}
	create("ruled", "api_token", "9", "api_token_v9", ruledOther)
	create("other", "token", "1", "other_token", ruledLocal)
	create("ruled", "gone_key", "1", "gone_key", ruledOther)
	create("ruled", "gone_key", "2", "gone_key_v2", ruledSecond)
	service := func(name, stack string, args ...string) {
		r.must(append([]string{"service", "create", "-d", "--name", name, "--label", "com.docker.stack.namespace=" + stack, "--container-label", "com.docker.stack.namespace=" + stack}, args...)...)
	}
	service("other_app", "other", "--replicas", "0", "--secret", "api_token", "busybox:local", "true")
	service("ruled_left", "ruled", "--replicas", "0", "--env", "API_TOKEN="+ruledValue, "busybox:local", "true")
	service("ruled_denied", "ruled", "--replicas", "0", "--user", "1000", "--secret", "source=api_token,mode=0400", "busybox:local", "true")
	service("ruled_gone", "ruled", "--replicas", "2", "--secret", "gone_key", "--stop-grace-period", "1s",
		"--update-parallelism", "1", "--update-delay", "1h", "--update-monitor", "100ms", "busybox:local", "sh", "-c", "trap 'exit 0' TERM; "+stays)
	r.eventually(r.t.Context(), "both tasks run", func() bool { return r.runningTasks("ruled_gone") == 2 })
	r.must("service", "update", "-d", "--secret-rm", "gone_key", "--secret-add", "gone_key_v2", "ruled_gone")
	r.must("secret", "rm", "gone_key") // the Swarm looks at services alone, and a task has it still
}

// runningTasks is how many tasks of a service run.
func (r *rig) runningTasks(service string) int {
	states := r.must("service", "ps", "--filter", "desired-state=running", "--format", "{{.CurrentState}}", service).stdout
	return strings.Count(states, "Running ")
}

// plainTCP is the rig's Engine behind a TCP port without TLS.
func (r *rig) plainTCP() (host string) {
	r.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("unix", strings.TrimPrefix(r.engine.Host, "unix://"))
			if err != nil {
				_ = from.Close()
				continue
			}
			for _, pair := range [][2]net.Conn{{from, to}, {to, from}} {
				go func() {
					_, _ = io.Copy(pair[0], pair[1])
					_ = pair[0].Close()
				}()
			}
		}
	}()
	return "tcp://" + listener.Addr().String()
}

// rulesFound are the rules among engineRules that check finds broken, sorted.
func (r *rig) rulesFound(host string, args ...string) []string {
	r.t.Helper()
	got := r.dockerAt(host, append([]string{"secrets", "check", "ruled", "--format", "json"}, args...)...)
	var report check.JSONReport
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
		r.t.Fatalf("check: exit %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	var found []string
	for _, finding := range report.Findings {
		if slices.Contains(engineRules, finding.Rule) {
			found = append(found, finding.Rule)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// Each rule that asks the Engine or a manager must find what is wrong on a real Swarm, and
// nothing where all is well.
func TestCheckRulesOnTheEngine(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, rule := range check.Rules() {
		known[rule.ID] = true
	}
	for _, id := range engineRules {
		if !known[id] {
			t.Errorf("there is no rule %s", id)
		}
	}
	r := rigAt(t, enginetest.StartSwarm(t))
	m := r.withManagers()
	m.vault.Put("ruled", `{"token": "`+ruledValue+`"}`)
	r.env = append(r.env, "RULED_KEY="+ruledLocal)
	r.write("docker-compose.yml", "services:\n  app:\n    image: busybox:local\n    environment: {API_TOKEN_FILE: /run/secrets/api_token}\n")
	r.write("docker-compose.prod.yml", ruled)
	r.says(r.deploy("ruled", "--allow-source"), 0)
	r.must("swarm", "update", "--autolock=true")
	if found := r.rulesFound(r.proxy.Host, "--max-age", "90d"); len(found) > 0 {
		t.Errorf("nothing is wrong, and check finds %v", found)
	}

	r.breakRuled()
	r.must("swarm", "update", "--autolock=false")
	r.write("docker-compose.prod.yml", strings.Replace(ruled, "  api_token:\n    external: true\n", "  api_token:\n    external: true\n    name: api_token_v7\n", 1))
	host := r.plainTCP()
	m.vault.Put("ruled", `{"token": "`+ruledValue+`"}`, `{"token": "`+ruledSecond+`"}`)
	found := r.rulesFound(host, "--max-age", "1ms")
	r.env = append(r.env, "VAULT_ADDR=http://vault.example.test")
	found = append(found, r.rulesFound(r.proxy.Host, "--max-age", "1ms")...)
	slices.Sort(found)
	if diff := cmp.Diff(engineRules, slices.Compact(found)); diff != "" {
		t.Errorf("everything is wrong (-want +got)\n%s", diff)
		got := r.dockerAt(host, "secrets", "check", "ruled", "--max-age", "1ms")
		t.Log(got.stdout, got.stderr)
	}
	for _, value := range []string{ruledValue, ruledOther, ruledSecond, ruledLocal} {
		if strings.Contains(r.said.String(), value) {
			t.Error("check shows a value")
		}
	}
}
