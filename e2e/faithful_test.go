package e2e

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
)

// faithfulFiles are an application that has all at which values went wrong once.
var faithfulFiles = map[string]string{
	"one.env":    "DB_PASSWORD='pw-Zx1 #$x'\nHOST=db\n",
	"two.env":    "DATABASE_URL=postgres://app:${DB_PASSWORD}@${HOST}/x\nTLS_KEY=\"-----BEGIN KEY-----\nabc\n\"\n",
	"u.env":      "APP_TOKEN=tk-${PASS}\n",
	"a b#c?.env": "ODD_TOKEN=one-Kk7Ll8Mm9Nn0\n",
	"50%.env":    "ODDER_TOKEN=two-Oo1Pp2Qq3Rr4\n",
	".env":       "SUBTOK=sub-Qq7Rr8Ss9Tt0\nSIGN_SECRET=sign-Yy5Zz6Aa7Bb8\nP=pg-Hh8Ii9Jj0Kk1\nKEY_PEM=\"key-Cc9Dd0Ee1Ff2\n\n\"\n",
	"docker-compose.yml": `name: faithful
services:
  files: &files
    image: busybox:local
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1; done"]
    env_file: [one.env, two.env, "a b#c?.env", "50%.env"]
    environment: &environment
      A_PASSWORD: 0123456
      B_PASSWORD: 12e5
      C_PASSWORD: 2024-01-02
      SET_PASSWORD: ${SUBTOK:+set-Uu1Vv2Ww3Xx4}
      A_TOKEN: ${SUBTOK}
      SIGN_SECRET: ${SIGN_SECRET}
      VERIFY_SECRET: ${JWKS_SECRET:-${SIGN_SECRET}}
      EMPTY_PASSWORD: ""
      PGPASSWORD: ${P}
      POSTGRES_PASSWORD: ${P}
      PLAIN: a$$b
      DOTTED.SECRET_KEY: dotted-Vv8Ww9Xx0
  env:
    <<: *files
    profiles: ["${WEB_PROFILE:-}"]
  first:
    image: busybox:local
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1; done"]
    env_file: u.env
    environment: {PASS: pw-Aa1Bb2Cc3Dd4}
  second:
    image: busybox:local
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1; done"]
    env_file: u.env
    environment: {PASS: pw-Ee5Ff6Gg7Hh8}
  native:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: "${P}", POSTGRES_USER: app}
  command:
    image: busybox:local
    environment: {KEY_PEM: "${KEY_PEM}", P: "${P}"}
    command:
      - sh
      - -c
      - "printf '%s' \"$$KEY_PEM\" >/tmp/KEY_PEM; printf '%s' '${KEY_PEM}' >/tmp/again; printf %s ${P} >/tmp/P; trap 'exit 0' TERM; while :; do sleep 1; done"
    healthcheck:
      test: ["CMD-SHELL", "printf '%s' \"$$KEY_PEM\" >/tmp/health; printf '%s' '${KEY_PEM}' >/tmp/health_again"]
      interval: 1s
`,
}

// composeEnvironment is what Compose itself gives each service in dir.
func composeEnvironment(t *testing.T, dir string) map[string]map[string]string {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{filepath.Join(dir, "docker-compose.yml")}, cli.WithWorkingDirectory(dir),
		cli.WithEnvFiles(), cli.WithDotEnv, cli.WithDefaultProfiles())
	if err != nil {
		t.Fatal("compose-go does not read the application")
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal("compose-go does not load the application")
	}
	all := map[string]map[string]string{}
	for name, service := range project.Services {
		all[name] = map[string]string{}
		for variable, value := range service.Environment {
			all[name][variable] = *value
		}
	}
	return all
}

// faithful deploys the application and returns what Compose gives its services.
func faithful(t *testing.T) (*rig, map[string]map[string]string) {
	t.Helper()
	r := newRig(t)
	for name, text := range faithfulFiles {
		r.write(name, text)
	}
	r.image("postgres:16", map[string]string{
		"entry": `printf %s "$(cat "$POSTGRES_PASSWORD_FILE")" >/tmp/POSTGRES_PASSWORD; trap 'exit 0' TERM; while :; do sleep 1; done`,
	}, `ENTRYPOINT ["/entry"]`, `CMD ["postgres"]`)
	t.Cleanup(func() { _ = r.command(context.Background(), r.proxy.Host, "secrets", "prune", "-f", "faithful").Run() })
	r.removeStack("faithful")
	r.must("secrets", "migrate", "--deliver", "files=file", "--deliver", "env=env", "--deliver", "first=env", "--deliver", "second=file", "--deliver", "native=native", "--deliver", "command=file")
	r.must("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--allow-weak", "faithful")
	return r, composeEnvironment(t, r.dir)
}

// Every process must find the bytes that docker compose gives it, in its environment or
// in its files, whatever the values are made of and however they are delivered.
func TestFaithful(t *testing.T) {
	t.Parallel()
	r, want := faithful(t)
	if len(want) != 6 || len(want["env"]) < 18 {
		t.Fatalf("docker compose gives %d services, env %d variables", len(want), len(want["env"]))
	}
	for _, service := range []string{"env", "first", "files", "second"} {
		environ := "\x00" + r.inTask("faithful_"+service, "cat", "/proc/1/environ")
		for _, name := range slices.Sorted(maps.Keys(want[service])) {
			if strings.Contains(environ, "\x00"+name+"="+want[service][name]+"\x00") {
				continue
			}
			if service == "env" || service == "first" || strings.Contains(environ, "\x00"+name+"=") {
				t.Errorf("%s: the variable %s is not what docker compose gives", service, name)
				continue
			}
			file := "/run/secrets/" + strings.ReplaceAll(strings.ToLower(name), ".", "_")
			r.holds("faithful_"+service, file, want[service][name])
		}
	}
	r.healthy("faithful_command")
	for file, name := range map[string]string{"KEY_PEM": "KEY_PEM", "again": "KEY_PEM", "P": "P", "health": "KEY_PEM", "health_again": "KEY_PEM"} {
		r.holds("faithful_command", "/tmp/"+file, want["command"][name])
	}
	r.holds("faithful_native", "/tmp/POSTGRES_PASSWORD", want["native"]["POSTGRES_PASSWORD"])
}

// holds fails the test unless the file in a task of service holds value.
func (r *rig) holds(service, file, value string) {
	r.t.Helper()
	if got := r.inTask(service, "cat", file); got != value {
		r.t.Errorf("%s: %s has %d bytes, not the %d that docker compose gives", service, file, len(got), len(value))
	}
}
