package e2e

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
		"docker-compose.prod.yml": r.read("docker-compose.prod.yml"),
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
		out := r.dockerAt(r.engine.Host, "inspect", "--format", "{{.State.Health.Status}}", r.container(service)).stdout
		return strings.TrimSpace(out) == "healthy"
	})
}

// An image that reads no files must get the variable with its exact bytes, in the
// program and in the image's own healthcheck, whoever runs it and however locked
// up; a migrate without the Engine must agree.
func TestShim(t *testing.T) {
	const value = "it's \"zebra-9\" $HOME\nlines\n\n"
	sum := sha256.Sum256([]byte(value))
	r := newRig(t)
	r.removeStack("shim", "app_secret")
	t.Cleanup(func() { _ = r.command(context.Background(), r.engine.Host, "config", "rm", "docker_secrets_env").Run() })
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
	first := r.read("docker-compose.prod.yml")
	r.must("secrets", "migrate", "--offline")
	if r.read("docker-compose.prod.yml") != first {
		t.Error("a migrate that asks no Engine writes another stack file")
	}
	r.must("secrets", "deploy", "--resolve-image", "never", "shim")
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
func TestRedisCommand(t *testing.T) {
	const password = `s3cret-p@ss$wd#1`
	r := newRig(t)
	r.removeStack("redislike", "redis_password")
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
	r.must("secrets", "migrate")
	r.must("secrets", "deploy", "--resolve-image", "never", "redislike")
	for _, service := range []string{"redislike_list", "redislike_string"} {
		r.healthy(service)
		if got := r.inTask(service, "sh", "-c", `redis-cli -a "$(cat /run/secrets/redis_password)" ping; redis-cli -a wrong ping`); got != "PONG\nNOAUTH\n" {
			t.Errorf("%s: the right and the wrong password get %q", service, got)
		}
		if got := r.inTask(service, "cat", "/tmp/entrypoint"); got != "redis-server\n" {
			t.Errorf("%s: the entrypoint saw %q", service, got)
		}
	}
	r.hidden(password, "redislike_list", "redislike_string")
}
