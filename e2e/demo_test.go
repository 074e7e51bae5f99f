package e2e

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite docs/demo.txt")

// demo is the session that README.md shows.
var demo = filepath.Join("..", "docs", "demo.txt")

// typed is a command of the session and what it prints.
type typed struct{ command, output string }

// steps reads a session: each line that begins with "$ " is a command.
func steps(session string) []typed {
	var read []typed
	for line := range strings.Lines(session) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			read = append(read, typed{command: strings.TrimSpace(command)})
		} else if len(read) > 0 {
			read[len(read)-1].output += line
		}
	}
	return read
}

// passing matches what differs from run to run: the states of a service on its way, ages
// and the width that they give a column.
var passing = regexp.MustCompile(`(?m)^(\w+: (starting|updating|preparing)|waiting for ).*\n|(About )?\w+ \w+ ago| {2,}`)

// settled returns the lines of text that every run has, in order, since services are
// updated at the same time.
func settled(text string) string {
	lines := strings.Split(strings.TrimSuffix(passing.ReplaceAllString(text, ""), "\n"), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// blog is the example of the session in the rig's folder, which is called like it.
func (r *rig) blog() {
	r.t.Helper()
	r.dir = filepath.Join(r.dir, "wordpress")
	for _, name := range []string{"docker-compose.yml", ".env"} {
		content, err := os.ReadFile(filepath.Join("..", "examples", "wordpress", name))
		if err != nil {
			r.t.Fatal(err)
		}
		r.write(name, string(content))
	}
	for _, name := range []string{"wordpress:6.8-apache", "mariadb:11.4"} {
		r.image(name, nil, `CMD ["sleep", "100000"]`)
	}
	r.removeStack("blog", "auth_key", "auth_key_v2", "blog_db_password", "nonce_salt")
}

// shell runs a line as people type it and returns all that it prints.
func (r *rig) shell(line string) string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.Dir, cmd.Env = r.dir, r.command(ctx, r.engine.Host).Env
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		r.t.Fatalf("%s: %v\n%s", line, err, output.String())
	}
	return output.String()
}

func TestDemoIsWhatCommandsPrint(t *testing.T) {
	// The session that README.md shows must be what a user sees, but for the order of services that change at the same time.
	r := newRig(t)
	session, err := os.ReadFile(demo)
	if err != nil {
		t.Fatal(err)
	}
	r.blog()
	var now strings.Builder
	for _, step := range steps(string(session)) {
		now.WriteString("$ " + step.command + "\n")
		if strings.HasPrefix(step.command, "docker swarm init") { // the engine has a Swarm
			now.WriteString(step.output)
			continue
		}
		got := r.shell(step.command)
		now.WriteString(got)
		if diff := cmp.Diff(settled(step.output), settled(got)); diff != "" && !*update {
			t.Errorf("%s (-want +got; go test ./e2e -run Demo -update rewrites, then make generate)\n%s", step.command, diff)
		}
	}
	if *update {
		if err := os.WriteFile(demo, []byte(now.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadmeStartsAsTheDemo(t *testing.T) {
	// Each docker command of README.md's start must be one of the session, which a test runs.
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	session, err := os.ReadFile(demo)
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, step := range steps(string(session)) {
		command, _, _ := strings.Cut(step.command, " | ")
		known = append(known, command)
	}
	_, start, ok := strings.Cut(string(readme), "\n## Start in five minutes\n")
	start, _, _ = strings.Cut(start, "\n## ")
	found := 0
	for _, step := range steps(start) {
		if !strings.HasPrefix(step.command, "docker ") {
			continue
		}
		found++
		if !slices.Contains(known, step.command) {
			t.Errorf("README.md: %s is not in docs/demo.txt", step.command)
		}
	}
	if !ok || found < 4 {
		t.Errorf("%d commands are found, too few to be all", found)
	}
}
