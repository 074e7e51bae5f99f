package transform

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
	"github.com/docker-secrets/docker-secrets/internal/shelltest"
)

// shimRun is one start of the shim.
type shimRun struct {
	stdout, stderr string
	status         int
	pid            int
}

// runShim runs words behind the shim in shell, with environ and what PATH needs. files
// are those of the shim's folder, by name; nil for no folder.
func runShim(t *testing.T, shell []string, files map[string]string, environ []string, words ...string) shimRun {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "env")
	for name, value := range files {
		filetest.Write(t, folder, name, value)
	}
	if files != nil && len(files) == 0 {
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	text, _ := ShimText(ShimVersion)
	script := filetest.Write(t, t.TempDir(), "shim", strings.ReplaceAll(text, SecretsDir+shimFolder, folder))
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
		"name and value": "A=b", "glob": "*", "blanks": "  a\t b  ", "dash": "-n", "carriage return": "a\r\n", "commas": ",a,",
	}
	inEveryShell(t, func(t *testing.T, shell []string) {
		t.Helper()
		for name, value := range values {
			got := runShim(t, shell, map[string]string{"THE_SECRET": value}, []string{"LC_ALL=C.UTF-8"}, "env", "-0")
			if !strings.Contains("\x00"+got.stdout, "\x00THE_SECRET="+value+"\x00") {
				t.Errorf("%s: the value is not what the file holds", name)
			}
		}
	})
}

// Every variable of the folder must be there, those too whose names no shell takes, and
// win over one that the image sets.
func TestShimGivesEveryName(t *testing.T) {
	files := map[string]string{"A": "1\n", "discovery.type": shelltest.Awkward, "b-c": "3", "_D9": "4", "Same,too.same,_also": "5 6", "z:@%+z": "7"}
	inEveryShell(t, func(t *testing.T, shell []string) {
		t.Helper()
		got := runShim(t, shell, files, []string{"KEPT=x y", "A=of the image"}, "env", "-0")
		for _, want := range []string{"A=1\n", "discovery.type=" + shelltest.Awkward, "b-c=3", "_D9=4", "Same=5 6", "too.same=5 6", "_also=5 6", "z:@%+z=7", "KEPT=x y"} {
			if !strings.Contains("\x00"+got.stdout, "\x00"+want+"\x00") {
				t.Errorf("%.20q is missing", want)
			}
		}
	})
}

// The command must get its arguments as they are, and the shim's process.
func TestShimBecomesTheCommand(t *testing.T) {
	args := []string{"", "a b", "*", "'", `"`, "$HOME", "\n", `\`, "-e", "é"}
	inEveryShell(t, func(t *testing.T, shell []string) {
		t.Helper()
		for _, name := range []string{"A", "a.b", "A,a.b"} {
			got := runShim(t, shell, map[string]string{name: "x"}, nil, append([]string{"sh", "-c", `echo $$; printf '<%s>' "$@"`, "sh"}, args...)...)
			want := strconv.Itoa(got.pid) + "\n<" + strings.Join(args, "><") + ">"
			if diff := cmp.Diff(want, got.stdout); diff != "" {
				t.Errorf("%s (-want +got)\n%s%s", name, diff, got.stderr)
			}
		}
		if got := runShim(t, shell, map[string]string{"A": "x"}, nil, "sh", "-c", "exit 7"); got.status != 7 {
			t.Errorf("status %d, want the command's", got.status)
		}
		if got := runShim(t, shell, map[string]string{"A": "x"}, nil, "/nonexistent"); got.status != 127 {
			t.Errorf("a command that is not there: %+v", got)
		}
	})
}

// Without its secrets no command must start, and the message must say why.
func TestShimFailsLoudly(t *testing.T) {
	inEveryShell(t, func(t *testing.T, shell []string) {
		t.Helper()
		for name, tt := range map[string]struct {
			files  map[string]string
			words  []string
			stderr string
		}{
			"no folder":    {nil, []string{"echo", "started"}, "no secret is mounted in "},
			"empty folder": {map[string]string{}, []string{"echo", "started"}, "no secret is mounted in "},
			"unreadable":   {map[string]string{"GOOD": "the value", "VAR_BAD/folder": ""}, []string{"echo", "started"}, "VAR_BAD: cannot read "},
			"no command":   {map[string]string{"GOOD": "the value"}, nil, "no command to run"},
		} {
			got := runShim(t, shell, tt.files, []string{"SHELLOPTS=noglob"}, tt.words...)
			if got.status != 126 || got.stdout != "" || !strings.Contains(got.stderr, tt.stderr) || strings.Contains(got.stderr, "the value") {
				t.Errorf("%s: %+v", name, got)
			}
		}
	})
}

// The shim must leave nothing of its own in the environment.
func TestShimLeavesNothing(t *testing.T) {
	inEveryShell(t, func(t *testing.T, shell []string) {
		t.Helper()
		got := runShim(t, shell, map[string]string{"A": "1"}, nil, "env")
		for line := range strings.Lines(got.stdout) {
			if strings.HasPrefix(line, "_ds") || strings.HasPrefix(line, "IFS=") {
				t.Errorf("left %.10q", line)
			}
		}
	})
}

// A service that reads a long line of variables from one secret must get them all, each
// once, in files whose names Linux takes; the order in which they come must not matter.
func TestShimFilesHoldEveryName(t *testing.T) {
	var all []delivery
	for i := range 40 {
		all = append(all, delivery{kind: DeliverEnv, decision: Decision{Name: "A_VARIABLE_NAME_" + strconv.Itoa(i), Secret: "one"}})
	}
	nameShimFiles(all)
	files := map[string]bool{}
	for _, p := range all {
		files[p.fixed] = true
		if !slices.Contains(ShimVariables(p.fixed), p.decision.Name) {
			t.Errorf("%s is not in %s", p.decision.Name, p.fixed)
		}
	}
	names := 0
	for file := range files {
		names += len(ShimVariables(file))
		if len(file) > 255 {
			t.Errorf("%d bytes: %s", len(file), file)
		}
	}
	if names != len(all) || len(files) < 2 {
		t.Errorf("%d names in %d files", names, len(files))
	}
	slices.Reverse(all)
	nameShimFiles(all)
	again := map[string]bool{}
	for _, p := range all {
		again[p.fixed] = true
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(files)), slices.Sorted(maps.Keys(again))); diff != "" {
		t.Errorf("another order gives other files (-want +got)\n%s", diff)
	}
}
