//go:build linux

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/terminaltest"
)

// On a terminal, a value that is nowhere must be asked for and not be shown, and a
// changed one be asked about; no answer but yes changes anything.
func TestTerminalAsksAndHides(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("asked", "asked_token", "asked_token_v2")
	r.write("docker-compose.prod.yml", quick("asked", stays))

	r.says(r.answer("asked_token (not shown): ", firstV+"\n"+firstV+"\n"), 0, "create asked_token from the terminal (app)")
	if got := r.token("asked"); got != firstV {
		t.Errorf("the task reads %d bytes, not what was typed", len(got))
	}
	r.write(".env", "TOKEN="+nextV+"\n")
	const question = "asked_token has a new value; the running one is asked_token. Rotate it? [y/N] "
	r.says(r.answer(question, "\n"), 0, "keep asked_token, value changed, not rotated")
	r.says(r.answer(question, "y\n"), 0, "create asked_token_v2, value changed")
	if got := r.token("asked"); got != nextV {
		t.Errorf("the task reads %d bytes, not the second value", len(got))
	}
}

// On a terminal, a source that may carry the deployer's own keys away must be asked about,
// and no answer but yes use it; what was allowed is not asked about again.
func TestTerminalAsksAboutSources(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	outside := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(outside, []byte(firstV), 0o600); err != nil {
		t.Fatal(err)
	}
	r.removeStack("carried", "carried_token")
	r.write("docker-compose.prod.yml", strings.Replace(quick("carried", stays), "env://TOKEN", "file://"+outside, 1))
	const question = "The stack file requests these values. Use them? [y/N] "
	r.says(r.answer(question, "\n"), 1, "reads "+outside+", outside the stack file's folder", "allow it with --allow-source")
	if names := r.secretNames("carried"); names != "" {
		t.Errorf("%s was created without a yes", names)
	}
	r.says(r.answer(question, "y\n"), 0, "create carried_token from file://"+outside)
	r.says(r.deploy(), 0, "keep carried_token, unchanged")
}

// answer deploys on a terminal and types text when the question is there. What the
// terminal shows comes back as the result's stderr.
func (r *rig) answer(question, text string) result {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	person, program := terminaltest.Open(r.t)
	cmd := r.command(ctx, r.proxy.Host, "secrets", "deploy", "--resolve-image", "never", "--stable", "1s")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = program, program, program
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	_ = program.Close()
	shown := &lockedBuffer{}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for chunk := make([]byte, 4096); ; {
			n, err := person.Read(chunk)
			_, _ = shown.Write(chunk[:n])
			if err != nil {
				return
			}
		}
	}()
	r.eventually(ctx, "the question", func() bool { return strings.Contains(shown.String(), question) })
	if _, err := person.WriteString(text); err != nil {
		r.t.Fatal(err)
	}
	_ = cmd.Wait()
	<-ended
	if value := strings.TrimSpace(text); len(value) > 1 && strings.Contains(shown.String(), value) {
		r.t.Error("the terminal showed what was typed")
	}
	return result{cmd.ProcessState.ExitCode(), "", wrapped.ReplaceAllString(shown.String(), " ")}
}

// wrapped is a line end within a sentence, where the terminal's width ends.
var wrapped = regexp.MustCompile(`\r?\n {2,}`)
