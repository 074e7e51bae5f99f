package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/internal/schematest"
)

// People and pipelines that deploy stacks must see and leave what each script in
// testdata/script says. Scripts run at the same time and share one engine, so that each has
// names of its own.
func TestScripts(t *testing.T) {
	t.Parallel()
	needDocker(t)
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	if scripts, err := filepath.Glob("testdata/script/*.txtar"); err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	engine := enginetest.Shared(t)
	testscript.Run(t, testscript.Params{
		Dir:  filepath.Join("testdata", "script"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
		Setup: func(env *testscript.Env) error {
			config := filepath.Join(env.WorkDir, ".docker")
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("DOCKER_CONFIG", config)
			env.Setenv("DOCKER_HOST", engine.Host)
			plugins := filepath.Join(config, "cli-plugins")
			return errors.Join(os.MkdirAll(plugins, 0o755), os.Symlink(binary, filepath.Join(plugins, "docker-secrets")))
		},
	})
}

// exits CODE PROGRAM [ARGUMENT]… runs the program, which must exit with CODE. What it
// prints can be looked at with stdout and stderr.
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
