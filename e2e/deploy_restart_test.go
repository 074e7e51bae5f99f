package e2e

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/internal/sample"
)

// A deploy whose daemon is restarted at any instant must end with the new value running, or
// with exactly the old state; its exit code must tell which, and no lock may be left.
func TestDeploySurvivesRestartOfDaemon(t *testing.T) {
	t.Parallel()
	for _, suite := range []string{"", newestSuite} {
		t.Run(engineName(suite), func(t *testing.T) {
			t.Parallel()
			survivesRestarts(t, enginetest.StartSwarmOf(t, suite), sample.Count(1, 3, 20))
		})
	}
}

func survivesRestarts(t *testing.T, engine *enginetest.Engine, restarts int) {
	t.Helper()
	r := rigAt(t, engine)
	r.proxy.Host = engine.Host // which is away for a while, as the daemon's own socket is
	random := sample.Random(t)
	first := random.IntN(2) // one restart is by either signal
	r.deployed("restarted", stays)
	change := func(i int) string {
		value := fmt.Sprintf("value-of-restart-%d", i)
		r.write(".env", "TOKEN="+value+"\n")
		return value
	}
	started := time.Now()
	runs := change(0)
	r.says(r.deploy("--rotate"), 0)
	whole := time.Since(started)
	for i := 1; i <= restarts && !t.Failed(); i++ {
		signal := []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL}[(first+i)%2]
		after := time.Duration(random.Int64N(int64(whole)))
		file, value := r.stackFile(), change(i)
		timer := time.AfterFunc(after, func() { engine.Restart(t, signal) })
		got := r.deploy("--rotate", "--timeout", "3m")
		timer.Stop()
		engine.Await(t)
		t.Logf("%v after %s of %s: exit %d", signal, after, whole, got.code)
		switch now := r.token("restarted"); {
		case got.code == 0 && now == value:
			runs = value
		case got.code == 1 && now == runs && r.stackFile() == file:
		default:
			t.Errorf("%v after %s of %s: exit %d, the task reads the new value: %v, the old: %v, the stack file is as before: %v\n%s",
				signal, after, whole, got.code, now == value, now == runs, r.stackFile() == file, got.stderr)
		}
		r.notLocked("restarted")
	}
}
