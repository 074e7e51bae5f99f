//go:build unix

package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// An action is what action.yml says, as far as a runner needs it.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Using string
		Steps []struct {
			Shell, Run string
			Folder     string `yaml:"working-directory"`
			Env        map[string]string
		}
	}
}

// parsed reads a YAML file of this checkout.
func parsed(t *testing.T, path string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, path)), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// filledIn replaces what GitHub writes for ${{ … }}.
func filledIn(t *testing.T, text string, values map[string]string) string {
	t.Helper()
	return regexp.MustCompile(`\$\{\{ *([a-z._-]+) *\}\}`).ReplaceAllStringFunc(text, func(found string) string {
		value, ok := values[strings.Trim(found, "${} ")]
		if !ok {
			t.Errorf("%s: GitHub knows no such thing", found)
		}
		return value
	})
}

// runAction runs the steps of action.yml as a runner does: each in a shell that ends at
// the first fault. It returns all that they print, and the exit code of the last.
func runAction(t *testing.T, c *checkout, inputs map[string]string) (string, int) {
	t.Helper()
	var a action
	parsed(t, "action.yml", &a)
	if a.Runs.Using != "composite" || len(a.Runs.Steps) != 2 {
		t.Fatalf("action.yml has %d steps and uses %q", len(a.Runs.Steps), a.Runs.Using)
	}
	values := map[string]string{"github.action_path": c.dir}
	for name, input := range a.Inputs {
		values["inputs."+name] = input.Default
		if value, ok := inputs[name]; ok {
			values["inputs."+name] = value
		}
	}
	var said strings.Builder
	for _, step := range a.Runs.Steps {
		file := filepath.Join(t.TempDir(), "step")
		write(t, file, filledIn(t, step.Run, values), 0o644)
		cmd := exec.CommandContext(t.Context(), filepath.Join(c.bin, step.Shell), "-e", file)
		cmd.Dir = filepath.Join(c.home, filledIn(t, step.Folder, values))
		cmd.Env = append([]string{"PATH=" + c.bin, "HOME=" + c.home}, c.env...)
		for name, text := range step.Env {
			cmd.Env = append(cmd.Env, name+"="+filledIn(t, text, values))
		}
		out, err := cmd.CombinedOutput()
		said.Write(out)
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		if code := cmd.ProcessState.ExitCode(); code != 0 {
			return said.String(), code
		}
	}
	return said.String(), 0
}

// newRunner is a machine that downloads from page, with a docker that says what it is
// asked, one word a line, and exits with code.
func newRunner(t *testing.T, page releasePage, code string) *checkout {
	t.Helper()
	c := newDownload(t, page)
	c.link(t, "sh")
	c.without(t, "docker")
	script(t, filepath.Join(c.bin, "docker"), `printf '<%s>\n' "$@"; pwd; exit `+code)
	return c
}

// The steps of action.yml must install the plugin and run the command, word by word and in
// the folder that was asked for.
func TestActionRunsTheCommand(t *testing.T) {
	t.Parallel()
	c := newRunner(t, newReleasePage(t, "linux_amd64"), "0")
	if err := os.Mkdir(filepath.Join(c.home, "app"), 0o755); err != nil {
		t.Fatal(err)
	}
	said, code := runAction(t, c, map[string]string{"command": "deploy shop --inline *", "version": "v1.2.3", "working-directory": "app"})
	if want := "<secrets>\n<deploy>\n<shop>\n<--inline>\n<*>\n" + c.home + "/app\n"; code != 0 || !strings.HasSuffix(said, want) {
		t.Errorf("exit status %d, said:\n%s\nwant at the end:\n%s", code, said, want)
	}
	if got := output(t, c.plugin()); got != "v1.2.3" {
		t.Errorf("the plugin prints %q", got)
	}
}

// A command's exit code must be that of the action, and a release that is not there must
// stop it before the command.
func TestActionFails(t *testing.T) {
	t.Parallel()
	c := newRunner(t, newReleasePage(t, "linux_amd64"), "3")
	if said, code := runAction(t, c, map[string]string{"command": "migrate --check"}); code != 3 {
		t.Errorf("exit status %d, want 3\n%s", code, said)
	}
	c = newRunner(t, releasePage{}, "0")
	said, code := runAction(t, c, map[string]string{"command": "migrate --check"})
	if code == 0 || strings.Contains(said, "<secrets>") || !strings.Contains(said, "nothing was installed") {
		t.Errorf("exit status %d\n%s", code, said)
	}
}

// The action must pass a value with what a shell would run on as words, and never run it.
func TestActionRunsNothingElse(t *testing.T) {
	t.Parallel()
	c := newRunner(t, newReleasePage(t, "linux_amd64"), "0")
	said, _ := runAction(t, c, map[string]string{"command": "ls; touch broken $(touch broken)"})
	if !strings.Contains(said, "<ls;>\n<touch>\n<broken>\n<$(touch>\n") {
		t.Error(said)
	}
	if _, err := os.Stat(filepath.Join(c.home, "broken")); err == nil {
		t.Error("the action ran a part of its input as a command")
	}
}
