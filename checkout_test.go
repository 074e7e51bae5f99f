//go:build unix

package main_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// stubMain is a plugin small enough to build many times: it answers the Docker
// CLI's question about the plugin and prints its version.
const stubMain = `package main

import (
	"os"

	"github.com/docker-secrets/docker-secrets/internal/about"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "docker-cli-plugin-metadata" {
		os.Stdout.WriteString("{}")
		return
	}
	os.Stdout.WriteString(about.Version)
}
`

// stubAbout is where the linker writes the version.
const stubAbout = `package about

var Version = "unknown"
`

// A checkout is a copy of install.sh beside a stub of the program, and the
// environment that it is run in.
type checkout struct {
	dir    string // of install.sh
	home   string // $HOME
	bin    string // all of $PATH
	config string // $DOCKER_CONFIG, unset if empty
	shell  []string
	args   []string // of install.sh
	env    []string // besides PATH, HOME and the like
}

// newCheckout makes a checkout in a folder with a blank in its name, with Go
// and docker on the PATH.
func newCheckout(t *testing.T) *checkout {
	t.Helper()
	root := t.TempDir()
	c := &checkout{
		dir:   filepath.Join(root, "a check out"),
		home:  filepath.Join(root, "a home"),
		bin:   filepath.Join(root, "bin"),
		shell: []string{"sh"},
	}
	about := filepath.Join(c.dir, "internal", "about")
	for _, dir := range []string{about, c.home, c.bin} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, tool := range []string{"awk", "dirname", "git", "go", "grep", "mkdir", "mktemp", "mv", "rm"} {
		c.link(t, tool)
	}
	script(t, filepath.Join(c.bin, "docker"), "exit 0")
	write(t, filepath.Join(c.dir, "install.sh"), read(t, "install.sh"), 0o755)
	write(t, filepath.Join(c.dir, "main.go"), stubMain, 0o644)
	write(t, filepath.Join(about, "about.go"), stubAbout, 0o644)
	write(t, filepath.Join(c.dir, "go.mod"), goMod(t), 0o644)
	return c
}

// userConfig returns a folder for XDG_CONFIG_HOME in which the telemetry of go is off.
// Else go starts a process that writes into the home folder after the test has ended.
func (c *checkout) userConfig(t *testing.T) string {
	t.Helper()
	config := filepath.Join(filepath.Dir(c.home), "user config")
	telemetry := filepath.Join(config, "go", "telemetry")
	if err := os.MkdirAll(telemetry, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(telemetry, "mode"), "off", 0o644)
	return config
}

// link puts a tool of this machine on the checkout's PATH, if there is one.
func (c *checkout) link(t *testing.T, tool string) {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		return
	}
	if err := os.Symlink(path, filepath.Join(c.bin, tool)); err != nil {
		t.Fatal(err)
	}
}

// without takes a tool from the PATH.
func (c *checkout) without(t *testing.T, tool string) {
	t.Helper()
	if err := os.Remove(filepath.Join(c.bin, tool)); err != nil {
		t.Fatal(err)
	}
}

// plugin is the path that install.sh should fill.
func (c *checkout) plugin() string {
	config := c.config
	if config == "" {
		config = filepath.Join(c.home, ".docker")
	}
	return filepath.Join(config, "cli-plugins", "docker-secrets")
}

// run runs install.sh from the folder wd and returns both outputs and the exit
// status.
func (c *checkout) run(t *testing.T, wd string) (stdout, stderr string, status int) {
	t.Helper()
	shell, err := exec.LookPath(c.shell[0])
	if err != nil {
		t.Skipf("no %s here", c.shell[0])
	}
	cmd := exec.CommandContext(t.Context(), shell, slices.Concat(c.shell[1:], []string{filepath.Join(c.dir, "install.sh")}, c.args)...)
	cmd.Dir = wd
	cmd.Env = append(c.environment(t), "PATH="+c.bin, "HOME="+c.home, "XDG_CONFIG_HOME="+c.userConfig(t))
	cmd.Env = append(cmd.Env, c.env...)
	if c.config != "" {
		cmd.Env = append(cmd.Env, "DOCKER_CONFIG="+c.config)
	}
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errOut.String(), cmd.ProcessState.ExitCode()
}

// environment lets the builds of all tests share this machine's build cache.
func (*checkout) environment(t *testing.T) []string {
	t.Helper()
	env := []string{"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null"}
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	return append(env, "GOCACHE="+lines[0], "GOMODCACHE="+lines[1])
}

// install runs install.sh, which must succeed.
func (c *checkout) install(t *testing.T) (stdout, stderr string) {
	t.Helper()
	stdout, stderr, status := c.run(t, c.home)
	if status != 0 {
		t.Fatalf("install.sh: exit status %d\n%s%s", status, stdout, stderr)
	}
	return stdout, stderr
}

// refuse runs install.sh, which must fail with one line that holds all of want
// and leave nothing behind.
func (c *checkout) refuse(t *testing.T, want ...string) {
	t.Helper()
	_, stderr, status := c.run(t, c.home)
	if status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	line, rest, _ := strings.Cut(stderr, "\n")
	if rest != "" {
		t.Errorf("more than one line:\n%s", stderr)
	}
	for _, text := range want {
		if !strings.Contains(line, text) {
			t.Errorf("the message lacks %q: %s", text, line)
		}
	}
	if _, err := os.Lstat(c.plugin()); err == nil {
		t.Errorf("%s exists", c.plugin())
	}
}

// goMod is a go.mod that asks for the same Go as the project's own, and for
// nothing else.
func goMod(t *testing.T) string {
	t.Helper()
	return "module github.com/docker-secrets/docker-secrets\n\ngo " + goVersion(t) + "\n"
}

// goVersion is the version in the project's go.mod.
func goVersion(t *testing.T) string {
	t.Helper()
	for line := range strings.Lines(read(t, "go.mod")) {
		if version, ok := strings.CutPrefix(line, "go "); ok {
			return strings.TrimSpace(version)
		}
	}
	t.Fatal("go.mod: no go line")
	return ""
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	// A process forked by another test meanwhile would hold the file open, and
	// a script that is open for writing cannot be run.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// script writes an executable of one line of shell.
func script(t *testing.T, path, line string) {
	t.Helper()
	write(t, path, "#!/bin/sh\n"+line+"\n", 0o755)
}

// output runs a program and returns what it prints.
func output(t *testing.T, program string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program).Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

// names lists a folder, hidden files too.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, entry := range entries {
		list = append(list, entry.Name())
	}
	return list
}
