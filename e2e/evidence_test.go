package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// evidenceValue has bytes that a shell or YAML could change.
const evidenceValue = "it's \"zebra-3\" $HOME\n"

// loops keeps a program running until it is told to end.
const loops = "trap 'exit 0' TERM; while :; do sleep 1; done\n"

// build writes a build context and makes its image, as docker compose build does.
func (r *rig) build(folder, image, dockerfile string, programs map[string]string) {
	r.t.Helper()
	r.write(folder+"/Dockerfile", dockerfile)
	for name, script := range programs {
		r.write(folder+"/"+name, "#!/bin/sh\n"+script)
		r.executable(folder + "/" + name)
	}
	r.env = append(r.env, "DOCKER_BUILDKIT=0") // the Engine of the tests has no BuildKit
	r.must("build", "-q", "-t", image, folder)
}

// evidence is an application whose services read one secret in different ways.
const evidence = `name: evidence
x-service: &service
  stop_grace_period: 1s
  environment: &environment {APP_SECRET: "${APP_SECRET}"}
services:
  variable:
    <<: *service
    build: ./variable
    image: example.test/evidence-variable:1
  locked:
    <<: *service
    image: example.test/evidence-variable:1
    user: "1234:1234"
    read_only: true
    tmpfs: [/tmp]
    healthcheck: {test: [CMD, /health], interval: 1s}
  file:
    <<: *service
    build: ./file
    image: example.test/evidence-file:1
  database:
    <<: *service
    build: ./database
    image: example.test/evidence-database:1
    environment: {POSTGRES_PASSWORD: "${DB_SECRET}"}
  replaced:
    <<: *service
    image: postgres:16-evidence
    entrypoint: [/bin/sh, -c, 'printf %s "$$POSTGRES_PASSWORD" >/tmp/got; sleep 100000']
    init: true
    environment: {POSTGRES_PASSWORD: "${APP_SECRET}"}
`

// evidenceImages makes the images of evidence.
func (r *rig) evidenceImages() {
	r.t.Helper()
	r.image("example.test/evidence-base:1", map[string]string{"health": `[ "$APP_SECRET" ] && cmp -s /tmp/got /tmp/want` + "\n"}, `ENTRYPOINT ["/no-such-program"]`)
	r.image("postgres:16-evidence", map[string]string{"bin/docker-entrypoint.sh": `cat "$POSTGRES_PASSWORD_FILE" >/tmp/got; exec "$@"` + "\n"},
		`ENTRYPOINT ["docker-entrypoint.sh"]`, `CMD ["sleep", "100000"]`)
	r.build("variable", "example.test/evidence-variable:1", "FROM example.test/evidence-base:1\nCOPY app /app\nENTRYPOINT [\"/app\", \"printed\"]\n",
		map[string]string{"app": `printf %s "$APP_SECRET" >/tmp/got; cp /tmp/got /tmp/want; ` + loops})
	r.build("file", "example.test/evidence-file:1", "FROM example.test/evidence-base:1\nCOPY . /\nENTRYPOINT [\"/app\"]\n",
		map[string]string{"app": `cat /run/secrets/app_secret >/tmp/got; ` + loops})
	r.build("database", "example.test/evidence-database:1", "FROM postgres:16-evidence\nCOPY init /init\n", map[string]string{"init": ""})
}

// Whether a service reads its environment or files, is a database underneath, or is locked
// up, it must get the right bytes, without a word from its owner.
func TestEvidenceDecidesHowServicesRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("evidence", "evidence_app_secret", "evidence_db_secret")
	r.write(".env", `APP_SECRET="it's \"zebra-3\" \$HOME\n"`+"\n"+`DB_SECRET="it's \"zebra-3\" \$HOME"`+"\n")
	r.write("docker-compose.yml", evidence)
	r.evidenceImages()
	r.must("secrets", "migrate", "--strict", "--prefix", "evidence_")
	r.says(r.deploy("--allow-weak"), 0)
	const database = "it's \"zebra-3\" $HOME" // an image may drop a line end
	for service, want := range map[string]string{
		"variable": evidenceValue, "locked": evidenceValue, "file": evidenceValue, "database": database, "replaced": evidenceValue,
	} {
		if got := r.fileInTask("evidence_"+service, "/tmp/got"); got != want {
			t.Errorf("%s reads %d bytes, not the %d of the value", service, len(got), len(want))
		}
	}
	r.healthy("evidence_locked")
	stack := r.stackFile()
	for _, want := range []string{"POSTGRES_PASSWORD_FILE: /run/secrets/", "target: env/APP_SECRET", "target: env/POSTGRES_PASSWORD"} {
		if !strings.Contains(stack, want) {
			t.Errorf("no %s in\n%s", want, stack)
		}
	}
	if strings.Count(stack, "USE_DOCKER_SECRETS") != 1 {
		t.Errorf("not one service alone is told to read files:\n%s", stack)
	}
	r.hidden("zebra-3", "evidence_variable", "evidence_locked", "evidence_file", "evidence_database", "evidence_replaced")
}

// An image without a shell must be named and refused, and run as it did where that is
// allowed.
func TestEvidenceNamesImagesWithoutShell(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("shellless", "shellless_app_secret")
	r.write(".env", "APP_SECRET=zebra-4-Kq7Wm2\n")
	r.write("docker-compose.yml", `name: shellless
services:
  app:
    build: ./app
    image: example.test/shellless:1
    environment: {APP_SECRET: "${APP_SECRET}"}
`)
	r.write("app/Dockerfile", "FROM scratch\nCOPY --from=busybox:local /bin/busybox /sleep\nENTRYPOINT [\"/sleep\", \"100000\"]\n")
	r.env = append(r.env, "DOCKER_BUILDKIT=0")
	r.must("build", "-q", "-t", "example.test/shellless:1", "app")

	const without = "APP_SECRET: example.test/shellless:1 has no /bin/sh that could make the variable"
	r.says(r.docker("secrets", "migrate", "--strict", "--prefix", "shellless_"), 1, "breaks     app: will start without APP_SECRET: example.test/shellless:1 has no")
	r.must("secrets", "migrate", "--prefix", "shellless_")
	r.says(r.deploy(), 1, "app would start without "+without, "--allow-unread")
	if services := r.must("service", "ls", "-q", "--filter", "name=shellless_").stdout; services != "" {
		t.Error("deploy has made a service all the same")
	}
	r.says(r.deploy("--allow-unread"), 0)
	r.container("shellless_app")
}

// A command that is a script must make its variables whatever the image starts, and a
// service that was unread must be refused until its image is known.
func TestEvidenceOffline(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("offline", "offline_app_secret")
	r.image("example.test/offline:1", map[string]string{
		"entry": `exec "$@"` + "\n", "app": `printf %s "$APP_SECRET" >/tmp/got; ` + loops, "health": `[ "$(cat /tmp/got)" = "$APP_SECRET" ]` + "\n",
	}, `ENTRYPOINT ["/entry"]`, `CMD ["/app"]`)
	r.write(".env", "APP_SECRET=zebra-5-Kq7Wm2\n")
	r.write("docker-compose.yml", `name: offline
services:
  script:
    image: example.test/offline:1
    user: "1234:1234"
    read_only: true
    tmpfs: [/tmp]
    command: sh -c "echo starting && exec /app"
    healthcheck: {test: [CMD, /health], interval: 1s}
    environment: {APP_SECRET: "${APP_SECRET}"}
  app:
    image: example.test/offline:1
    environment: {APP_SECRET: "${APP_SECRET}"}
`)
	r.must("secrets", "migrate", "--offline", "--prefix", "offline_")
	r.says(r.deploy(), 1, "app would start without APP_SECRET", "this Engine knows what example.test/offline:1 starts: run docker secrets migrate --refresh, and deploy again")
	r.says(r.deploy("--allow-unread"), 0)
	if got := r.fileInTask("offline_script", "/tmp/got"); got != "zebra-5-Kq7Wm2" {
		t.Errorf("the script makes %d bytes", len(got))
	}
	r.healthy("offline_script")

	r.must("secrets", "migrate", "--refresh") // as the message says
	r.says(r.deploy(), 0)
	r.must("secrets", "migrate", "--check", "--strict")
	for _, service := range []string{"script", "app"} {
		r.eventually(t.Context(), service+" has the value", func() bool { return r.fileInTask("offline_"+service, "/tmp/got") == "zebra-5-Kq7Wm2" })
	}
	r.hidden("zebra-5", "offline_script", "offline_app")
}

// A service whose secret was taken out of the stack file by hand must be refused before
// anything is done, by what runs and by what the file itself says.
func TestEvidenceMissesWhatWasRemoved(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("removed", "removed_app_secret", "removed_db_secret")
	r.image("example.test/removed:1", map[string]string{"app": loops}, `ENTRYPOINT ["/app"]`)
	r.write(".env", "APP_SECRET=zebra-6-Kq7Wm2\nDB_SECRET=zebra-7-Kq7Wm2\n")
	r.write("docker-compose.yml", `name: removed
services:
  app:
    image: example.test/removed:1
    stop_grace_period: 1s
    environment: {APP_SECRET: "${APP_SECRET}", DB_SECRET: "${DB_SECRET}"}
`)
	r.must("secrets", "migrate", "--strict", "--prefix", "removed_")
	whole := r.stackFile()
	r.says(r.deploy(), 0)
	const one = "      - {source: app_secret, target: env/APP_SECRET}\n"
	r.write("docker-compose.prod.yml", strings.Replace(whole, one, "", 1))
	r.proxy.Reset()
	r.says(r.deploy(), 1, "app would start without APP_SECRET: an edit by hand removed its secret; put {source: app_secret, target: env/APP_SECRET} back")
	r.write("docker-compose.prod.yml", strings.NewReplacer(one, "", "      - {source: db_secret, target: env/DB_SECRET}\n", "", "    secrets:\n", "").Replace(whole))
	r.says(r.deploy(), 1, "app would start without its variables", "without APP_SECRET", "without DB_SECRET")
	if writes := r.proxy.Writes(); len(writes) > 0 {
		t.Errorf("something was written: %v", writes)
	}
	r.write("docker-compose.prod.yml", strings.Replace(whole, one, "", 1))
	r.says(r.deploy("--allow-unread"), 0)
}

// executable lets a file in the rig's folder run.
func (r *rig) executable(name string) {
	r.t.Helper()
	if err := os.Chmod(filepath.Join(r.dir, name), 0o755); err != nil {
		r.t.Fatal(err)
	}
}
