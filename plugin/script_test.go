package plugin

import (
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/docker-secrets/docker-secrets/internal/schematest"
	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// TestMain makes this test binary the program as well, which the scripts run as
// docker-secrets.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"docker-secrets": func() { os.Exit(Main()) }})
}

// The program must behave as each script in testdata/script says: what it prints
// where, its exit codes, and which files it leaves.
func TestScripts(t *testing.T) {
	testdata, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	if scripts, err := filepath.Glob(filepath.Join(testdata, "script", "*.txtar")); err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join(testdata, "script"),
		UpdateScripts: *update,
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
		Condition: func(name string) (bool, error) {
			if name == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, errors.New("no such condition")
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("TESTDATA", testdata)
			vault := storetest.NewVault(t)
			server := httptest.NewServer(vault)
			env.Defer(server.Close)
			env.Setenv("VAULT_ADDR", server.URL)
			env.Setenv("VAULT_TOKEN", vault.Token)
			return nil
		},
	})
}

// exits CODE PROGRAM [ARGUMENT]… runs the program, which must exit with CODE. What
// it prints can be looked at with stdout and stderr.
func exits(script *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		script.Fatalf("usage: exits CODE PROGRAM [ARGUMENT]...")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		script.Fatalf("%s is no exit code", args[0])
	}
	got := 0
	if err := script.Exec(args[1], args[2:]...); err != nil {
		var ended *exec.ExitError
		if !errors.As(err, &ended) {
			script.Fatalf("%s: %v", args[1], err)
		}
		got = ended.ExitCode()
	}
	if got != want {
		script.Fatalf("exit code %d, want %d", got, want)
	}
	if err := schematest.Printed("..", args[1:], script.ReadFile("stdout")); err != nil {
		script.Fatalf("what it printed is not as its schema says: %v", err)
	}
}
