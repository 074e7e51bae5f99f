package e2e

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/container"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// image makes an image of the engine's own with some programs and changes, as a
// Dockerfile would.
func (r *rig) image(name string, programs map[string]string, changes ...string) {
	r.t.Helper()
	files := r.t.TempDir()
	for path, script := range programs {
		if err := os.MkdirAll(filepath.Join(files, filepath.Dir(path)), 0o755); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(files, path), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			r.t.Fatal(err)
		}
	}
	id := strings.TrimSpace(r.must("create", enginetest.Image, "/bin/sh", "-c", "true").stdout)
	r.must("cp", files+"/.", id+":/")
	commit := []string{"commit"}
	for _, change := range changes {
		commit = append(commit, "--change", change)
	}
	r.must(append(commit, id, name)...)
	r.must("rm", id)
}

// hidden fails the test if value can be seen anywhere but in the tasks.
func (r *rig) hidden(value string, services ...string) {
	r.t.Helper()
	places := map[string]string{
		"docker-compose.prod.yml": r.stackFile(),
		"what the commands said":  r.said.String(),
		"service inspect":         r.must(append([]string{"service", "inspect"}, services...)...).stdout,
	}
	for _, service := range services {
		places[service] = r.dockerAt(r.engine.Host, "inspect", r.container(service)).stdout
	}
	for place, text := range places {
		if strings.Contains(text, value) {
			r.t.Errorf("%s: a value stands in it", place)
		}
	}
}

// healthy waits until the task of service is.
func (r *rig) healthy(service string) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	r.eventually(ctx, service+" is healthy", func() bool {
		found, err := r.engine.Client.ContainerInspect(ctx, r.container(service))
		return err == nil && found.State.Health != nil && found.State.Health.Status == container.Healthy
	})
}

// An image that reads no files must get the variable with its exact bytes, in the
// program and in the image's own healthcheck, whoever runs it and however locked
// up; a migrate without the Engine must agree.
func TestShimGivesExactBytes(t *testing.T) {
	t.Parallel()
	const value = "it's \"zebra-9\" $HOME\nlines\n\n"
	sum := sha256.Sum256([]byte(value))
	r := newRig(t)
	r.removeStack("shim", "app_secret")
	r.image("example.test/shim:1", map[string]string{
		"entry":  `exec "$@"` + "\n",
		"app":    `[ "$1" = "two words" ] && [ -n "$APP_SECRET" ] && trap "exit 0" TERM && while :; do sleep 1; done`,
		"health": `[ "$(printf %s "$APP_SECRET" | sha256sum)" = "$WANT  -" ]`,
	}, `ENTRYPOINT ["/entry"]`, `CMD ["/app", "two words"]`, "USER 1000", `HEALTHCHECK --interval=1s CMD ["/health"]`)
	r.write(".env", `APP_SECRET="it's \"zebra-9\" \$HOME\nlines\n\n"`+"\n")
	r.write("docker-compose.yml", `name: shim
services:
  app: &app
    image: example.test/shim:1
    environment: &environment
      APP_SECRET: ${APP_SECRET}
      WANT: `+hex.EncodeToString(sum[:])+`
  locked:
    <<: *app
    user: "1234:1234"
    read_only: true
    init: true
    environment: {<<: *environment, dotted.name: stays}
    healthcheck: {test: "/health && [ -n \"$$APP_SECRET\" ]", interval: 1s}
`)
	r.must("secrets", "migrate")
	first := r.stackFile()
	r.must("secrets", "migrate", "--offline")
	if r.stackFile() != first {
		t.Error("a migrate that asks no Engine writes another stack file")
	}
	r.must("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "shim")
	for _, service := range []string{"shim_app", "shim_locked"} {
		r.healthy(service)
	}
	if !strings.Contains(r.inTask("shim_app", "cat", "/proc/1/environ"), "APP_SECRET="+value+"\x00") {
		t.Error("the first process does not have the value")
	}
	if !strings.HasPrefix(r.inTask("shim_app", "cat", "/proc/1/cmdline"), "/bin/sh\x00/app\x00two words\x00") {
		t.Error("the shim is still there, or the arguments are not")
	}
	r.hidden("zebra-9", "shim_app", "shim_locked")
}

// Redis' password in the command, in both forms, and in the healthcheck must work
// as before behind the image's entrypoint, refuse a wrong one, and not be seen.
func TestRedisPasswordInCommandWorks(t *testing.T) {
	t.Parallel()
	const password = `s3cret-p@ss$wd#1`
	r := newRig(t)
	r.removeStack("redislike", "redislike_redis_password")
	r.image("redis:7", map[string]string{
		"bin/docker-entrypoint.sh": `[ "$1" = redis-server ] && echo "$1" >/tmp/entrypoint` + "\n" + `exec "$@"`,
		"bin/redis-server": `while [ $# -gt 0 ]; do [ "$1" = --requirepass ] && password=$2; shift; done
export password
exec nc -ll -p 6379 -e /bin/redis-handler`,
		"bin/redis-handler": `read -r line; if [ "$line" = "AUTH $password" ]; then echo PONG; else echo NOAUTH; fi`,
		"bin/redis-cli":     `printf 'AUTH %s\n' "$2" | nc -w 2 127.0.0.1 6379`,
	}, `ENTRYPOINT ["docker-entrypoint.sh"]`, `CMD ["redis-server"]`)
	r.write(".env", "REDIS_PASSWORD='"+password+"'\n")
	r.write("docker-compose.yml", `name: redislike
services:
  list:
    image: redis:7
    command: [redis-server, --requirepass, "${REDIS_PASSWORD}", --save, ""]
    healthcheck: {test: [CMD-SHELL, "redis-cli -a '${REDIS_PASSWORD}' ping | grep PONG"], interval: 1s}
  string:
    image: redis:7
    command: redis-server --requirepass ${REDIS_PASSWORD}
    healthcheck: {test: [CMD, grep, redis-server, /tmp/entrypoint], interval: 1s}
`)
	r.must("secrets", "migrate", "--prefix", "redislike_")
	r.must("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "redislike")
	for _, service := range []string{"redislike_list", "redislike_string"} {
		r.healthy(service)
		if got := r.inTask(service, "sh", "-c", `redis-cli -a "$(cat /run/secrets/redis_password)" ping; redis-cli -a wrong ping`); got != "PONG\nNOAUTH\n" {
			t.Errorf("%s: the right and the wrong password get %q", service, got)
		}
		if got := r.fileInTask(service, "/tmp/entrypoint"); got != "redis-server\n" {
			t.Errorf("%s: the entrypoint saw %q", service, got)
		}
	}
	r.hidden(password, "redislike_list", "redislike_string")
}

// A URL with a password in it must be the author's byte for byte, and be renewed
// when the one password changes.
func TestURLFollowsItsPassword(t *testing.T) {
	t.Parallel()
	urlFollowsItsPassword(t, newRig(t))
}

func urlFollowsItsPassword(t *testing.T, r *rig) {
	t.Helper()
	r.removeStack("composite", "composite_db_password", "composite_db_password_v2", "composite_database_url")
	r.image("example.test/url:1", map[string]string{"entry": `exec "$@"`, "app": "trap 'exit 0' TERM; while :; do sleep 1; done"},
		`ENTRYPOINT ["/entry"]`, `CMD ["/app"]`)
	r.write("docker-compose.yml", `name: composite
services:
  app:
    image: example.test/url:1
    environment:
      DATABASE_URL: postgres://app:${DB_PASSWORD}@db/app?x={{y}}
`)
	reads := func(password string) bool {
		return strings.Contains(r.inTask("composite_app", "cat", "/proc/1/environ"), "DATABASE_URL=postgres://app:"+password+"@db/app?x={{y}}\x00")
	}
	const first, second = "p%ss+w0rd '91", "n3w {{password}} $$2"
	r.write(".env", `DB_PASSWORD="`+first+`"`+"\n")
	r.must("secrets", "migrate", "--prefix", "composite_")
	r.must("secrets", "deploy", "--resolve-image", "never", "--stable", "1s")
	if !reads(first) {
		t.Error("the URL is not the author's")
	}
	r.write(".env", `DB_PASSWORD='`+second+`'`+"\n")
	r.must("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--rotate")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r.eventually(ctx, "the URL has the new password", func() bool { return reads(second) })
	r.hidden(first, "composite_app")
	r.hidden(second, "composite_app")
}

// Every way in which images read files must give them the value, and an image
// that sets the variable itself must not stop because it is set twice.
func TestImagesReadTheirFiles(t *testing.T) {
	t.Parallel()
	const value = "native-4711-Value"
	const stay = "\ntrap 'exit 0' TERM; while :; do sleep 1; done"
	r := newRig(t)
	services := map[string]struct{ image, variable, entry, change string }{
		"suffix":  {"mysql:8", "MYSQL_ROOT_PASSWORD", `got=$(cat "$MYSQL_ROOT_PASSWORD_FILE")`, "ENV A=b"},
		"double":  {"grafana/grafana:11", "GF_SECURITY_ADMIN_PASSWORD", `got=$(cat "$GF_SECURITY_ADMIN_PASSWORD__FILE")`, "USER 472"},
		"prefix":  {"lscr.io/linuxserver/app:1", "APP_PASSWORD", `got=$(cat "$FILE__APP_PASSWORD")`, "ENV A=b"},
		"value":   {"ghcr.io/goauthentik/server:1", "AUTHENTIK_SECRET_KEY", `got=$(cat "${AUTHENTIK_SECRET_KEY#file://}")`, "USER 1000"},
		"mode":    {"elasticsearch:8.1.0", "ELASTIC_PASSWORD", `[ "$(stat -c %a "$ELASTIC_PASSWORD_FILE")" = 400 ] && got=$(cat "$ELASTIC_PASSWORD_FILE")`, "USER 1000"},
		"expects": {"netboxcommunity/netbox:v4", "SECRET_KEY", `got=$(cat /run/secrets/secret_key)`, "ENV A=b"},
		"named":   {"pihole/pihole:2025.03", "FTLCONF_webserver_api_password", `got=$(cat "/run/secrets/$WEBPASSWORD_FILE")`, "ENV A=b"},
		"trap":    {"postgres:16", "POSTGRES_PASSWORD", `[ "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_PASSWORD_FILE" ] && exit 1; got=$POSTGRES_PASSWORD`, "ENV POSTGRES_PASSWORD=baked"},
	}
	compose := "name: native\nservices:\n"
	for name, s := range services {
		r.image(s.image, map[string]string{"entry": s.entry + "\nprintf %s \"$got\" >/tmp/got" + stay}, `ENTRYPOINT ["/entry"]`, `CMD ["run"]`, s.change)
		compose += "  " + name + ":\n    image: " + s.image + "\n    environment: {" + s.variable + ": \"${THE_SECRET}\"}\n"
	}
	r.removeStack("native", "the_secret")
	r.write("docker-compose.yml", compose)
	r.write(".env", "THE_SECRET="+value+"\n")
	r.must("secrets", "migrate")
	r.must("secrets", "deploy", "--resolve-image", "never", "--stable", "1s")
	var all []string
	for name := range services {
		all = append(all, "native_"+name)
		if got := r.fileInTask("native_"+name, "/tmp/got"); got != value {
			t.Errorf("%s: the image read %d bytes, not the value", name, len(got))
		}
	}
	r.hidden(value, all...)
}
