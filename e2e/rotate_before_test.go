package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// database is a stack of a real PostgreSQL and of a client that works when its
// password is the database's and admits says so.
func database(stack, admits string) string {
	return strings.NewReplacer("STACK", stack, "ADMITS", admits).Replace(`x-stack: STACK
version: "3.9"
services:
  db:
    image: postgres:16-bookworm
    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/db_password}
    secrets: [{source: STACK_password, target: db_password}]
    volumes: ["data:/var/lib/postgresql/data"]
    stop_signal: SIGINT
    deploy: {endpoint_mode: dnsrr, update_config: {monitor: 1s}}
  app:
    image: postgres:16-bookworm
    command:
      - sh
      - -c
      - |
        ADMITS
        until PGPASSWORD="$$(cat /run/secrets/db_password)" psql -h db -U postgres -c 'select 1'; do sleep 0.2; done
        touch /tmp/ready
        trap 'exit 0' TERM
        sleep 100000 & wait
    secrets: [{source: STACK_password, target: db_password}]
    healthcheck: {test: test -f /tmp/ready, interval: 500ms, retries: 100}
    deploy: {update_config: {monitor: 1s}, restart_policy: {delay: 200ms}}
volumes: {data: {}}
secrets:
  STACK_password:
    external: true
    x-from: env://PASSWORD
`)
}

// alterRole is the command that the README recommends.
const alterRole = `db: PGPASSWORD="$(cat /run/secrets/db_password)" psql -h db -U postgres -v ON_ERROR_STOP=1 <<'SQL'
\set new ` + "`cat /run/secrets/db_password.new`" + `
ALTER ROLE postgres PASSWORD :'new';
SQL`

// databaseStack deploys the stack.
func databaseStack(t *testing.T, stack, admits string) *rig {
	t.Helper()
	r := newRig(t)
	r.serverImages()
	t.Cleanup(func() { _ = r.command(context.Background(), r.engine.Host, "volume", "rm", stack+"_data").Run() })
	t.Cleanup(func() { _ = r.command(context.Background(), r.proxy.Host, "secrets", "prune", "-f", stack).Run() })
	r.removeStack(stack)
	r.write("docker-compose.prod.yml", database(stack, admits))
	r.write(".env", "PASSWORD="+firstV+"\n")
	r.says(r.deploy("--timeout", "90s"), 0)
	return r
}

// admits tells whether the database lets somebody in with password.
func (r *rig) admits(stack, password string) bool {
	r.t.Helper()
	got := r.inTask(stack+"_app", "sh", "-c", `PGPASSWORD="$1" psql -h db -U postgres -Atc "select 'in'" 2>&1; true`, "sh", password)
	return got == "in\n"
}

// current is the password that the application has.
func (r *rig) current(stack string) string {
	r.t.Helper()
	return r.inTask(stack+"_app", "cat", "/run/secrets/db_password")
}

// noJob fails the test if a job was left.
func (r *rig) noJob(stack string) {
	r.t.Helper()
	if jobs := r.must("service", "ls", "-q", "--filter", "label=com.docker-secrets.job="+stack).stdout; jobs != "" {
		r.t.Error("a job was left")
	}
}

// rotate --before must change the password inside a real database before it
// switches: afterwards the new one lets the application in and the old one nobody.
// A command that fails must switch nothing, and its version be tried again.
func TestRotateChangesDatabasePassword(t *testing.T) {
	t.Parallel()
	r := databaseStack(t, "base2", "")
	rotate := func(command string, args ...string) result {
		return r.docker(append([]string{"secrets", "rotate", "base2", "base2_password", "--generate", "32", "--timeout", "100s", "--before", command}, args...)...)
	}
	file := r.stackFile()
	r.proxy.Reset()
	const line = "run the command of --before in a container like db's, new values in /run/secrets/db_password.new"
	r.says(rotate(alterRole, "--dry-run"), 3, "create base2_password_v2, value changed, from --generate (app, db)", line)
	r.says(rotate("nope: true"), 1, "--before: stack base2 has no service nope; it has app, db")
	if writes := secretWrites(r.proxy.Writes()); len(writes) > 0 {
		t.Errorf("something was written: %v", writes)
	}

	r.says(rotate("db: cat /run/secrets/db_password; cat /run/secrets/db_password.new; exit 7"), 1, "the command in db did not succeed: task: non-zero exit (7)",
		"so base2_password_v2 is kept", "no service was changed")
	if !r.admits("base2", firstV) || r.current("base2") != firstV || r.stackFile() != file {
		t.Error("a command that failed changed something")
	}
	r.noJob("base2")
	r.says(r.deploy(), 0)
	if names := r.secretNames("base2"); names != "base2_password base2_password_v2" {
		t.Errorf("secrets: %s", names)
	}

	r.says(rotate(alterRole), 0, line, "db: the command succeeded", "base2 runs with base2_password_v3")
	if value := r.current("base2"); len(value) != 32 || !r.admits("base2", value) {
		t.Error("the new password does not let the application in")
	}
	if r.admits("base2", firstV) {
		t.Error("the old password is still good")
	}
	r.noJob("base2")
	r.notLocked("base2")
	if strings.Contains(r.said.String(), firstV) {
		t.Error("the value in use was said")
	}
}

// When the switch fails, the database must get its old password back.
func TestFailedRotateRestoresDatabasePassword(t *testing.T) {
	t.Parallel()
	r := databaseStack(t, "base3", "grep -q first /run/secrets/db_password || exit 7")
	got := r.docker("secrets", "rotate", "base3", "base3_password", "--generate", "32", "--timeout", "100s", "--before", alterRole)
	r.says(got, 1, "non-zero exit (7)", "db has the old value again: the command of --before ran in reverse", "rolled back: base3 runs as before")
	if !r.admits("base3", firstV) || r.current("base3") != firstV {
		t.Error("the old password does not let the application in")
	}
	r.noJob("base3")
}

// A rotation that was killed between the command and the switch must be finished by
// the same command, though it generates another value.
func TestKilledRotateIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	r := databaseStack(t, "base4", "")
	args := []string{"rotate", "base4", "base4_password", "--generate", "32", "--timeout", "100s", "--before", alterRole}
	r.killWhen("the command succeeded", args...)
	r.eventually(t.Context(), "the database has another password", func() bool { return !r.admits("base4", firstV) })
	r.says(r.docker(append([]string{"secrets"}, args...)...), 0, "db had the value of base4_password_v2 already", "base4 runs with base4_password_v3")
	if !r.admits("base4", r.current("base4")) {
		t.Error("the new password does not let the application in")
	}
}

// killWhen runs the plugin, which cannot switch, and kills it when it says text.
func (r *rig) killWhen(text string, args ...string) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	binary, err := program()
	if err != nil {
		r.t.Fatal(err)
	}
	r.proxy.Inject(enginetest.Fault{Method: http.MethodPost, Path: "/services/", Skip: 1, Delay: time.Minute}) // the first makes the job
	defer r.proxy.Reset()
	cmd := r.command(ctx, r.proxy.Host)
	cmd.Path, cmd.Args = binary, append([]string{binary}, args...)
	said := &lockedBuffer{}
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.eventually(ctx, text, func() bool { return strings.Contains(said.String(), text) })
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if r.t.Failed() {
		r.t.Fatal(said.String())
	}
}
