package plugin

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// What would be refused when a deploy is half done must be refused before, all together.
func TestPrecheckReportsWhatWouldBeRefused(t *testing.T) {
	dir := t.TempDir()
	for name, size := range map[string]int64{"big.conf": secret.MaxConfigSize + 1, "fits.conf": secret.MaxConfigSize} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(filepath.Join(dir, name), size); err != nil {
			t.Fatal(err)
		}
	}
	long := strings.Repeat("x", 60)
	path := filepath.Join(dir, "stack.yml")
	content := `services:
  api:
    secrets: [{source: one, target: db}, {source: two, target: /run/secrets/./db}, {source: two, target: a/../../b}, nowhere]
    configs: [{source: big, target: /run/secrets/db}, gone, fits]
    networks: [lost]
    ports: ["80:80", "81:81"]
  web: {ports: ["81:80"]}
  ` + long + `: {}
  with.dot: {}
  fine:
    secrets: [one, {source: two, target: /etc/two}, {source: one, target: env/ONE}]
    configs: [{source: fits, target: /one}]
secrets: {one: {external: true}, two: {external: true}}
configs: {big: {file: big.conf}, gone: {file: gone.conf}, fits: {file: fits.conf}}
`
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := stackfile.Read([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"service fine has the secret two at /etc/two"}, elsewhere(file)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	d := &deployment{change: change{stack: "app"}}
	err = d.precheck(t.Context(), file, swarm.State{Stack: "app"})
	want := strings.Split(`service "app_with.dot": Swarm takes names of letters, digits, '-' and '_', with a letter or digit first and last
service app_`+long+`: the name has 64 characters, Swarm takes 63; choose a shorter one
F:2: service api: secret one and secret two have the same target, /run/secrets/db; change one of them
F:2: service api: secret two: the target a/../../b leaves its folder with ..; remove the .. from it
F:2: service api: secret two and config big have the same target, /run/secrets/db; change one of them
F:2: service api: no stack file declares the secret nowhere; add it to secrets
F:2: service api: no stack file declares the network lost; add it to networks
F: config big: big.conf has 1024000 bytes, Swarm takes 1 to 1023999 for a config
F: config gone: gone.conf cannot be read: no such file or directory
services api and web publish the same port, 81/tcp; change one of them`, "\n")
	var got []string
	if err != nil {
		got = strings.Split(strings.ReplaceAll(err.Error(), path, "F"), "\n")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, stack := range []string{"my app", "my.app", "-app", long + "abcd"} {
		d.stack = stack
		if err := d.precheck(t.Context(), stackfile.Stack{}, swarm.State{}); err == nil || errors.Unwrap(err) != nil && !strings.HasPrefix(err.Error(), "stack ") {
			t.Errorf("stack %s: error %v", stack, err)
		}
	}
}
