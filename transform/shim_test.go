package transform

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/shelltest"
)

// shimRun is one start of the shim.
type shimRun struct {
	stdout, stderr string
	status         int
	pid            int
}

// runShim runs words behind the shim in shell, with environ and what PATH needs.
func runShim(t *testing.T, shell []string, environ []string, words ...string) shimRun {
	t.Helper()
	script := filepath.Join(t.TempDir(), "env.sh")
	if err := os.WriteFile(script, []byte(shimScript), 0o400); err != nil {
		t.Fatal(err)
	}
	args := append(append(shell[1:len(shell):len(shell)], script), words...)
	cmd := exec.CommandContext(t.Context(), shell[0], args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, environ...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return shimRun{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode(), cmd.Process.Pid}
}

// shimFile writes a secret's file and returns its path.
func shimFile(t *testing.T, value string) string {
	t.Helper()
	return shelltest.WriteSecret(t, value)("")
}

func inEveryShell(t *testing.T, test func(t *testing.T, shell []string)) {
	t.Helper()
	for name, shell := range shelltest.Shells(t) {
		t.Run(name, func(t *testing.T) { test(t, shell) })
	}
}

// The variable must have the file's exact bytes, whatever they are.
func TestShimKeepsBytes(t *testing.T) {
	values := map[string]string{
		"plain": "hunter", "quotes": shelltest.Awkward, "line ends": "-----BEGIN-----\nabc\n-----END-----\n\n\n", "only line ends": "\n\n",
		"dots": "a..", "dot": ".", "empty": "", "raw": "\xff\xfe\xe2\x80 \x01\x7f", "utf-8": "pässwörd €", "long": strings.Repeat("0123456789abcde\n", 120*1024/16),
		"name and value": "A=b", "glob": "*", "blanks": "  a\t b  ", "dash": "-n", "carriage return": "a\r\n",
	}
	inEveryShell(t, func(t *testing.T, shell []string) {
		t.Helper()
		for name, value := range values {
			got := runShim(t, shell, []string{"LC_ALL=C.UTF-8", ShimVariable + "=THE_SECRET=" + shimFile(t, value)}, "env", "-0")
			if !strings.Contains("\x00"+got.stdout, "\x00THE_SECRET="+value+"\x00") {
				t.Errorf("%s: the value is not what the file holds", name)
			}
		}
	})
}

// Every variable of the list must be there, those too whose names no shell takes.
func TestShimGivesEveryName(t *testing.T) {
	list := ShimVariable + "=A=" + shimFile(t, "1\n") + " discovery.type=" + shimFile(t, shelltest.Awkward) + " b-c=" + shimFile(t, "3") + "  _D9=" + shimFile(t, "4")
	inEveryShell(t, func(t *testing.T, shell []string) {
		t.Helper()
		got := runShim(t, shell, []string{list, "KEPT=x y"}, "env", "-0")
		for _, want := range []string{"A=1\n", "discovery.type=" + shelltest.Awkward, "b-c=3", "_D9=4", "KEPT=x y", list} {
			if !strings.Contains("\x00"+got.stdout, "\x00"+want+"\x00") {
				t.Errorf("%.20q is missing", want)
			}
		}
	})
}

// The command must get its arguments as they are, and the shim's process.
func TestShimBecomesTheCommand(t *testing.T) {
	args := []string{"", "a b", "*", "'", `"`, "$HOME", "\n", `\`, "-e", "é"}
	file := shimFile(t, "x")
	inEveryShell(t, func(t *testing.T, shell []string) {
		t.Helper()
		for _, list := range []string{"", "A=" + file, "a.b=" + file} {
			got := runShim(t, shell, []string{ShimVariable + "=" + list}, append([]string{"sh", "-c", `echo $$; printf '<%s>' "$@"`, "sh"}, args...)...)
			want := strconv.Itoa(got.pid) + "\n<" + strings.Join(args, "><") + ">"
			if diff := cmp.Diff(want, got.stdout); diff != "" {
				t.Errorf("list %q (-want +got)\n%s%s", list, diff, got.stderr)
			}
		}
		if got := runShim(t, shell, nil, "sh", "-c", "exit 7"); got.status != 7 {
			t.Errorf("no list: status %d, want the command's", got.status)
		}
	})
}

// A file that cannot be read must end the start with the variable's name.
func TestShimNamesTheVariableItCannotRead(t *testing.T) {
	file := shimFile(t, "the value")
	inEveryShell(t, func(t *testing.T, shell []string) {
		t.Helper()
		got := runShim(t, shell, []string{ShimVariable + "=GOOD=" + file + " BAD_ONE=/nonexistent"}, "echo", "started")
		if got.status != 126 || got.stdout != "" || !strings.Contains(got.stderr, "BAD_ONE: cannot read /nonexistent") || strings.Contains(got.stderr, "the value") {
			t.Errorf("%+v", got)
		}
		if got = runShim(t, shell, []string{ShimVariable + "=GOOD=" + file}); got.status != 126 || got.stderr == "" {
			t.Errorf("without a command: %+v", got)
		}
		if got = runShim(t, shell, nil, "/nonexistent"); got.status != 127 {
			t.Errorf("a command that is not there: %+v", got)
		}
	})
}

// The shim must leave nothing of its own in the environment.
func TestShimLeavesNothing(t *testing.T) {
	inEveryShell(t, func(t *testing.T, shell []string) {
		t.Helper()
		got := runShim(t, shell, []string{ShimVariable + "=A=" + shimFile(t, "1")}, "env")
		for line := range strings.Lines(got.stdout) {
			if strings.HasPrefix(line, "_ds") || strings.HasPrefix(line, "IFS=") {
				t.Errorf("left %.10q", line)
			}
		}
	})
}
