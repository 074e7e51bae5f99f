package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every command in the table of docs/guide.md must do its work, in the order of the page,
// on the guide's own application.
func TestCommandsOfTheGuide(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/guide.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile("(?m)\\| `docker ([^`]+)` \\|$").FindAllStringSubmatch(string(page), -1)
	if len(commands) < 15 {
		t.Fatalf("%d commands are found, too few to be all", len(commands))
	}
	r := newRig(t)
	const stack = "guide_page" // gym_ai is another test's, on the same engine
	r.removeStack(stack)
	r.write(".env", "OPENAI_API_KEY=kR7xT2mB9vQ4wZ6nguide\n")
	r.write("docker-compose.yml", `services:
  postgres:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; `+stays+`"]
    environment: {OPENAI_API_KEY: "${OPENAI_API_KEY}"}
    deploy: {update_config: {monitor: 300ms}}
`)
	// What is no failure: there is something to do, and a manager that is not here.
	allowed := map[string][]int{"deploy --dry-run": {0, 3}, "push": {1, 3}, "check": {0, 3}}
	for _, found := range commands {
		args := strings.Fields(strings.ReplaceAll(found[1], "gym_ai", stack))
		got := r.docker(args...)
		key := args[1]
		if strings.Contains(found[1], "--dry-run") && key == "deploy" {
			key = "deploy --dry-run"
		}
		good := got.code == 0
		for _, code := range allowed[key] {
			good = good || got.code == code
		}
		if !good || got.code == 2 {
			t.Errorf("docker %s: exit %d\n%s%s", found[1], got.code, got.stdout, got.stderr)
		}
	}
	if _, err := os.Stat(filepath.Join(r.dir, "secrets.svg")); err != nil {
		t.Error(err)
	}
	if strings.Contains(r.said.String(), "kR7xT2mB9vQ4wZ6nguide") {
		t.Error("a command shows a value")
	}
}
