package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/sample"
	"github.com/docker-secrets/docker-secrets/internal/terminaltest"
)

// shop is a stack whose services use a secret of the environment, and app, which runs
// script, one of Vault too.
func shop(stack, script string) string {
	file := strings.Replace(two(stack), stays, script, 1)
	file = strings.Replace(file, "        target: token\n", "        target: token\n      - {source: "+stack+"_key, target: key}\n", 1)
	return strings.Replace(file, "x-from: env://KEY", "x-from: vault://secret/shop#/key", 1)
}

// crash ends with an error that is longer than any terminal is wide.
const crash = `echo cannot open /var/lib/application/configuration/production/settings.toml because the folder is on another node and no volume driver is configured; sleep 1; exit 1`

// changes matches what differs from run to run, and passing states, and what stands for it.
var changes = []struct {
	found *regexp.Regexp
	shown string
}{
	{regexp.MustCompile(`(?m)^[a-z0-9_]+: (\{\w+\})?(starting|updating|preparing|paused|rolling back)\b.*\n`), ""},
	{regexp.MustCompile(`(?m)^(\{\w+\})?waiting for .*\n`), ""},
	{regexp.MustCompile(`\(id: \w+\)`), "(id: ID)"},
	{regexp.MustCompile(`(Less than a|About an?|\d+) \w+ ago *`), "AGE  "},
	{regexp.MustCompile(`CREATED +`), "CREATED  "},
	{regexp.MustCompile(`on engine\d+`), "on node1"},
	{regexp.MustCompile(`(?m) +$`), ""},
}

// parallel matches what several services do at the same time.
var parallel = regexp.MustCompile(`^((Creating|Updating|updating) service |[a-z0-9_]+: (\{\w+\})?(running|failed))`)

// inOrder sorts lines that follow each other where any order is right.
func inOrder(text string) string {
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		n := i
		for n < len(lines) && parallel.MatchString(lines[n]) {
			n++
		}
		slices.Sort(lines[i:n])
		i = max(i, n)
	}
	return strings.Join(lines, "\n")
}

// Commands that work on a Swarm must show exactly what e2e/testdata/screens has, on a
// terminal of 80 and of 120 columns, with and without colour, and in a pipe.
func TestScreens(t *testing.T) {
	views := []struct {
		name, stack string
		width       int
		environ     []string
	}{
		{"80-colour", "shop1", 80, nil},
		{"pipe", "shop2", 0, nil},
		{"80", "shop3", 80, []string{"NO_COLOR=1"}},
		{"120", "shop4", 120, []string{"NO_COLOR=1"}},
		{"120-colour", "shop5", 120, nil},
	}
	if !sample.Whole() && !*update {
		views = views[:2]
	}
	for _, v := range views {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.env = append(r.env, v.environ...)
			got := r.screens(v.stack, v.width)
			path := filepath.Join("testdata", "screens", v.name+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got; go test ./e2e -run Screens -update rewrites)\n%s", diff)
			}
		})
	}
}

// screens runs a session and returns it, each command with what it shows.
func (r *rig) screens(stack string, width int) string {
	r.t.Helper()
	m := r.withManagers()
	m.vault.Put("shop", `{"key": "vault-key-2Wq8"}`)
	r.removeStack(stack, stack+"_token", stack+"_token_v2", stack+"_key", stack+"_key_v2")
	r.write("docker-compose.prod.yml", shop(stack, stays))
	r.write(".env", "TOKEN="+firstV+"\n")
	var session strings.Builder
	show := func(args ...string) {
		session.WriteString("$ docker secrets " + strings.Join(args, " ") + "\n")
		session.WriteString(r.shown(width, append([]string{"secrets"}, args...)) + "\n")
	}
	deploy := []string{"deploy", "--resolve-image", "never", "--stable", "1s"}
	show(append(deploy, "--dry-run")...)
	show(append(deploy, "--allow-source")...)
	show(deploy...)
	r.write("docker-compose.prod.yml", shop(stack, crash))
	show(deploy...)
	r.write("docker-compose.prod.yml", shop(stack, stays))
	show("rotate", stack, stack+"_token", "--generate", "24")
	m.vault.Put("shop", `{"key": "vault-key-5Rt3"}`)
	show("diff", stack)
	show("ls", stack)
	show("ls", "nosuch")
	show("prune", "nosuch")
	show("prune", stack)
	r.endStack(stack)
	show("prune", stack, "--dry-run")
	show("prune", stack, "--yes")
	return strings.ReplaceAll(session.String(), stack, "store")
}

// shown is what a command shows on a terminal of that width, or in a pipe if it is 0,
// without what differs from run to run.
func (r *rig) shown(width int, args []string) string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	cmd := r.command(ctx, r.proxy.Host, args...)
	text := ""
	if width == 0 {
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			r.t.Fatal(err)
		}
		text = string(out)
	} else {
		text = r.onTerminal(cmd, width)
	}
	for _, c := range changes {
		text = c.found.ReplaceAllString(text, c.shown)
	}
	return inOrder(text)
}

// onTerminal runs cmd on a terminal of 24 lines and returns what is on it afterwards.
func (r *rig) onTerminal(cmd *exec.Cmd, width int) string {
	r.t.Helper()
	screen := terminaltest.Run(r.t, 24, width, func(program *os.File) {
		cmd.Stdout, cmd.Stderr = program, program // and no stdin: nobody answers a question
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
		_ = cmd.Run()
		if cmd.ProcessState == nil {
			r.t.Errorf("%s did not run", cmd)
		}
	})
	if screen.Wrapped() {
		r.t.Errorf("%s: a line is wider than the terminal:\n%s", strings.Join(cmd.Args, " "), screen.Text(nil))
	}
	return screen.Text(terminaltest.Styles())
}
