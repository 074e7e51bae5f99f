package e2e

import (
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// startBlock is a block of docs/start.md: its kind and its text.
var startBlock = regexp.MustCompile("(?s)```(yaml|dotenv|console)\n(.*?)```")

// notHere are the commands that a test cannot run on an engine that others use too, or
// without a network.
var notHere = map[string]bool{"docker swarm init": true, "docker pull busybox:1.37": true, "docker swarm leave --force": true}

// Every command of docs/start.md must do its work, in the order of the page, with the files
// as the page has them, and show no value.
func TestCommandsOfTheStart(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/start.md")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t)
	r.removeStack("hello", "api_key", "api_key_v2")
	if err := r.engine.Client.ImageTag(t.Context(), enginetest.Image, "busybox:1.37"); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"yaml": "docker-compose.yml", "dotenv": ".env"}
	commands := 0
	for _, block := range startBlock.FindAllStringSubmatch(string(page), -1) {
		if name := files[block[1]]; name != "" {
			r.write(name, block[2])
			continue
		}
		for line := range strings.Lines(block[2]) {
			commands++
			runLine(r, strings.TrimSpace(strings.TrimPrefix(line, "$ ")))
		}
	}
	if commands < 10 {
		t.Errorf("%d commands are found, too few to be all", commands)
	}
	said := r.said.String()
	for _, want := range []string{"the key has 16 characters", "the key has 48 characters"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said", want)
		}
	}
	value := strings.TrimSpace(strings.TrimPrefix(r.read(".env"), "API_KEY="))
	if strings.Contains(said, value) || strings.Contains(r.stackFile(), value) {
		t.Error("a command shows the value, or the stack file has it")
	}
}

// runLine runs a command of a page. A dry run exits with 3, and the log of a service comes
// a moment after its start.
func runLine(r *rig, line string) {
	r.t.Helper()
	words := strings.Fields(line)
	switch {
	case notHere[line]:
	case strings.HasPrefix(line, "docker stack rm "):
		r.endStack(words[3])
	case words[0] == "cat":
		r.read(words[1])
	case strings.Contains(line, "service logs"):
		keys := strings.Count(r.read("docker-compose.prod.yml"), "api_key_v2")
		want := map[bool]string{true: "48 characters", false: "16 characters"}[keys > 0]
		ctx, cancel := context.WithTimeout(r.t.Context(), patience)
		defer cancel()
		r.eventually(ctx, "the log has "+want, func() bool { return strings.Contains(r.must(words[1:]...).stdout, want) })
	case words[0] == "docker":
		if got := r.docker(words[1:]...); got.code != 0 && (got.code != 3 || !strings.Contains(line, "--dry-run")) {
			r.t.Errorf("%s: exit %d\n%s%s", line, got.code, got.stdout, got.stderr)
		}
	default:
		r.t.Errorf("%s: %v", line, exec.ErrNotFound)
	}
}
