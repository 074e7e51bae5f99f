package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/transform"
)

// waiting is what a service runs that only has to stay.
const waiting = `    image: busybox:local
    entrypoint: [sleep, "100000"]
    init: true
    stop_grace_period: 1s
    deploy: {update_config: {monitor: 1s}}
`

// environ is what the program of a task of service, a sleep, was given.
func (r *rig) environ(service string) map[string]string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	var text string
	r.eventually(ctx, "the program of "+service+" runs", func() bool {
		text = r.inTask(service, "sh", "-c", "set -- $(pidof sleep); [ $# -eq 0 ] || cat /proc/$1/environ")
		return text != ""
	})
	found := map[string]string{}
	for entry := range strings.SplitSeq(text, "\x00") {
		name, value, _ := strings.Cut(entry, "=")
		found[name] = value
	}
	return found
}

// gives fails the test unless the program of a task of service has each of want.
func (r *rig) gives(service string, want map[string]string) {
	r.t.Helper()
	got := r.environ(service)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if value, found := got[name]; !found || value != want[name] {
			r.t.Errorf("%s: %s is not as in the compose file (there: %t)", service, name, found)
		}
	}
}

// manyVariables are odd values under many names, some of them under several.
func manyVariables() map[string]string {
	odd := []string{"it's \"quoted\"", "$HOME ${x} $(id) `id`", "first\nsecond\n\n", "  blanks  ", `back\slash\n`, "#;&|<>*?[]{}", "-n", "grüße ☃", "{{ secret \"x\" }}", ","}
	all := map[string]string{}
	for i := range 30 {
		value := odd[i%len(odd)] + fmt.Sprint("zebra-", i)
		all[fmt.Sprintf("V%02d_PASSWORD", i)] = value
		switch i % 6 {
		case 0:
			all[fmt.Sprintf("ALSO%02d_PASSWORD", i)] = value
		case 1:
			all[fmt.Sprintf("v%02d.the-password", i)] = value
		case 2:
			all[fmt.Sprintf("URL%02d", i)] = "https://u:pass" + fmt.Sprint(i) + "word@host"
		}
	}
	return all
}

// Many odd values must reach a locked-up program of another user byte for byte. No
// further deploy, be it ours or docker's own, may restart it, and after docker stack rm
// it must start again.
func TestShimGivesManyVariables(t *testing.T) {
	t.Parallel()
	shimGivesManyVariables(t, newRig(t))
}

func shimGivesManyVariables(t *testing.T, r *rig) {
	t.Helper()
	want := manyVariables()
	t.Cleanup(func() { _ = r.command(context.Background(), r.engine.Host, "secrets", "prune", "-f", "manyvars").Run() })
	r.removeStack("manyvars")
	var environment strings.Builder
	for _, name := range slices.Sorted(maps.Keys(want)) {
		text, err := json.Marshal(want[name])
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&environment, "      %s: %s\n", name, strings.ReplaceAll(string(text), "$", "$$"))
	}
	r.write("docker-compose.yml", "name: manyvars\nservices:\n  app:\n"+waiting+"    user: \"1234:1234\"\n    read_only: true\n    environment:\n"+environment.String())
	r.must("secrets", "migrate", "--offline", "--deliver", "env", "--prefix", "manyvars_")
	r.must("secrets", "deploy", "--resolve-image", "never")
	r.gives("manyvars_app", want)
	r.hidden("zebra-", "manyvars_app")

	task := r.container("manyvars_app")
	r.proxy.Reset()
	for range 4 { // docker sends references to one secret in random order
		r.says(r.deploy("--exit-code"), 0)
		r.must("stack", "deploy", "--resolve-image", "never", "-c", "docker-compose.prod.yml", "manyvars")
	}
	if writes := secretWrites(r.proxy.Writes()); len(writes) > 0 {
		t.Errorf("a deploy of the same changed something:\n%s", strings.Join(writes, "\n"))
	}
	if r.container("manyvars_app") != task {
		t.Error("a deploy of the same restarted the service")
	}

	r.endStack("manyvars")
	r.eventually(t.Context(), "the stack is gone", func() bool {
		running, err := r.running(t.Context(), "com.docker.stack.namespace=manyvars")
		return err == nil && len(running) == 0 && r.docker("network", "ls", "-q", "--filter", "name=manyvars").stdout == ""
	})
	r.says(r.deploy(), 0)
	r.gives("manyvars_app", want)
}

// A healthcheck must see new values after a rotation, as the program does.
func TestShimFollowsRotations(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("shimrotates", "shimrotates_app_token", "shimrotates_app_token_v2")
	r.write(".env", "APP_TOKEN=rotated-token-1\n")
	r.write("docker-compose.yml", "name: shimrotates\nservices:\n  app:\n"+waiting+`    environment: {APP_TOKEN: "${APP_TOKEN}"}
    healthcheck: {test: 'echo "$$APP_TOKEN" >/tmp/seen; grep -q rotated /tmp/seen', interval: 1s}
`)
	r.must("secrets", "migrate", "--offline", "--deliver", "env", "--prefix", "shimrotates_")
	r.says(r.deploy(), 0)
	r.healthy("shimrotates_app")
	r.write(".env", "APP_TOKEN=rotated-token-2\n")
	r.says(r.deploy("--rotate"), 0)
	r.eventually(t.Context(), "the new task has the new value", func() bool { return r.environ("shimrotates_app")["APP_TOKEN"] == "rotated-token-2" })
	r.healthy("shimrotates_app")
	if seen := r.fileInTask("shimrotates_app", "/tmp/seen"); seen != "rotated-token-2\n" {
		t.Errorf("the healthcheck sees %q", seen)
	}
}

// A stack file of before the shim was deploy's must go on to deploy, and become one of
// today that gives the same; what it had on the Swarm must then go.
func TestStackFileWithShimInItDeploys(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, name := range []string{"docker-compose.yml", "docker-compose.prod.yml"} {
		content, err := os.ReadFile(filepath.Join("testdata/oldshim", name))
		if err != nil {
			t.Fatal(err)
		}
		r.write(name, string(content))
	}
	const old = "docker_secrets_env_e321a2e7"
	want := map[string]string{"OLDSHIM_TOKEN": "old-4711-token", "ALSO_THE_TOKEN": "old-4711-token"}
	r.write(".env", "OLDSHIM_TOKEN="+want["OLDSHIM_TOKEN"]+"\n")
	r.removeStack("oldshim", "oldshim_token")
	configs := func() string { return r.must("config", "ls", "--format", "{{.Name}}").stdout }
	r.says(r.deploy(), 0, "create config "+old)
	r.gives("oldshim_app", want)
	r.says(r.deploy("--exit-code"), 0, "keep config "+old)

	r.must("secrets", "migrate", "--offline", "--deliver", "env")
	if file := r.stackFile(); strings.Contains(file, old) || !strings.Contains(file, transform.ShimVersion) {
		t.Errorf("migrate kept the old form:\n%s", file)
	}
	r.says(r.deploy(), 0, transform.ShimVersion)
	r.gives("oldshim_app", want)
	if !strings.Contains(configs(), old) {
		t.Error("what a rollback needs was removed")
	}
	r.says(r.deploy(), 0, "remove config "+old)
	if strings.Contains(configs(), old) {
		t.Error("the old shim is still there")
	}
}

// shared is a rig with an application whose one variable the shim makes.
func shared(t *testing.T, engine *enginetest.Engine, stack string) *rig {
	t.Helper()
	r := rigAt(t, engine)
	r.write(".env", "APP_TOKEN="+stack+"-token-1\n")
	r.write("docker-compose.yml", "name: "+stack+"\nservices:\n  app:\n"+waiting+"    environment: {APP_TOKEN: \"${APP_TOKEN}\"}\n")
	r.must("secrets", "migrate", "--offline", "--deliver", "env", "--prefix", stack+"_")
	return r
}

// Stacks share one shim on the Swarm. It must be made once whoever comes first, stay
// until the last of them is gone, and never be anything else.
func TestStacksShareTheShim(t *testing.T) {
	t.Parallel()
	engine := enginetest.StartSwarm(t)
	one, two := shared(t, engine, "one"), shared(t, engine, "two")
	shims := func() string { return one.must("config", "ls", "-q", "--filter", "name="+transform.ShimVersion).stdout }

	one.write("foreign", "echo taken over\n")
	one.must("config", "create", transform.ShimVersion, "foreign")
	one.says(one.deploy(), 1, "the swarm has a config "+transform.ShimVersion+" already, not made by docker secrets, with another content")
	one.must("config", "rm", transform.ShimVersion)
	if secrets := one.must("secret", "ls", "-q").stdout; secrets != "" {
		t.Error("a deploy that was refused made secrets")
	}

	var both sync.WaitGroup
	for _, r := range []*rig{one, two} {
		both.Go(func() { r.says(r.deploy(), 0, transform.ShimVersion) })
	}
	both.Wait()
	one.gives("one_app", map[string]string{"APP_TOKEN": "one-token-1"})
	two.gives("two_app", map[string]string{"APP_TOKEN": "two-token-1"})
	labels := one.must("config", "inspect", "--format", "{{json .Spec.Labels}}", transform.ShimVersion).stdout
	for _, stack := range []string{"one", "two"} {
		if !strings.Contains(labels, "com.docker-secrets.used-by."+stack) {
			t.Errorf("it does not say that %s uses it: %s", stack, labels)
		}
	}

	one.endStack("one")
	one.says(one.docker("secrets", "prune", "-f", "one"), 0, "label config "+transform.ShimVersion+", not used by this stack any more")
	if shims() == "" {
		t.Fatal("the shim of the other stack was removed")
	}
	two.endStack("two")
	two.says(two.docker("secrets", "prune", "-f", "two"), 0, "remove config "+transform.ShimVersion)
	if shims() != "" {
		t.Error("the shim is still there, and nobody needs it")
	}
}

// A stack file whose shim is not what its name says must not deploy: its services would
// start without their secrets.
func TestOtherShimIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("othershim")
	r.write(".env", "APP_TOKEN=othershim-token-1\n")
	r.write("docker-compose.yml", "name: othershim\nservices:\n  app:\n"+waiting+"    environment: {APP_TOKEN: \"${APP_TOKEN}\"}\n")
	r.must("secrets", "migrate", "--offline", "--deliver", "env", "--prefix", "othershim_")
	file := r.stackFile()
	for name, said := range map[string]string{
		"name: docker_secrets_env_0123456789ab": "config docker_secrets_env_0123456789ab does not exist, and this docker secrets does not have that version of it",
		"name: something_else":                  "configs.docker_secrets_env: services start through it, and its name: is that of no version that docker secrets makes; migrate again",
		"x-nothing: here":                       "its name: is that of no version that docker secrets makes",
	} {
		r.write("docker-compose.prod.yml", strings.Replace(file, "name: "+transform.ShimVersion, name, 1))
		r.says(r.deploy(), 1, said)
	}
	if names := r.secretNames("othershim"); names != "" {
		t.Errorf("refused deploys made %s", names)
	}
	if r.docker("stack", "deploy", "-c", "docker-compose.prod.yml", "othershim").code == 0 {
		t.Error("docker stack deploy took it")
	}
}
