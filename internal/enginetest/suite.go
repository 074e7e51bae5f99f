package enginetest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// suites are the engines of other Debian suites that this test binary started, by
// the suite's name.
//
//nolint:gochecknoglobals // one engine a suite and test binary is the point
var suites struct {
	mu      sync.Mutex
	engines map[string]*suiteEngine
}

type suiteEngine struct {
	once   sync.Once
	engine *Engine
	err    error
}

// Suite returns an engine that is made of the packages of a Debian suite (trixie,
// forky, …): a Swarm of one manager that has Image, and in CLI the suite's own docker.
// Like Shared's it is started on first use, stopped by Run, and shared by all tests of
// the binary.
//
// The packages are fetched with apt-get and unpacked into the user's cache folder, not
// installed. Where that is impossible the test skips, or fails if engines are required.
func Suite(tb testing.TB, suite string) *Engine {
	tb.Helper()
	needEngine(tb)
	if missing := whatSuiteIsMissing(); missing != "" {
		unavailable(tb, "no engine of "+suite+": "+missing)
	}
	entry := suiteOf(suite)
	entry.once.Do(func() {
		entry.engine, entry.err = startSuite(suite, startSwarm)
	})
	checkSuite(tb, suite, entry.err)
	return entry.engine
}

// startOf starts an engine of the test's own: of a suite, or the machine's if it is "".
func startOf(tb testing.TB, suite string, begin func(root string) (*Engine, error)) *Engine {
	tb.Helper()
	needEngine(tb)
	var engine *Engine
	var err error
	if suite == "" {
		engine, err = begin("")
	} else {
		if missing := whatSuiteIsMissing(); missing != "" {
			unavailable(tb, "no engine of "+suite+": "+missing)
		}
		engine, err = startSuite(suite, begin)
	}
	checkSuite(tb, suite, err)
	tb.Cleanup(engine.stop)
	return engine
}

// checkSuite ends the test if its engine could not be started.
func checkSuite(tb testing.TB, suite string, err error) {
	tb.Helper()
	var fetching *fetchError
	switch {
	case errors.As(err, &fetching):
		unavailable(tb, "no engine of "+suite+": "+err.Error())
	case err != nil:
		tb.Fatal(err)
	}
}

func suiteOf(suite string) *suiteEngine {
	suites.mu.Lock()
	defer suites.mu.Unlock()
	if suites.engines == nil {
		suites.engines = map[string]*suiteEngine{}
	}
	if suites.engines[suite] == nil {
		suites.engines[suite] = &suiteEngine{}
	}
	return suites.engines[suite]
}

func startSuite(suite string, begin func(root string) (*Engine, error)) (*Engine, error) {
	made, err := suiteFolder(suite)
	if err != nil {
		return nil, err
	}
	engine, err := begin(filepath.Join(made, "root"))
	if err != nil {
		return nil, err
	}
	engine.CLI = filepath.Join(made, "bin", "docker")
	return engine, nil
}

func stopSuites() {
	suites.mu.Lock()
	defer suites.mu.Unlock()
	for _, entry := range suites.engines {
		if entry.engine != nil {
			entry.engine.stop()
		}
	}
}

// keyring has the keys of every Debian suite.
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

func whatSuiteIsMissing() string {
	for _, program := range []string{"apt-get", "dpkg-deb", "pivot_root", "chroot"} {
		if _, err := exec.LookPath(program); err != nil {
			return program + " is not installed"
		}
	}
	if _, err := os.Stat(keyring); err != nil {
		return keyring + " is not there: the system is no Debian"
	}
	if runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" {
		return "nobody tried it on " + runtime.GOARCH
	}
	return ""
}
