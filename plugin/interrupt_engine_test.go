//go:build unix

package plugin

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
)

// waitingStack is a stack file with one secret, as migrate writes it.
const waitingStack = `services: {app: {image: "nginx:1", secrets: [db_password]}}
secrets: {db_password: {external: true, name: shop_db_password, x-from: "env://DB_PASSWORD"}}
x-stack: shop
`

// SIGINT and SIGTERM must end a command while it waits for an Engine that never answers. One
// that has changed nothing yet may say so, and one that handles no signal ends by it.
func TestSignalsEndWaiting(t *testing.T) {
	for name, args := range map[string][]string{
		"deploy":           {"deploy", "-c", "stack.yml", "shop"},
		"deploy --dry-run": {"deploy", "--dry-run", "-c", "stack.yml", "shop"},
		"create":           {"create", "-c", "stack.yml", "shop"},
		"diff":             {"diff", "-c", "stack.yml", "shop"},
		"ls":               {"ls"},
		"prune":            {"prune", "--force", "shop"},
		"rotate":           {"rotate", "-c", "stack.yml", "--generate=20", "shop", "db_password"},
		"graph":            {"graph", "shop", "-c", "stack.yml"},
		"migrate":          {"migrate", "-f", "compose.yml"},
	} {
		for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
			t.Run(name+" "+signal.String(), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				filetest.Write(t, dir, "stack.yml", waitingStack)
				filetest.Write(t, dir, "compose.yml", "services: {app: {image: 'unknown.invalid/app:1', environment: {DB_PASSWORD: Kx8Qm2LwTz5}}}\n")
				endsWhileWaiting(t, signal, dir, args...)
			})
		}
	}
}

// endsWhileWaiting runs the program with an Engine that takes connections and answers
// nothing, sends it signal as soon as it has asked, and fails if it does not end.
func endsWhileWaiting(t *testing.T, signal os.Signal, dir string, args ...string) {
	t.Helper()
	folder, err := os.MkdirTemp("", "e") //nolint:usetesting // the path of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	engine, err := new(net.ListenConfig).Listen(t.Context(), "unix", filepath.Join(folder, "s"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	asked := make(chan net.Conn, 100)
	go func() {
		for {
			connection, fault := engine.Accept()
			if fault != nil {
				return
			}
			asked <- connection
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := asProgram(ctx, t, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "DOCKER_HOST=unix://"+filepath.Join(folder, "s"), "DB_PASSWORD=Kx8Qm2LwTz5", "DOCKER_CONFIG="+folder)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err = cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case <-asked:
	case err = <-done:
		t.Fatalf("it did not ask the Engine: %v, %s", err, stderr.String())
	}
	if err = cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	err = <-done
	var ended *exec.ExitError
	said := strings.TrimSpace(stderr.String())
	words := []string{"interrupted", "stopped; nothing was changed on the swarm"}
	bySignal := errors.As(err, &ended) && ended.ExitCode() < 0 && ctx.Err() == nil
	if !bySignal && (!errors.As(err, &ended) || ended.ExitCode() != exitFailed || !slices.Contains(words, said)) {
		t.Errorf("%v, %q; want exit code %d and one of %q", err, said, exitFailed, words)
	}
}

// asProgram is this test binary as the program (TestMain), with args.
func asProgram(ctx context.Context, t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path := filepath.Join(t.TempDir(), "docker-secrets")
	test, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err = os.Symlink(test, path); err != nil {
		t.Fatal(err)
	}
	return exec.CommandContext(ctx, path, args...)
}
