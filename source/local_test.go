package source

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

const composeFile = `services:
  api:
    environment:
      LITERAL: literal-value
      DEFAULTED: ${NOWHERE:-default-value}
      COMPOSITE: postgres://app:${FROM_DOTENV}@db/app
      spring.datasource.password: dotted-value
  list:
    environment:
      - LITERAL=list-value
      - FROM_SHELL
  cache:
    command: redis-server --requirepass flag-value --user ${USER_NAME:-user-value}
    healthcheck:
      test: ["CMD", "redis-cli", "-a", "health-value", "ping"]
`

// folder returns a Local for the folder of a stack file, with a file of each kind.
func folder(t *testing.T) Local {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"docker-compose.yml": composeFile,
		".env":               "FROM_DOTENV=dotenv-value\nBOTH=the file's\nEMPTY=\n",
		"live.env":           "FROM_DOTENV=live-value\n",
		"app.env":            "KEY='quoted value'\nMADE=${FROM_DOTENV}-more\n",
		"raw.env":            "KEY='as it stands'\n",
		"file":               "with a newline\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Local{Dir: dir, Environ: []string{"FROM_SHELL=shell-value", "BOTH=the shell's"}}
}

// A local reference must resolve to what Compose would have at that place.
func TestLocalReferenceHasValueOfCompose(t *testing.T) {
	local := folder(t)
	for text, want := range map[string]string{
		"env://FROM_SHELL":                "shell-value",
		"env://FROM_DOTENV":               "dotenv-value",
		"env://BOTH":                      "the shell's",
		"env://FROM_DOTENV?file=live.env": "live-value",
		"dotenv://app.env#KEY":            "quoted value",
		"dotenv://app.env#MADE":           "dotenv-value-more",
		"dotenv://raw.env?format=raw#KEY": "'as it stands'",
		"compose://docker-compose.yml#services.api.environment.LITERAL":                    "literal-value",
		"compose://docker-compose.yml#services.api.environment.DEFAULTED":                  "default-value",
		"compose://docker-compose.yml#services.api.environment.COMPOSITE":                  "postgres://app:dotenv-value@db/app",
		"compose://docker-compose.yml?file=live.env#services.api.environment.COMPOSITE":    "postgres://app:live-value@db/app",
		"compose://docker-compose.yml#services.api.environment.spring.datasource.password": "dotted-value",
		"compose://docker-compose.yml#services.list.environment.LITERAL":                   "list-value",
		"compose://docker-compose.yml#services.list.environment.FROM_SHELL":                "shell-value",
		"compose://docker-compose.yml?literal=1#services.cache.command":                    "flag-value",
		"compose://docker-compose.yml?literal=1#services.cache.healthcheck.test":           "health-value",
		"compose://docker-compose.yml?default=USER_NAME#services.cache.command":            "user-value",
		"file://file": "with a newline\n",
	} {
		got := resolveOne(t, local, text)
		if got.Err != nil {
			t.Errorf("%s: %v", text, got.Err)
		} else if got.Value.Reveal() != want {
			t.Errorf("%s gives %q, want %q", text, got.Value.Reveal(), want)
		}
	}
}

// A place that does not exist or holds no value must be ErrNotFound. What cannot be read
// must not.
func TestOnlyMissingValuesAreNotFound(t *testing.T) {
	local := folder(t)
	for text, found := range map[string]bool{
		"env://NOWHERE": false, "env://EMPTY": false, "dotenv://none.env#KEY": false, "dotenv://app.env#NONE": false,
		"compose://none.yml#services.api.environment.A":                 false,
		"compose://docker-compose.yml#services.api.environment.NONE":    false,
		"compose://docker-compose.yml?literal=2#services.cache.command": false,
		"file://none": false, "file://.": true, "vault://secret/x#/y": true,
	} {
		got := resolveOne(t, local, text)
		if got.Err == nil || errors.Is(got.Err, store.ErrNotFound) == found {
			t.Errorf("%s: %v", text, got.Err)
		}
	}
}

// The env files that deploy was given must be read instead of .env.
func TestEnvFilesReplaceDotEnv(t *testing.T) {
	local := folder(t)
	local.EnvFiles = []string{filepath.Join(local.Dir, "live.env")}
	if got := resolveOne(t, local, "env://FROM_DOTENV"); got.Err != nil || got.Value.Reveal() != "live-value" {
		t.Errorf("env://FROM_DOTENV is not the one of live.env: %v", got.Err)
	}
	if got := resolveOne(t, local, "env://EMPTY"); !errors.Is(got.Err, store.ErrNotFound) {
		t.Errorf("a key of .env was read: %v", got.Err)
	}
}

func resolveOne(t *testing.T, local Local, text string) store.Result {
	t.Helper()
	ref, err := secret.ParseReference(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return Resolve(t.Context(), local.Systems(), []secret.Reference{ref})[0]
}

// The systems of this machine must work at the same time, with the env files that they
// share.
func TestLocalSystemsWorkInParallel(t *testing.T) {
	local := folder(t)
	var refs []secret.Reference
	for i := range 300 {
		env := fmt.Sprintf("%d.env", i)
		if err := os.WriteFile(filepath.Join(local.Dir, env), []byte("MORE=1\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{
			"env://FROM_DOTENV?file=.env&file=" + env, "dotenv://app.env?file=.env&file=" + env + "#MADE",
			"compose://docker-compose.yml?file=.env&file=" + env + "#services.api.environment.COMPOSITE",
		} {
			refs = append(refs, storetest.References(t, text)...)
		}
	}
	for i, result := range Resolve(t.Context(), local.Systems(), refs) {
		if result.Err != nil || !strings.Contains(result.Value.Reveal(), "dotenv-value") {
			t.Fatalf("%s: %v", refs[i], result.Err)
		}
	}
}

// A text that contains a reference to a secret manager must be refused, and not deployed
// with the reference in it. A text that only looks like it must not be refused.
func TestTextAroundReferenceIsRefused(t *testing.T) {
	local := folder(t)
	const key = "TOKEN=vault://secret/app#/token\n"
	for name, content := range map[string]string{
		"made.env":    key + "WHOLE=${TOKEN}\nURL=https://a:${TOKEN}@b/c\nIMPORT=optional:vault://secret/app\n",
		"project.env": key,
		"made.yml":    "services:\n  api:\n    environment:\n      URL: https://a:${TOKEN}@b/c\n      WHOLE: ${TOKEN}\n",
	} {
		if err := os.WriteFile(filepath.Join(local.Dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	local.EnvFiles = []string{filepath.Join(local.Dir, "project.env")}
	for text, want := range map[string]string{
		"dotenv://made.env#URL":                             "made with TOKEN, whose value is in a secret manager",
		"compose://made.yml#services.api.environment.URL":   "made with TOKEN, whose value is in a secret manager",
		"env://URL?file=made.env":                           "made with TOKEN, whose value is in a secret manager",
		"dotenv://made.env#IMPORT":                          "",
		"dotenv://made.env#WHOLE":                           "unknown scheme vault://", // it is followed
		"compose://made.yml#services.api.environment.WHOLE": "unknown scheme vault://",
	} {
		got := resolveOne(t, local, text)
		if want == "" && got.Err != nil || want != "" && (got.Err == nil || !strings.Contains(got.Err.Error(), want)) {
			t.Errorf("%s: %v; want %q", text, got.Err, want)
		}
		if errors.Is(got.Err, store.ErrNotFound) {
			t.Errorf("%s counts as missing", text)
		}
	}
}
