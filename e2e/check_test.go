package e2e

import (
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// marks returns the marks of the guide's lines in what check printed.
func marks(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		for _, mark := range []string{"✓", "✗", "–"} {
			if rest, found := strings.CutPrefix(line, mark+" "); found && strings.Contains(rest, ". ") {
				b.WriteString(mark)
			}
		}
	}
	return b.String()
}

// A stack as deploy leaves it must pass every line that the Swarm can answer, but for
// autolock, which is off; and asking must write nothing.
func TestCheckOfADeployedStack(t *testing.T) {
	t.Parallel()
	r := rigAt(t, enginetest.StartSwarm(t))
	r.write(".env", "API_TOKEN=kR7xT2mB9vQ4wZ6n\n")
	r.write("docker-compose.yml", checkedApplication)
	r.must("secrets", "migrate")
	r.says(r.deploy("checked"), 0)
	r.proxy.Reset()
	got := r.docker("secrets", "check", "checked")
	if want := "––✓✓✓✓✗✓✓–"; marks(got.stdout) != want {
		t.Errorf("marks are %s\n%s%s", marks(got.stdout), got.stdout, got.stderr)
	}
	r.says(got, 0)
	if !strings.Contains(got.stdout, "autolock is off") {
		t.Error("autolock is not looked at")
	}
	for _, call := range r.proxy.Writes() {
		t.Errorf("check wrote: %v", call)
	}
	if strings.Contains(r.said.String(), "kR7xT2mB9vQ4wZ6n") {
		t.Error("check shows a value")
	}
}

const checkedApplication = `services:
  app:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; ` + stays + `"]
    environment: {API_TOKEN: "${API_TOKEN}"}
    deploy: {update_config: {monitor: 300ms}}
`

// Whatever goes wrong on a Swarm must be found, each with the command that mends it.
func TestCheckFindsWhatIsWrongOnASwarm(t *testing.T) {
	t.Parallel()
	r := rigAt(t, enginetest.StartSwarm(t))
	r.write(".env", "API_TOKEN=kR7xT2mB9vQ4wZ6n\n")
	r.write("docker-compose.yml", checkedApplication)
	r.must("secrets", "migrate")
	r.says(r.deploy("checked"), 0)

	// A version that nothing uses, one that is old, and a value that another stack has.
	r.must("secret", "create", "--label", "com.docker-secrets.stack=checked", "--label", "com.docker-secrets.name=api_token",
		"--label", "com.docker-secrets.version=9", "api_token_v9", "docker-compose.yml")
	r.write("same.txt", "kR7xT2mB9vQ4wZ6n")
	r.must("secret", "create", "--label", "com.docker-secrets.stack=other", "--label", "com.docker-secrets.name=token",
		"--label", "com.docker-secrets.version=1", "other_token", "same.txt")
	r.must("service", "create", "-d", "--name", "other_app", "--replicas", "0", "--label", "com.docker.stack.namespace=other",
		"--secret", "api_token", "busybox:local", "true")

	// Plaintext in a specification, a process that may not read its secret, and a pin
	// that was not deployed.
	r.must("service", "create", "-d", "--name", "checked_left", "--replicas", "0", "--label", "com.docker.stack.namespace=checked",
		"--env", "API_TOKEN=kR7xT2mB9vQ4wZ6n", "--env", "SMTP_PASSWORD=Zt4Qn8Wb2Kd6", "busybox:local", "true")
	r.must("service", "create", "-d", "--name", "checked_denied", "--replicas", "0", "--label", "com.docker.stack.namespace=checked",
		"--user", "1000", "--secret", "source=api_token,mode=0400", "busybox:local", "true")
	r.write("pinned.yml", strings.Replace(r.stackFile(), "  api_token:\n    external: true\n", "  api_token:\n    external: true\n    name: api_token_v7\n", 1))

	got := r.docker("secrets", "check", "checked", "--max-age", "1ms", "-c", "pinned.yml")
	r.says(got, 3)
	text := strings.Join(strings.Fields(got.stdout), " ")
	for _, want := range []string{
		"api_token_v9 is used by nothing", "fix: docker secrets prune checked",
		"api_token is 0 minutes old, and the maximum is 1ms", "fix: docker secrets rotate checked api_token",
		"api_token is used by other_app of stack other too",
		"api_token has the value of other_token of stack other",
		"autolock is off", "fix: docker swarm update --autolock=true",
		"SMTP_PASSWORD is in plain text in service checked_left: environment SMTP_PASSWORD",
		"is in plain text in service checked_left: environment API_TOKEN", "fix: docker secrets deploy checked --scrub",
		"denied, api_token: user 1000 cannot read a file of 0:0 with mode 0400",
		"app, api_token: it runs with api_token, and the stack file names api_token_v7",
		"api_token_v7 is not on the Swarm",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not found: %s", want)
		}
	}
	if t.Failed() {
		t.Log(got.stdout, got.stderr)
	}
	if strings.Contains(r.said.String(), "kR7xT2mB9vQ4wZ6n") || strings.Contains(r.said.String(), "Zt4Qn8Wb2Kd6") {
		t.Error("check shows a value")
	}
	r.says(r.docker("secrets", "check", "nosuch"), 1, "nosuch: there is no such stack on the Swarm")
}
