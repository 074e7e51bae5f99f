package swarm

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
)

// The child must get what docker needs and nothing that could be a value.
func TestChildGetsScrubbedEnvironment(t *testing.T) {
	parent := []string{
		"PATH=/bin", "HOME=/root", "DOCKER_HOST=ssh://h", "SSH_AUTH_SOCK=/s", "XDG_RUNTIME_DIR=/r", "https_proxy=p", "AWS_PROFILE=x",
		"DB_PASSWORD=a", "DOCKER_INFLUXDB_INIT_PASSWORD=b", "SSH_PRIVATE_KEY=c", "AWS_SECRET_ACCESS_KEY=d", "XDG_TOKEN=e", "PATHX=f",
		"DOCKER_CLI_PLUGIN_SOCKET=g", "Path=h", "Consented=i", "=C:=j", "",
	}
	want := []string{"PATH=/bin", "HOME=/root", "DOCKER_HOST=ssh://h", "SSH_AUTH_SOCK=/s", "XDG_RUNTIME_DIR=/r", "https_proxy=p", "AWS_PROFILE=x", "Consented=i"}
	if diff := cmp.Diff(want, environ(parent, []string{"Consented"}, false)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Path=h", "SystemRoot=w"}, environ([]string{"Path=h", "SystemRoot=w", "Token=x"}, nil, true)); diff != "" {
		t.Errorf("on Windows (-want +got):\n%s", diff)
	}
}

// fakeCLI writes a docker that says version and otherwise runs script.
func fakeCLI(t *testing.T, version, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "docker")
	text := "#!/bin/sh\nif [ \"$1\" = --version ]; then echo '" + version + "'; exit; fi\n" + script + "\n"
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// Deploy must pass its options on, and --detach only to a CLI that knows it.
func TestDeployPassesOptionsOn(t *testing.T) {
	for version, detach := range map[string]string{
		"Docker version 20.10.24+dfsg1, build 297e128": "", "Docker version 25.0.0, build x": "",
		"Docker version 26.0.0, build x": "--detach=true ", "Docker version 28.2.2, build e6534b4": "--detach=true ", "podman version unknown": "",
	} {
		var out bytes.Buffer
		d := Deployer{Command: fakeCLI(t, version, `echo "$@"; cat; env | grep -v ^PWD= | sort`), Global: []string{"--context", "prod"}, Environ: []string{"PATH=" + os.Getenv("PATH"), "TOKEN=x"}, Stdin: strings.NewReader("file\n"), Stdout: &out}
		err := d.Deploy(t.Context(), DeployOptions{Stack: "app", Files: []string{"-", "b.yml"}, WithRegistryAuth: true, ResolveImage: "never", Prune: true})
		if err != nil {
			t.Fatal(err)
		}
		want := "--context prod stack deploy --compose-file - --compose-file b.yml " + detach + "--with-registry-auth --resolve-image never --prune -- app\nfile\nPATH=" + os.Getenv("PATH") + "\n"
		got := strings.Replace(strings.Replace(out.String(), "SHLVL=1\n", "", 1), "_=/usr/bin/env\n", "", 1)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", version, diff)
		}
	}
}

// Deploy must tell the child's exit code, a missing CLI, and that it was stopped.
func TestDeployTellsWhyItFailed(t *testing.T) {
	d := Deployer{Command: fakeCLI(t, "", "exit 5")}
	if err := d.Deploy(t.Context(), DeployOptions{}); err == nil || err.Error() != "docker stack deploy: exit status 5" {
		t.Errorf("error %v", err)
	}
	d.Command = "no-such-docker"
	if err := d.Deploy(t.Context(), DeployOptions{}); err == nil || err.Error() != "no-such-docker: not found; install the docker CLI" {
		t.Errorf("error %v", err)
	}
}

// A CLI that lost a race or its leader must be run again, with the same input; any
// other failure is final.
func TestDeployRunsAgainAfterLostRace(t *testing.T) {
	for text, runs := range map[string]int{
		"failed to update service app_web: Error response from daemon: rpc error: code = Unknown desc = update out of sequence":          2,
		"Error response from daemon: rpc error: code = Unknown desc = The swarm does not have a leader.":                                 2,
		"failed to create service app_web: Error response from daemon: network app_default not found":                                    2,
		`this node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again`:   2,
		"Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?":                              2,
		`network "shop" is declared as external, but could not be found. You need to create a swarm-scoped network`:                      1,
		"failed to create service app_web: Error response from daemon: rpc error: code = InvalidArgument desc = ContainerSpec: no image": 1,
	} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			count := filepath.Join(t.TempDir(), "count")
			cli := fakeCLI(t, "", `echo run >>`+count+`; cat; [ "$(wc -l <`+count+`)" = 1 ] || exit 0; echo '`+text+`' >&2; exit 1`)
			var out, said bytes.Buffer
			d := Deployer{Command: cli, Environ: []string{"PATH=" + os.Getenv("PATH")}, Stdin: strings.NewReader("file\n"), Stdout: &out, Stderr: &said}
			err := d.Deploy(t.Context(), DeployOptions{})
			if (err == nil) != (runs == 2) || out.String() != strings.Repeat("file\n", runs) || said.String() != text+"\n" {
				t.Errorf("%s: error %v, the CLI read %q and said %q", text, err, out.String(), said.String())
			}
		})
	}
}

// started is a writer that tells of its first write.
type started chan struct{}

func (s started) Write(p []byte) (int, error) {
	select {
	case s <- struct{}{}:
	default:
	}
	return len(p), nil
}

// A child must end with the context, although it would go on for a day.
func TestDeployEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	running := make(started, 1)
	d := Deployer{Command: fakeCLI(t, "", `echo up; exec sleep 100000`), Environ: []string{"PATH=" + os.Getenv("PATH")}, Stdout: running}
	go func() {
		<-running
		cancel()
	}()
	err := d.Deploy(ctx, DeployOptions{})
	if err == nil || !strings.Contains(err.Error(), "was stopped") {
		t.Errorf("error %v", err)
	}
}

// No value and no line of one must be left in what a task said.
func TestRedactHidesValuesAndTheirLines(t *testing.T) {
	values := []secret.Value{secret.NewValue("hunter2"), secret.NewValue("hunter2-long"), secret.NewValue("-----BEGIN\nMIIabc\n-----END\n"), secret.NewValue("xyz"), {}}
	for text, want := range map[string]string{
		"a hunter2-long b hunter2 c MIIabc d": "a [redacted] b [redacted] c [redacted] d",
		"short is xyz":                        "[redacted]",
		"nothing":                             "nothing",
	} {
		if diff := cmp.Diff(want, redact(text, values)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// sleep must end with its context.
func TestSleepEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if sleep(ctx, time.Hour) || !sleep(t.Context(), time.Hour) {
			t.Error("sleep is wrong about who ended it")
		}
	})
}
