package enginetest

import (
	"os"
	"sync"
	"testing"
)

// requireEnv turns "no engine here" from a skip into a failure when it is "1".
const requireEnv = "DOCKER_SECRETS_REQUIRE_ENGINE"

//nolint:gochecknoglobals // one engine a test binary is the point
var shared struct {
	once   sync.Once
	engine *Engine
	err    error
}

// Run runs the tests of m and stops the engine that Shared started, if any. It
// returns the exit code for TestMain to pass to os.Exit.
func Run(m *testing.M) int {
	code := m.Run()
	if shared.engine != nil {
		shared.engine.stop()
	}
	return code
}

// Shared returns the engine of this test binary: a Swarm of one manager that
// has Image. It is started on first use and stopped by Run. Tests that use it
// share its state and pick stack and secret names of their own.
func Shared(tb testing.TB) *Engine {
	tb.Helper()
	needEngine(tb)
	shared.once.Do(func() {
		shared.engine, shared.err = startSwarm()
	})
	if shared.err != nil {
		tb.Fatal(shared.err)
	}
	return shared.engine
}

// Start returns an engine of the test's own which is in no Swarm and has no
// image. It stops when the test ends.
func Start(tb testing.TB) *Engine {
	tb.Helper()
	needEngine(tb)
	engine, err := start()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(engine.stop)
	return engine
}

func needEngine(tb testing.TB) {
	tb.Helper()
	missing := whatIsMissing()
	if missing == "" {
		return
	}
	if os.Getenv(requireEnv) == "1" { //nolint:forbidigo // a switch for the test run
		tb.Fatalf("%s=1, but there is no engine: %s", requireEnv, missing)
	}
	tb.Skipf("no engine: %s", missing)
}

func startSwarm() (*Engine, error) {
	engine, err := start()
	if err != nil {
		return nil, err
	}
	if err := engine.prepare(); err != nil {
		engine.stop()
		return nil, err
	}
	return engine, nil
}
