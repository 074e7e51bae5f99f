package e2e

import (
	"encoding/json"
	"strings"
	"testing"
)

// two is a stack of two services; app uses both secrets, other one of them.
func two(stack string) string {
	return strings.Replace(quick(stack, stays), "\nsecrets:\n", `
  other:
    image: busybox:local
    command: ["sleep", "100000"]
    stop_grace_period: 1s
    secrets: [{source: `+stack+`_token, target: token}]
secrets:
  `+stack+`_key:
    external: true
    x-from: env://KEY
`, 1)
}

// rotate must give every service that uses the secrets the new versions, by one
// update each, pin them, and prune; without the stack file it must say what that
// should have.
func TestRotateUpdatesEachServiceOnce(t *testing.T) {
	t.Parallel()
	rotateUpdatesEachServiceOnce(t, newRig(t))
}

func rotateUpdatesEachServiceOnce(t *testing.T, r *rig) {
	t.Helper()
	r.removeStack("spun", "spun_token", "spun_token_v2", "spun_token_v3", "spun_key", "spun_key_v2")
	file := strings.Replace(two("spun"), "        target: token\n", "        target: token\n      - {source: spun_key, target: key}\n", 1)
	r.write("docker-compose.prod.yml", file)
	r.write(".env", "TOKEN="+firstV+"\nKEY=first-key-91\n")
	r.says(r.deploy(), 0)

	r.proxy.Reset()
	r.says(r.docker("secrets", "rotate", "spun", "spun_token", "spun_key", "--generate", "24"), 0,
		"create spun_token_v2, value changed, from --generate (app, other)", "pinned spun_key to spun_key_v2", "spun runs with spun_key_v2, spun_token_v2",
		"spun_token: put the new value at env://TOKEN too")
	updates := map[string]int{}
	for _, call := range r.proxy.Writes() {
		if strings.HasPrefix(call.Path, "/services/") {
			updates[call.Path]++
		}
	}
	if len(updates) != 2 {
		t.Errorf("services were updated so often: %v", updates)
	}
	for path, n := range updates {
		if n != 1 {
			t.Errorf("%s was updated %d times", path, n)
		}
	}
	got := r.token("spun")
	if len(got) != 24 || got == firstV {
		t.Errorf("app reads %d bytes, want the 24 that were generated", len(got))
	}
	if other := r.inTask("spun_other", "cat", "/run/secrets/token"); other != got {
		t.Errorf("other reads other bytes than app")
	}
	if !strings.Contains(r.stackFile(), "    name: spun_token_v2\n") {
		t.Error("there is no pin")
	}

	r.write("docker-compose.prod.yml", "x-stack: another\n")
	r.says(r.input("third-value-83\n", "secrets", "rotate", "spun", "spun_token_v2", "-"), 0,
		"the stack file should have secrets.spun_token.name: spun_token_v3")
	if got := r.token("spun"); got != "third-value-83" {
		t.Errorf("app reads %d bytes, not the value given", len(got))
	}
	if names := r.secretNames("spun"); names != "spun_key spun_key_v2 spun_token_v2 spun_token_v3" {
		t.Errorf("secrets: %s", names)
	}
	r.says(r.docker("secrets", "rotate", "spun", "nope", "--generate", "24"), 1, "nope: no such secret in stack spun; it has spun_key, spun_token")
	r.notLocked("spun")
}

// A rotation that makes a task fail must be taken back.
func TestFailedRotateIsTakenBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.deployed("spunback", "grep -q first /run/secrets/token || exit 7; "+stays)
	file := r.stackFile()
	r.says(r.docker("secrets", "rotate", "spunback", "spunback_token", "--generate", "24", "--timeout", "60s"), 1,
		"non-zero exit (7)", "rolled back: spunback runs as before (app)")
	if got := r.token("spunback"); got != firstV {
		t.Errorf("the task reads %d bytes, not the first value", len(got))
	}
	if r.stackFile() != file {
		t.Error("the stack file was changed")
	}
}

// ls must show versions, users, states and sources, in docker's formats; prune must
// ask, remove only what nothing needs, and everything after docker stack rm.
func TestListShowsAndPruneRemovesVersions(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.deployed("listed", stays)
	for _, value := range []string{nextV, "third-value-83"} {
		r.write(".env", "TOKEN="+value+"\n")
		r.says(r.deploy("--rotate", "--keep", "2"), 0)
	}
	want := `NAME              VERSION   STACK     SERVICES   STATE      SOURCE
listed_token      1         listed               unused     env://TOKEN
listed_token_v2   2         listed               previous   env://TOKEN
listed_token_v3   3         listed    app        in use     env://TOKEN
`
	const columns = "table {{.Name}}\t{{.Version}}\t{{.Stack}}\t{{.Services}}\t{{.State}}\t{{.Source}}"
	if got := r.must("secrets", "ls", "listed", "--format", columns); got.stdout != want {
		t.Errorf("ls:\n%s", got.stdout)
	}
	if got := r.must("secrets", "ls", "listed").stdout; !strings.HasPrefix(got, "NAME              VERSION   STACK     CREATED ") || !strings.Contains(got, " ago ") {
		t.Errorf("ls:\n%s", got)
	}
	var one struct{ Name, Secret, Version, State string }
	if err := json.Unmarshal([]byte(r.must("secrets", "ls", "--filter", "state=in use", "--filter", "stack=listed", "--format", "json").stdout), &one); err != nil {
		t.Error(err)
	}
	if one.Name != "listed_token_v3" || one.Secret != "listed_token" || one.Version != "3" || one.State != "in use" {
		t.Errorf("as JSON: %+v", one)
	}
	if ids := strings.Fields(r.must("secrets", "ls", "-q", "listed").stdout); len(ids) != 3 || r.docker(append([]string{"secret", "inspect"}, ids...)...).code != 0 {
		t.Errorf("%v are no three IDs", ids)
	}
	r.says(r.docker("secrets", "ls", "--filter", "age=1"), 2, "filters are name, stack, state, service")

	r.says(r.docker("secrets", "prune", "listed", "--dry-run"), 3, "remove listed_token, version 1 of listed_token, unused")
	r.says(r.docker("secrets", "prune", "listed"), 1, "no terminal to ask on")
	r.says(r.docker("secrets", "prune", "listed", "-f"), 0)
	if names := r.secretNames("listed"); names != "listed_token_v2 listed_token_v3" {
		t.Errorf("after prune: %s", names)
	}
	r.endStack("listed")
	r.says(r.docker("secrets", "prune", "listed", "-f"), 0)
	if names := r.secretNames("listed"); names != "" {
		t.Errorf("after docker stack rm and prune: %s", names)
	}
}
