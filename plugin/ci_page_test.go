package plugin

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	ciCommand = regexp.MustCompile(`(?m)^\s*(?:- run: |- |\$ )(docker secrets .*)$`)
	hookEntry = regexp.MustCompile(`(?m)^\s*entry: (docker-secrets .*)$`)
)

// ciCommands returns the commands of docs/ci.md and of the hooks that it names.
func ciCommands(t *testing.T) []string {
	t.Helper()
	var commands []string
	for path, shown := range map[string]*regexp.Regexp{"../docs/ci.md": ciCommand, "../.pre-commit-hooks.yaml": hookEntry} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found := shown.FindAllStringSubmatch(string(text), -1)
		if len(found) < 2 {
			t.Errorf("%s: %d commands are found, too few to be all", path, len(found))
		}
		for _, match := range found {
			commands = append(commands, match[1])
		}
	}
	return commands
}

// newRepository returns a repository with an application whose secret is in a file that
// git ignores, and with its stack file; all that a checkout in CI has, and no values.
func newRepository(t *testing.T) (folder string, env []string) {
	t.Helper()
	folder, bin := t.TempDir(), t.TempDir()
	for path, text := range map[string]string{
		filepath.Join(folder, "docker-compose.yml"): "name: shop\nservices:\n  api:\n    image: registry.example.com/api:1.2\n" +
			"    entrypoint: [/api]\n    environment: {API_KEY: \"${API_KEY}\"}\n",
		filepath.Join(folder, ".env"):          "API_KEY=kR7xT2mB9vQ4wZ6n\n",
		filepath.Join(folder, ".gitignore"):    ".env\n",
		filepath.Join(folder, ".dockerignore"): ".env\n",
		filepath.Join(bin, "docker"):           "#!/bin/sh\nshift\nexec docker-secrets \"$@\"\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	env = append(os.Environ(), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "HOME="+bin, "DOCKER_HOST=tcp://127.0.0.1:1",
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "XDG_CACHE_HOME="+bin)
	for _, command := range []string{
		"docker secrets migrate --offline", "rm .env", "git init -q", "git add .",
		"git -c user.name=a -c user.email=a@example.com commit -q -m application",
	} {
		if code, said := runShell(t, folder, env, command); code != 0 {
			t.Fatalf("%s: exit %d\n%s", command, code, said)
		}
	}
	return folder, env
}

// runShell runs one line as CI does, and returns its exit code and what it says.
func runShell(t *testing.T, folder string, env []string, line string) (int, string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", line)
	cmd.Dir, cmd.Env = folder, env
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), said.String()
}

// The commands of docs/ci.md and the hooks must pass in a repository that is in order, with
// no Engine, no .env and no value there.
func TestCommandsOfTheCIPagePass(t *testing.T) {
	t.Parallel()
	folder, env := newRepository(t)
	for _, command := range ciCommands(t) {
		if code, said := runShell(t, folder, env, command); code != 0 {
			t.Errorf("%s: exit %d\n%s", command, code, said)
		}
	}
	for _, report := range []string{"check.sarif", "check.xml", "baseline.json"} {
		if content, err := os.ReadFile(filepath.Join(folder, report)); err != nil || len(content) == 0 {
			t.Errorf("%s: %v", report, err)
		}
	}
}

// Each command of the page that is a check must fail with 3 when a secret is in a file that
// git tracks, and the stack file is no longer that of the compose file.
func TestCommandsOfTheCIPageFail(t *testing.T) {
	t.Parallel()
	folder, env := newRepository(t)
	compose := filepath.Join(folder, "docker-compose.yml")
	text, err := os.ReadFile(compose)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "{API_KEY:", "{SMTP_PASSWORD: Zt4Qn8Wb2Kd6, API_KEY:", 1)
	if err = os.WriteFile(compose, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, command := range ciCommands(t) {
		if strings.Contains(command, "|| true") || strings.Contains(command, "--baseline") {
			continue
		}
		code, said := runShell(t, folder, env, command)
		if code != 3 {
			t.Errorf("%s: exit %d, want 3\n%s", command, code, said)
		}
		if strings.Contains(said, "Zt4Qn8Wb2Kd6") {
			t.Errorf("%s shows a value", command)
		}
	}
}
