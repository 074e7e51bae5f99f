//go:build unix

package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInstallPutsThePluginWhereDockerLooks(t *testing.T) {
	// install.sh must work in every POSIX shell, from any folder, with blanks in all paths, and leave nothing but the plugin.
	for _, shell := range [][]string{{"sh"}, {"bash", "--posix"}, {"busybox", "sh"}, {"zsh", "--emulate", "sh"}} {
		t.Run(shell[0], func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t)
			c.shell = shell
			c.config = filepath.Join(c.home, "docker config")
			stdout, stderr := c.install(t)
			want := "building docker-secrets\ninstalled " + c.plugin() + "\nnext: docker secrets migrate -f docker-compose.yml\n"
			if diff := cmp.Diff(want, stdout); diff != "" {
				t.Errorf("stdout (-want +got):\n%s", diff)
			}
			if stderr != "" {
				t.Errorf("stderr: %s", stderr)
			}
			if got := output(t, c.plugin()); got != "unknown" {
				t.Errorf("the plugin prints %q", got)
			}
			if diff := cmp.Diff([]string{"docker-secrets"}, names(t, filepath.Dir(c.plugin()))); diff != "" {
				t.Errorf("cli-plugins (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInstallUsesHomeWithoutDockerConfig(t *testing.T) {
	// The plugin must go to ~/.docker when DOCKER_CONFIG is not set.
	t.Parallel()
	c := newCheckout(t)
	c.install(t)
	output(t, filepath.Join(c.home, ".docker", "cli-plugins", "docker-secrets"))
}

func TestInstallTakesRelativeDockerConfig(t *testing.T) {
	// A relative DOCKER_CONFIG must mean what it means to docker: relative to the caller's folder.
	t.Parallel()
	c := newCheckout(t)
	c.config = "conf"
	c.install(t)
	output(t, filepath.Join(c.home, "conf", "cli-plugins", "docker-secrets"))
}

func TestInstallStampsTheVersion(t *testing.T) {
	// The version must be what git calls the checkout.
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	c := newCheckout(t)
	for _, args := range [][]string{
		{"init", "-q"},
		{"add", "."},
		{"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "all"},
		{"tag", "v1.2.3"},
	} {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir, cmd.Env = c.dir, append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
	c.install(t)
	if got := output(t, c.plugin()); got != "v1.2.3" {
		t.Errorf("version %q of a tagged checkout, want v1.2.3", got)
	}
	write(t, filepath.Join(c.dir, "main.go"), stubMain+"\n", 0o644)
	c.install(t)
	if got := output(t, c.plugin()); got != "v1.2.3-dirty" {
		t.Errorf("version %q of an edited checkout, want v1.2.3-dirty", got)
	}
	c.without(t, "git")
	c.install(t)
	if got := output(t, c.plugin()); got != "unknown" {
		t.Errorf("version %q without git, want the program's own", got)
	}
}

func TestInstallReplacesInOneStep(t *testing.T) {
	// A plugin that is in use must be replaced, never written into.
	t.Parallel()
	c := newCheckout(t)
	if err := os.MkdirAll(filepath.Dir(c.plugin()), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, c.plugin(), "old", 0o755)
	old, err := os.Open(c.plugin())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = old.Close() }()
	c.install(t)
	kept := make([]byte, 4)
	if n, _ := old.Read(kept); string(kept[:n]) != "old" {
		t.Error("the old file was overwritten in place")
	}
	output(t, c.plugin())
}

func TestInstallFailedBuildChangesNothing(t *testing.T) {
	// A build that fails must leave the old plugin and no other file.
	t.Parallel()
	for name, source := range map[string]string{
		"does not compile": "package main\n\nfunc main() { nothing }\n",
		"does not run":     "package main\n\nfunc main() { panic(1) }\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t)
			if err := os.MkdirAll(filepath.Dir(c.plugin()), 0o755); err != nil {
				t.Fatal(err)
			}
			write(t, c.plugin(), "old", 0o755)
			write(t, filepath.Join(c.dir, "main.go"), source, 0o644)
			_, stderr, status := c.run(t, c.home)
			if status != 1 || !strings.Contains(stderr, "nothing was installed") {
				t.Errorf("exit status %d, want 1; stderr: %s", status, stderr)
			}
			if got := read(t, c.plugin()); got != "old" {
				t.Error("the old plugin was replaced")
			}
			if diff := cmp.Diff([]string{"docker-secrets"}, names(t, filepath.Dir(c.plugin()))); diff != "" {
				t.Errorf("cli-plugins (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInstallSaysThatGoIsMissing(t *testing.T) {
	// Without Go one line must say which version, and where to get it.
	t.Parallel()
	c := newCheckout(t)
	c.without(t, "go")
	c.refuse(t, "Go is missing", goVersion(t), "https://go.dev/dl/")
}

func TestInstallSaysThatGoIsTooOld(t *testing.T) {
	// A Go below go.mod's must be refused before anything is built, with both versions in one line.
	t.Parallel()
	for _, old := range []string{"go1.19.8", "go1.9", "go1.25.99", "devel go1.25-0a1b2c3 Thu Jan 1", "broken"} {
		t.Run(old, func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t)
			c.without(t, "go")
			script(t, filepath.Join(c.bin, "go"), `[ "$*" = "env GOVERSION" ] || exit 3; echo '`+old+`'`)
			c.refuse(t, goVersion(t)+" or newer", strings.TrimPrefix(strings.Fields(old)[0], "go"), "https://go.dev/dl/")
		})
	}
}

func TestInstallTakesNewerGo(t *testing.T) {
	// A newer Go, or one that fails to fetch go.mod's but will do, must pass.
	t.Parallel()
	for name, answer := range map[string]string{
		"next minor":  `echo go1.99.0`,
		"next major":  `echo go2.0`,
		"development": `echo 'devel go1.99-0a1b2c3 Thu Jan 1'`,
		"no download": `[ "${GOTOOLCHAIN-}" = local ] || exit 1; echo go1.99.0`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCheckout(t)
			goTool, err := exec.LookPath("go")
			if err != nil {
				t.Fatal(err)
			}
			c.without(t, "go")
			script(t, filepath.Join(c.bin, "go"), `if [ "$1" = build ]; then exec "`+goTool+`" "$@"; fi; `+answer)
			c.install(t)
		})
	}
}

func TestInstallSaysThatDockerIsMissing(t *testing.T) {
	// Without docker the plugin must be installed still, and one line say how to get docker, another how to do without.
	t.Parallel()
	c := newCheckout(t)
	c.without(t, "docker")
	stdout, stderr := c.install(t)
	if strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "docker is missing") || !strings.Contains(stderr, "https://docs.docker.com/") {
		t.Errorf("stderr: %s", stderr)
	}
	if want := "'" + c.plugin() + "' migrate"; !strings.Contains(stdout, want) {
		t.Errorf("stdout lacks %q: %s", want, stdout)
	}
}

func TestInstallRefusesWhatIsInTheWay(t *testing.T) {
	// A path that cannot be written must be named, with the way out.
	t.Parallel()
	t.Run("plugin is a directory", func(t *testing.T) {
		t.Parallel()
		c := newCheckout(t)
		if err := os.MkdirAll(c.plugin(), 0o755); err != nil {
			t.Fatal(err)
		}
		_, stderr, status := c.run(t, c.home)
		if status != 1 || !strings.Contains(stderr, c.plugin()+" is a directory") {
			t.Errorf("exit status %d, want 1; stderr: %s", status, stderr)
		}
	})
	t.Run("cli-plugins is a file", func(t *testing.T) {
		t.Parallel()
		c := newCheckout(t)
		c.config = filepath.Join(c.home, "config")
		write(t, c.config, "", 0o644)
		_, stderr, status := c.run(t, c.home)
		if status != 1 || !strings.Contains(stderr, "set DOCKER_CONFIG") {
			t.Errorf("exit status %d, want 1; stderr: %s", status, stderr)
		}
	})
}

func TestInstallCutOffDoesNothing(t *testing.T) {
	// A script of which the last line is missing must do nothing.
	t.Parallel()
	c := newCheckout(t)
	whole := read(t, "install.sh")
	cut := strings.TrimSuffix(whole, "main \"$@\"\n")
	if cut == whole {
		t.Fatal("install.sh does not end with a call of main")
	}
	write(t, filepath.Join(c.dir, "install.sh"), cut, 0o755)
	stdout, stderr := c.install(t)
	if stdout != "" || stderr != "" || len(names(t, c.home)) != 0 {
		t.Errorf("it did something: %s%s", stdout, stderr)
	}
}
