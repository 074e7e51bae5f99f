package plugin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/docker/cli/cli/command"
	"github.com/moby/term"

	"github.com/docker-secrets/docker-secrets/secret"
)

var errNoAnswer = errors.New("no answer; nothing was changed")

// confirm asks a question on the terminal. Anything but yes is no.
func confirm(ctx context.Context, dockerCLI command.Cli, question string) (bool, error) {
	_, _ = fmt.Fprintf(people(dockerCLI), "%s [y/N] ", question)
	line, err := readLine(ctx, dockerCLI.In())
	if err != nil {
		return false, err
	}
	answer := strings.ToLower(strings.TrimSpace(line))
	return answer == "y" || answer == "yes", nil
}

// askValue reads a value from the terminal, which does not show it, twice: nobody sees a
// typing mistake.
func askValue(ctx context.Context, dockerCLI command.Cli, name string) (secret.Value, error) {
	fd := dockerCLI.In().FD()
	state, err := term.SaveState(fd)
	// Before the question: who answers fast must not be shown either.
	if err != nil || term.DisableEcho(fd, state) != nil {
		return secret.Value{}, fmt.Errorf("%s: the terminal cannot hide what is typed; give the value on stdin: --set %s=-", name, name)
	}
	defer func() { _ = term.RestoreTerminal(fd, state) }()
	value, err := askLine(ctx, dockerCLI, name+" (not shown): ")
	if err != nil {
		return secret.Value{}, err
	}
	first, err := notEmpty(name, value)
	if err != nil {
		return secret.Value{}, err
	}
	again, err := askLine(ctx, dockerCLI, name+" again: ")
	if err != nil {
		return secret.Value{}, err
	}
	if second, fault := notEmpty(name, again); fault != nil || !second.Equal(first) {
		return secret.Value{}, fmt.Errorf("%s: the two values differ; nothing was changed", name)
	}
	return first, nil
}

// askLine asks a question and reads the answer, whose line end the terminal does not show.
func askLine(ctx context.Context, dockerCLI command.Cli, question string) (string, error) {
	_, _ = fmt.Fprint(people(dockerCLI), question)
	line, err := readLine(ctx, dockerCLI.In())
	_, _ = fmt.Fprintln(dockerCLI.Err())
	return line, err
}

// readValue reads a value from stdin, all of it but a line end at its end, which
// echo adds and no password has. On a terminal it asks for one.
func readValue(ctx context.Context, dockerCLI command.Cli, name string) (secret.Value, error) {
	if dockerCLI.In().IsTerminal() {
		return askValue(ctx, dockerCLI, name)
	}
	// One byte more than fits with its line end, so that too much is refused and not cut.
	content, err := untilInterrupted(ctx, func() ([]byte, error) { return io.ReadAll(io.LimitReader(dockerCLI.In(), secret.MaxSize+3)) })
	if errors.Is(err, errInterrupted) {
		return secret.Value{}, err
	}
	if err != nil {
		return secret.Value{}, fmt.Errorf("%s: stdin cannot be read", name)
	}
	return notEmpty(name, string(content))
}

func notEmpty(name, text string) (secret.Value, error) {
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	if text == "" {
		return secret.Value{}, fmt.Errorf("%s: no value was given", name)
	}
	return secret.NewValue(text), nil
}

// readLine reads up to a line end and not a byte further, because more may be
// asked. It gives up when ctx ends; the reading itself then ends with the program.
func readLine(ctx context.Context, in io.Reader) (string, error) {
	type result struct {
		line string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		var line []byte
		for typed := make([]byte, 1); ; {
			n, err := in.Read(typed)
			if n > 0 && typed[0] == '\n' {
				done <- result{line: string(line)}
				return
			}
			line = append(line, typed[:n]...)
			if err != nil {
				done <- result{err: errNoAnswer}
				return
			}
		}
	}()
	select {
	case <-ctx.Done():
		return "", errNoAnswer
	case got := <-done:
		return got.line, got.err
	}
}
