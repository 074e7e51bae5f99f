package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// values of the guide's example, which no file, output or specification may hold
// once it runs.
const (
	apiKey     = "sk-example-8Jm2vQ7rT4wXz9Kc"
	dbPassword = "correct-horse-42-battery"
)

// guide is the example of the guide in the rig's folder, its images those of the
// engine: docker build does not run there. Each test publishes a port of its own.
func (r *rig) guide(port string) {
	r.t.Helper()
	source := filepath.Join("..", "testdata", "gym-ai")
	for _, name := range []string{"docker-compose.yml", ".env", "backend/.env", "backend/Dockerfile", "backend/main.py"} {
		content, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			r.t.Fatal(err)
		}
		text := string(content)
		if name == "docker-compose.yml" { // what an image from source would do: stay
			text = strings.Replace(text, "build: ./backend", "build: ./backend\n    command: [\"sleep\", \"100000\"]", 1)
			text = strings.Replace(text, "8000:", port+":", 1)
			text = strings.Replace(text, "image: postgres:16-alpine", "image: postgres:16-alpine\n    command: [\"sleep\", \"100000\"]", 1)
		}
		r.write(name, text)
	}
	r.tag("postgres:16-alpine", "gym-ai-backend:latest")
}

// migrateGuide is the guide's first command. More flags keep the names of one test
// from those of another.
func (r *rig) migrateGuide(flags ...string) {
	r.t.Helper()
	r.must(append([]string{"secrets", "migrate", "-p", "gym-ai"}, flags...)...)
}

// deployGuide is the guide's second command.
func (r *rig) deployGuide(stack string, flags ...string) result {
	r.t.Helper()
	return r.must(append([]string{"secrets", "deploy", "--resolve-image", "never", "--stable", "1s", stack}, flags...)...)
}

// The two commands of the guide must end with tasks that read their secrets, byte
// for byte, and with no value in a file of the stack, a specification, an output
// or an argument list.
func TestGuideDeploysAndShowsNoValue(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.guide("8000")
	// Another test's stack may have the plain names at that moment: these then get the stack's.
	r.removeStack("gym_ai", "db_password", "openai_api_key", "gym_ai_db_password", "gym_ai_openai_api_key")
	r.migrateGuide()
	watch := watchProcesses(t, apiKey, dbPassword)
	r.deployGuide("gym_ai")
	watch.stop()

	for file, want := range map[string]string{"openai_api_key": apiKey, "db_password": dbPassword} {
		if got := r.inTask("gym_ai_backend", "cat", "/run/secrets/"+file); got != want {
			t.Errorf("/run/secrets/%s has %d bytes, not the %d of the value", file, len(got), len(want))
		}
	}
	if got := r.inTask("gym_ai_postgres", "sh", "-c", "printf %s \"$POSTGRES_PASSWORD_FILE\""); got != "/run/secrets/db_password" {
		t.Errorf("POSTGRES_PASSWORD_FILE is %q", got)
	}
	if got := r.inTask("gym_ai_postgres", "cat", "/run/secrets/db_password"); got != dbPassword {
		t.Errorf("postgres reads %d bytes, not the password", len(got))
	}
	made := strings.Fields(r.must("secret", "ls", "-q", "--filter", "label=com.docker-secrets.stack=gym_ai").stdout)
	places := map[string]string{
		"docker-compose.prod.yml": r.stackFile(),
		"what the commands said":  r.said.String(),
		"service inspect":         r.must("service", "inspect", "gym_ai_backend", "gym_ai_postgres").stdout,
		"container inspect":       r.dockerAt(r.engine.Host, "inspect", r.container("gym_ai_backend"), r.container("gym_ai_postgres")).stdout,
		"secret inspect":          r.must(append([]string{"secret", "inspect"}, made...)...).stdout,
	}
	for place, text := range places {
		for _, value := range []string{apiKey, dbPassword} {
			if strings.Contains(text, value) {
				t.Errorf("%s: a value stands in it", place)
			}
		}
	}
}

// A second deploy must create, update and remove no secret and no config, also
// where the values are not to be had any more.
func TestGuideAgainWritesNoSecret(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.guide("8001")
	r.removeStack("again", "again_db_password", "again_openai_api_key")
	r.migrateGuide("--prefix", "again_")
	r.deployGuide("again")
	// The lock of a deploy with something to do is a config.
	first := slices.DeleteFunc(secretWrites(r.proxy.Writes()), func(call string) bool { return strings.Contains(call, " /configs/") })
	if len(first) != 2 {
		t.Errorf("the first deploy made %d calls that change secrets, want 2:\n%s", len(first), strings.Join(first, "\n"))
	}

	r.proxy.Reset()
	r.deployGuide("again")
	if again := secretWrites(r.proxy.Writes()); len(again) > 0 {
		t.Errorf("the second deploy changed something:\n%s", strings.Join(again, "\n"))
	}

	for _, name := range []string{".env", "backend/.env"} {
		if err := os.Remove(filepath.Join(r.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	r.proxy.Reset()
	got := r.deployGuide("again")
	if again := secretWrites(r.proxy.Writes()); len(again) > 0 {
		t.Errorf("the deploy without values changed something:\n%s", strings.Join(again, "\n"))
	}
	for _, line := range []string{"keep again_db_password, value not available here", "keep again_openai_api_key, value not available here"} {
		if !strings.Contains(got.stderr, line) {
			t.Errorf("%q is not said:\n%s", line, got.stderr)
		}
	}
}
