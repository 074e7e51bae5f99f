package enginetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// restartFile says, in an engine's folder, that dockerd is to be started again when it ends.
const restartFile = "restart"

// Restart ends dockerd by a signal, as an upgrade or the kernel does, and lets it start
// again at once. Containers go on while it is away, unless it stops them itself. It does not
// wait until the daemon answers. It is not for an engine of another suite.
func (e *Engine) Restart(tb testing.TB, signal syscall.Signal) {
	tb.Helper()
	if err := os.WriteFile(filepath.Join(e.dir, restartFile), nil, 0o600); err != nil {
		tb.Fatal(err)
	}
	// The pid in the file is the one that dockerd has in its own namespace.
	out, err := exec.Command("nsenter", "--target", strconv.Itoa(e.pid), "--pid", "--mount",
		"sh", "-c", "kill -"+strconv.Itoa(int(signal))+" $(cat "+filepath.Join(e.dir, "pid")+")").CombinedOutput()
	if err != nil {
		tb.Fatalf("end dockerd: %v\n%s", err, out)
	}
}

// Await waits until the daemon answers as a manager of its Swarm.
func (e *Engine) Await(tb testing.TB) {
	tb.Helper()
	if err := e.awaitManager(tb.Context()); err != nil {
		tb.Fatalf("%v\n%s", err, e.logTail())
	}
}
