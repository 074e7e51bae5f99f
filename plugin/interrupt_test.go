//go:build unix

package plugin

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// SIGINT and SIGTERM must end a command while it reads what never comes.
func TestSignalsEndReading(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
	}{
		{"migrate", []string{"migrate", "--offline", "-f", "-"}},
		{"migrate --check", []string{"migrate", "--offline", "--check", "-f", "-"}},
		{"migrate --diff", []string{"migrate", "--offline", "--diff", "-f", "-"}},
		{"check", []string{"check", "-f", "-"}},
	} {
		for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
			t.Run(c.name+" "+signal.String(), func(t *testing.T) {
				t.Parallel()
				endsBy(t, signal, t.TempDir(), c.args...)
			})
		}
	}
}

// pipeSize is more than a pipe holds: who has written it knows that somebody reads.
const pipeSize = 1<<20 + 1

// endsBy runs the program with a stdin that does not end, sends it signal as soon as it
// reads, and fails if it does not end.
func endsBy(t *testing.T, signal os.Signal, dir string, args ...string) {
	t.Helper()
	program := linkedProgram(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stdin.Close() }()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err = cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err = stdin.Write(bytes.Repeat([]byte("#\n"), pipeSize)); err != nil {
		t.Fatal(err)
	}
	if err = cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	var ended *exec.ExitError
	if ctx.Err() != nil || !errors.As(err, &ended) || ended.ExitCode() != exitFailed || strings.TrimSpace(stderr.String()) != "interrupted" {
		t.Errorf("%v, %q; want exit code %d and the word interrupted", err, stderr.String(), exitFailed)
	}
}
