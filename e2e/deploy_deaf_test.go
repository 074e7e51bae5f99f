package e2e

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// A deploy whose words nobody can hear, because the disk is full or the reader has gone,
// must go on and end well.
func TestDeployNeedsNoListener(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{"deaftext": nil, "deafjson": {"--format", "json"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.deployed(name, stays)
			for i, open := range []func() (*os.File, error){
				func() (*os.File, error) { return os.OpenFile("/dev/full", os.O_WRONLY, 0) },
				unread,
			} {
				r.write(".env", "TOKEN="+nextV+strings.Repeat("!", i)+"\n")
				out, err := open()
				if err != nil {
					t.Fatal(err)
				}
				cmd := r.plugin(t.Context(), append([]string{"deploy", "--rotate", "--resolve-image", "never", "--stable", "1s"}, args...)...)
				cmd.Stdout, cmd.Stderr = out, out
				err = cmd.Run()
				_ = out.Close()
				if got := r.token(name); err != nil || got != nextV+strings.Repeat("!", i) {
					t.Errorf("%d: error %v, the task reads %d bytes", i, err, len(got))
				}
			}
			r.notLocked(name)
		})
	}
}

// unread is the writing end of a pipe that nobody reads.
func unread() (*os.File, error) {
	reader, writer, err := os.Pipe()
	if err == nil {
		err = reader.Close()
	}
	return writer, err
}

// plugin is the program itself, without the docker CLI around it.
func (r *rig) plugin(ctx context.Context, args ...string) *exec.Cmd {
	r.t.Helper()
	binary, err := program()
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := r.command(ctx, r.proxy.Host)
	cmd.Path, cmd.Args = binary, append([]string{binary}, args...)
	return cmd
}

// A terminal that is closed must stop the waiting, as Ctrl-C does, and take nothing back.
func TestHangupEndsTheWaiting(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.deployed("hungup", stays)
	r.write(".env", "TOKEN="+nextV+"\n")
	cmd := r.plugin(t.Context(), "deploy", "--rotate", "--resolve-image", "never", "--stable", "4m")
	said := &lockedBuffer{}
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.eventually(t.Context(), "the deploy waits", func() bool { return strings.Contains(said.String(), "has to run for 4m0s") })
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(said.String(), "run the same command again") {
		t.Errorf("exit %d:\n%s", code, said.String())
	}
	if got := r.token("hungup"); got != nextV {
		t.Errorf("the task reads %d bytes, not the new value", len(got))
	}
	r.notLocked("hungup")
}

// What a command waits for must be said, with the reason.
func TestWaitForSwarmIsSaid(t *testing.T) {
	t.Parallel()
	const leaderless = "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online."
	r := newRig(t)
	r.proxy.Inject(enginetest.Fault{Method: http.MethodGet, Path: "/secrets", Times: 7, Status: http.StatusInternalServerError, Message: leaderless})
	r.says(r.docker("secrets", "ls"), 0, "waiting for the swarm (", "): the swarm has no leader; too few managers may be online")
}

// The time in which docker stack deploy looks up digests must be explained, and must not
// count: here it is longer than the whole --timeout.
func TestLookupsDoNotCount(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("looked", "looked_token")
	r.write("docker-compose.prod.yml", quick("looked", stays))
	r.write(".env", "TOKEN="+firstV+"\n")
	r.proxy.Inject(enginetest.Fault{Method: http.MethodGet, Path: "/distribution/", Times: 1, Delay: 35 * time.Second})
	r.says(r.docker("secrets", "deploy", "--stable", "1s", "--timeout", "30s"), 0, "--resolve-image never leaves it out", "looked is running")
}
