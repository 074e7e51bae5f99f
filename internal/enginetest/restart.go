package enginetest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// restartFile says, in an engine's folder, that dockerd is to be started again when it ends.
const restartFile = "restart"

// Restart ends dockerd by a signal, as an upgrade or the kernel does, and lets it start
// again at once. Containers go on while it is away, unless it stops them itself. It does not
// wait until the daemon answers.
func (e *Engine) Restart(tb testing.TB, signal syscall.Signal) {
	tb.Helper()
	if err := os.WriteFile(filepath.Join(e.dir, restartFile), nil, 0o600); err != nil {
		tb.Fatal(err)
	}
	e.Signal(tb, signal)
}

// Signal sends dockerd a signal: SIGSTOP makes it deaf for its Swarm and its clients, as a
// machine that hangs, until SIGCONT.
func (e *Engine) Signal(tb testing.TB, signal syscall.Signal) {
	tb.Helper()
	// The pid in the file is the one that dockerd has in its own namespace.
	pid, err := os.ReadFile(filepath.Join(e.dir, "pid")) //nolint:forbidigo // the rig's own file
	if err != nil {
		tb.Fatal(err)
	}
	out, err := exec.Command("nsenter", "--target", strconv.Itoa(e.pid), "--pid",
		"sh", "-c", fmt.Sprintf("kill -%d %s", signal, strings.TrimSpace(string(pid)))).CombinedOutput()
	if err != nil {
		tb.Fatalf("signal %v to dockerd: %v\n%s", signal, err, out)
	}
}

// Await waits until the daemon answers as a manager of its Swarm.
func (e *Engine) Await(tb testing.TB) {
	tb.Helper()
	if err := e.awaitManager(tb.Context()); err != nil {
		tb.Fatalf("%v\n%s", err, e.logTail())
	}
}
