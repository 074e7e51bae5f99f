package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// With --no-pin, and where the file cannot be written, the new version must be
// deployed all the same, the file keep its bytes, and what to commit be said. The
// old file must find the version that runs, also later.
func TestDeployWorksWithoutPin(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.deployed("loose", stays)
	r.write(".env", "TOKEN="+nextV+"\n")
	file := r.stackFile()
	r.says(r.deploy("--rotate", "--no-pin"), 0, "secrets.loose_token.name: loose_token_v2")
	if got := r.token("loose"); got != nextV {
		t.Errorf("the task reads %d bytes, not the second value", len(got))
	}

	// A name that is too long for the temporary file beside it cannot be written.
	long := strings.Repeat("x", 246) + ".yml"
	if err := os.Rename(filepath.Join(r.dir, "docker-compose.prod.yml"), filepath.Join(r.dir, long)); err != nil {
		t.Fatal(err)
	}
	r.says(r.deploy("-c", long), 0, "keep loose_token_v2, unchanged", "cannot be written (file name too long)", "secrets.loose_token.name: loose_token_v2")
	if got := r.token("loose"); got != nextV {
		t.Errorf("after the deploy of the old file the task reads %d bytes, not the second value", len(got))
	}
	if r.read(long) != file {
		t.Error("the file was changed")
	}
}

// A value must be taken from stdin, without the line end that echo adds; a weak one
// and one in an argument must be refused before anything is done, and not be said.
func TestValueComesFromStdin(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("typed", "typed_token")
	r.write("docker-compose.prod.yml", quick("typed", stays))
	typed := func(value string, args ...string) result {
		return r.input(value, append([]string{"secrets", "deploy", "--resolve-image", "never", "--stable", "1s"}, args...)...)
	}
	got := typed("changeme\n", "--set", "typed_token=-")
	r.says(got, 1, "typed_token: weak or default value", "--allow-weak")
	r.says(r.deploy("--set", "typed_token=hunter-17-hunter"), 2, "--set typed_token: write --set NAME=-")
	r.says(typed("x", "--set", "other=-"), 1, "--set other=-: the stack file has no such secret")
	if writes := r.proxy.Writes(); len(writes) > 0 {
		t.Errorf("something was written: %v", writes)
	}
	r.says(typed(firstV+"\n", "--set", "typed_token=-"), 0)
	if got := r.token("typed"); got != firstV {
		t.Errorf("the task reads %d bytes, not the value", len(got))
	}
	for _, value := range []string{"changeme", "hunter-17-hunter", firstV} {
		if strings.Contains(r.said.String(), value) {
			t.Error("a value was said")
		}
	}
}

// input runs the CLI with text on its stdin.
func (r *rig) input(text string, args ...string) result {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	cmd := r.command(ctx, r.proxy.Host, args...)
	var stdout, stderr strings.Builder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(text), &stdout, &stderr
	_ = cmd.Run()
	r.said.WriteString(stdout.String() + stderr.String())
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// A secret that a database was initialised with must not change without --yes.
func TestDatabasePasswordNeedsYes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.tag("postgres:16-alpine")
	r.removeStack("base", "base_token", "base_token_v2")
	file := strings.NewReplacer("busybox:local", "postgres:16-alpine\n    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/token}").Replace(quick("base", stays))
	r.write("docker-compose.prod.yml", file)
	r.write(".env", "TOKEN="+firstV+"\n")
	r.says(r.deploy(), 0)
	r.write(".env", "TOKEN="+nextV+"\n")
	r.proxy.Reset()
	const refusal = "base_token: app was initialised with it (POSTGRES_PASSWORD) and keeps the old value in its data; change it there first (ALTER ROLE … PASSWORD …)"
	r.says(r.deploy("--rotate"), 1, refusal)
	r.says(r.docker("secrets", "rotate", "base", "base_token", "--generate", "32"), 1, refusal)
	if writes := secretWrites(r.proxy.Writes()); len(writes) > 0 {
		t.Errorf("something was written: %v", writes)
	}
	r.says(r.deploy("--rotate", "--yes", "--detach"), 0)
}

// A database that is built here must be known by what the stack file says it is FROM.
func TestBuiltDatabasePasswordNeedsYes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.tag("built-db:latest")
	r.removeStack("builtdb", "builtdb_token", "builtdb_token_v2")
	file := strings.NewReplacer("busybox:local", "built-db\n    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/token}").Replace(quick("builtdb", stays))
	r.write("docker-compose.prod.yml", file+"\nx-images:\n  built-db: FROM postgres:16\n")
	r.write(".env", "TOKEN="+firstV+"\n")
	r.says(r.deploy(), 0)
	r.write(".env", "TOKEN="+nextV+"\n")
	const refusal = "builtdb_token: app was initialised with it (POSTGRES_PASSWORD) and keeps the old value in its data"
	r.says(r.deploy("--rotate"), 1, refusal)
	r.says(r.docker("secrets", "rotate", "builtdb", "builtdb_token", "--generate", "32"), 1, refusal)
	r.says(r.deploy("--rotate", "--yes", "--detach"), 0)
}

// What a deploy with plaintext left on the Swarm must be named, and cleared by
// --scrub; the value itself is never said.
func TestResidueIsNamedAndScrubbed(t *testing.T) {
	t.Parallel()
	r := rigAt(t, enginetest.StartSwarm(t)) // a scrub makes the Swarm forget tasks, of all stacks
	r.removeStack("stained", "stained_token")
	plain := strings.NewReplacer("    secrets:\n      - source: stained_token\n        target: token\n", "    environment: {TOKEN: "+firstV+"}\n").Replace(quick("stained", stays))
	plain, _, _ = strings.Cut(plain, "\nsecrets:")
	r.write("plain.yml", plain)
	r.must("stack", "deploy", "--resolve-image", "never", "-c", "plain.yml", "stained")
	r.container("stained_app")
	r.write("docker-compose.prod.yml", quick("stained", stays))
	r.write(".env", "TOKEN="+firstV+"\n")
	r.says(r.deploy(), 0, "the Swarm still holds plaintext values", "--scrub",
		"stained_token: service stained_app, previous spec: environment TOKEN", "stained_token: task stained_app.1 (shutdown): environment TOKEN")
	got := r.deploy("--scrub")
	r.says(got, 0)
	if strings.Contains(got.stderr, "still holds plaintext") {
		t.Errorf("something is left:\n%s", got.stderr)
	}
	if strings.Contains(r.must("service", "inspect", "stained_app").stdout, firstV) {
		t.Error("the service still has the value")
	}
	if strings.Contains(r.said.String(), firstV) {
		// service inspect would have said it too
		t.Error("the value was said")
	}
}
