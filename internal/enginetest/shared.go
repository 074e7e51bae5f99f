package enginetest

import (
	"flag"
	"os"
	"strconv"
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

// atOnce is how many parallel tests run at once unless -parallel says otherwise:
// more than there are cores, because tests of an engine mostly wait for it.
const atOnce = 6

// Run runs the tests of m and stops the engine that Shared started, if any. It
// returns the exit code for TestMain to pass to os.Exit.
func Run(m *testing.M) int {
	flag.Parse()
	if !isSet("test.parallel") {
		if err := flag.Set("test.parallel", strconv.Itoa(atOnce)); err != nil {
			panic(err) // the testing package has no such flag any more
		}
	}
	code := m.Run()
	if shared.engine != nil {
		shared.engine.stop()
	}
	stopSuites()
	return code
}

func isSet(name string) bool {
	found := false
	flag.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

// Shared returns the engine of this test binary: a Swarm of one manager that
// has Image. It is started on first use and stopped by Run. Tests that use it
// share its state and pick stack and secret names of their own.
func Shared(tb testing.TB) *Engine {
	tb.Helper()
	needEngine(tb)
	shared.once.Do(func() {
		shared.engine, shared.err = startSwarm("")
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
	return startOf(tb, "", start)
}

// StartSwarm returns an engine like Shared's, but of the test's own: for a test
// that changes more of it than stacks. It stops when the test ends.
func StartSwarm(tb testing.TB) *Engine {
	tb.Helper()
	return StartSwarmOf(tb, "")
}

// StartSwarmOf is StartSwarm with the engine of a Debian suite; "" is the machine's.
func StartSwarmOf(tb testing.TB, suite string) *Engine {
	tb.Helper()
	return startOf(tb, suite, startSwarm)
}

// needEngine skips the test with -short, and where there is no engine.
func needEngine(tb testing.TB) {
	tb.Helper()
	if testing.Short() {
		tb.Skip("-short: no engine is started")
	}
	if missing := whatIsMissing(); missing != "" {
		unavailable(tb, "no engine: "+missing)
	}
}

// unavailable skips the test, or fails it where engines must be there.
func unavailable(tb testing.TB, reason string) {
	tb.Helper()
	if os.Getenv(requireEnv) == "1" { //nolint:forbidigo // a switch for the test run
		tb.Fatalf("%s=1, but there is %s", requireEnv, reason)
	}
	tb.Skip(reason)
}

func startSwarm(root string) (*Engine, error) {
	engine, err := start(root)
	if err != nil {
		return nil, err
	}
	if err := engine.prepare(); err != nil {
		engine.stop()
		return nil, err
	}
	return engine, nil
}
