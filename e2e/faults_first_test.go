package e2e

import (
	"strings"
	"testing"
)

// What the Swarm or a task would refuse must be said before any effect, with --dry-run too:
// all of it together, in the words for each.
func TestFaultsAreSeenBeforeAnyEffect(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const head = "version: \"3.9\"\nservices:\n  app:\n    image: busybox:local\n    command: [\"sleep\", \"1000\"]\n"
	const secrets = "secrets:\n  first_a: {external: true, x-from: \"env://A\"}\n  first_b: {external: true, x-from: \"env://B\"}\n"
	r.write(".env", "A=value-of-a-81\nB=value-of-b-82\n")
	r.write("large.txt", strings.Repeat("x", 1001*1024))
	r.removeStack("taken")
	r.write("taken.yml", head+"    ports: [\"39181:80\"]\n    deploy: {replicas: 0}\n")
	r.must("stack", "deploy", "-c", "taken.yml", "taken")
	for name, tt := range map[string]struct{ stack, file, want string }{
		"one target":     {"first", head + "    secrets: [{source: first_a, target: t}, {source: first_b, target: t}]\n" + secrets, "have the same target"},
		"target with ..": {"first", head + "    secrets: [{source: first_a, target: ../t}, first_b]\n" + secrets, "leaves its folder with .."},
		"large config":   {"first", head + "    configs: [big]\nconfigs:\n  big: {file: ./large.txt}\n", "config"},
		"no network":     {"first", head + "    networks: [out]\nnetworks:\n  out: {external: true, name: nowhere_first}\n", "nowhere_first"},
		"undeclared":     {"first", head + "    networks: [lost]\n", "no stack file declares the network lost"},
		"stack name":     {"first.stack_", head, "stack"},
		"port taken":     {"first", head + "    ports: [\"39181:80\"]\n", "39181"},
	} {
		r.write("docker-compose.prod.yml", tt.file)
		for _, args := range [][]string{nil, {"--dry-run"}} {
			r.proxy.Reset()
			got := r.docker(append([]string{"secrets", "deploy", "--resolve-image", "never", tt.stack}, args...)...)
			if got.code != 1 || !strings.Contains(got.stderr, tt.want) {
				t.Errorf("%s %v: exit %d, want 1 and %q\n%s", name, args, got.code, tt.want, got.stderr)
			}
			if writes := r.proxy.Writes(); len(writes) > 0 {
				t.Errorf("%s %v: something was changed before: %v", name, args, writes)
			}
		}
	}
}
