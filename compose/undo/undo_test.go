package undo_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/compose/undo"
	"github.com/docker-secrets/docker-secrets/transform"
)

// Each way in which migrate delivers a secret must become the variable again.
func TestUndoTakesBackEachDelivery(t *testing.T) {
	const variable = "environment:\n  DB_PASSWORD: ${DB_PASSWORD}"
	for name, c := range map[string]struct{ service, want string }{
		"shim": {
			"image: x\nentrypoint: [/bin/sh, /docker_secrets_env, /run]\nconfigs: [docker_secrets_env]\nsecrets: [{source: db_password, target: env/DB_PASSWORD}]",
			"image: x\nentrypoint: [/run]\n" + variable,
		},
		"shim of an image that is known": {
			"image: redis:7\nentrypoint: [/bin/sh, /docker_secrets_env, docker-entrypoint.sh]\ncommand: [redis-server]\nconfigs: [docker_secrets_env]\nsecrets: [{source: db_password, target: env/DB_PASSWORD}]",
			"image: redis:7\n" + variable,
		},
		"variables that a shell drops": {
			"image: x\nentrypoint: [/bin/sh, /docker_secrets_env, env, a.b=c, /run]\nenvironment:\n  a.b: c\nconfigs: [docker_secrets_env]\nsecrets: [{source: db_password, target: env/DB_PASSWORD}]",
			"image: x\nentrypoint: [/run]\nenvironment:\n  a.b: c\n  DB_PASSWORD: ${DB_PASSWORD}",
		},
		"native": {
			"image: postgres:16\nenvironment:\n  POSTGRES_PASSWORD_FILE: /run/secrets/db_password\nsecrets: [db_password]",
			"image: postgres:16\nenvironment:\n  POSTGRES_PASSWORD: ${DB_PASSWORD}",
		},
		"file": {
			"image: x\nenvironment: [USE_DOCKER_SECRETS=true]\nsecrets: [db_password]",
			"image: x\nenvironment: ['DB_PASSWORD=${DB_PASSWORD}']",
		},
		"own script": {
			"image: x\ncommand: [sh, -c, 'DB_PASSWORD=\"$$(cat /run/secrets/db_password)\"; export DB_PASSWORD; serve']\nsecrets: [db_password]",
			"image: x\ncommand: [sh, -c, 'serve']\n" + variable,
		},
		"own script, line end": {
			"image: x\ncommand: [sh, -c, 'DB_PASSWORD=\"$$(cat /run/secrets/db_password; echo .)\"; DB_PASSWORD=\"$${DB_PASSWORD%.}\"; export DB_PASSWORD; serve']\nsecrets: [db_password]",
			"image: x\ncommand: [sh, -c, 'serve']\n" + variable,
		},
		"words": {
			"image: x\nentrypoint: [/bin/sh, -c]\ncommand: ['exec serve \"--password=$$(cat /run/secrets/db_password)\" --fast']\nsecrets: [db_password]",
			"image: x\nentrypoint: [serve, '--password=${DB_PASSWORD}', --fast]",
		},
		"restart": {
			"image: x\ndeploy:\n  restart_policy:\n    condition: on-failure\n    max_attempts: 3",
			"image: x\nrestart: on-failure:3",
		},
		"host network": {"image: x\nnetworks: [host]", "image: x\nnetwork_mode: host"},
	} {
		t.Run(name, func(t *testing.T) {
			result := undone(t, c.service)
			got, _, _ := strings.Cut(strings.SplitN(string(result.Content), "  api:\n", 2)[1], "\nnetworks:")
			if diff := cmp.Diff(indented(c.want), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if len(result.Losses) > 0 {
				t.Errorf("losses: %v", result.Losses)
			}
		})
	}
}

// A script that reads a secret in the middle must keep its file, and be reported.
func TestUndoKeepsWhatAScriptReads(t *testing.T) {
	result := undone(t, "image: x\ncommand: [sh, -c, 'serve \"$$(cat /run/secrets/db_password)\" | tee']\nsecrets: [db_password]")
	if !strings.Contains(string(result.Content), "db_password: {environment: DB_PASSWORD}\n") {
		t.Errorf("no secret of the variable:\n%s", result.Content)
	}
	want := []undo.Loss{{Line: 5, Path: "services.api.command", Message: "still reads the file of db_password, as in the stack file"}}
	if diff := cmp.Diff(want, result.Losses); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A file that is not a stack file must be an error, and aliases that grow must not take
// the memory.
func TestUndoRefuses(t *testing.T) {
	bomb := "a: &a [1,1,1,1,1,1,1,1]\n"
	for c := 'b'; c < 'k'; c++ {
		before := "*" + string(c-1)
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat(before+",", 7) + before + "]\n"
	}
	for _, text := range []string{"", "a: 1\n", "services: [\n", "services: {}\n" + bomb, "services: &a {b: *a}\n"} {
		if _, err := undo.Undo("x.yml", []byte(text)); err == nil {
			t.Errorf("%.30q: no error", text)
		}
	}
}

// undone is undo of a stack file with that service, and with one secret.
func undone(t *testing.T, service string) undo.Result {
	t.Helper()
	result, err := undo.Undo("docker-compose.prod.yml", []byte("x-stack: shop\nservices:\n  api:\n"+indented(service)+
		"\nnetworks:\n  host: {external: true, name: host}\nconfigs:\n  docker_secrets_env: {external: true, name: "+transform.ShimVersion+
		"}\nsecrets:\n  db_password: {external: true, x-from: 'env://DB_PASSWORD'}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func indented(text string) string { return "    " + strings.ReplaceAll(text, "\n", "\n    ") }
