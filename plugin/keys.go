package plugin

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/docker/cli/cli/streams"
	"github.com/moby/term"
)

// readKey waits for one key on the terminal. Its error is errNoAnswer if none can come:
// the terminal is gone, or ctx ended.
type readKey func(ctx context.Context) (byte, error)

// The keys that end a program, which a terminal in raw mode hands to it instead.
const (
	ctrlC  = 0x03
	ctrlD  = 0x04
	escape = 0x1b
)

// errNotRaw says that the terminal hands over whole lines only.
var errNotRaw = errors.New("--interactive: the terminal does not give single keys; decide with --secret and --plain")

// terminalKeys reads keys from in. The terminal is in raw mode only while a key is
// waited for, and as it was whenever the function has returned.
func terminalKeys(in *streams.In) readKey {
	var typed []byte // keys that came at once
	return func(ctx context.Context) (byte, error) {
		for len(typed) == 0 {
			var err error
			if typed, err = readRaw(ctx, in); err != nil {
				return 0, err
			}
		}
		pressed := typed[0]
		typed = typed[1:]
		return pressed, nil
	}
}

func readRaw(ctx context.Context, in *streams.In) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, errNoAnswer
	}
	state, err := term.SetRawTerminal(in.FD())
	if err != nil {
		return nil, errNotRaw
	}
	defer func() { _ = term.RestoreTerminal(in.FD(), state) }()
	return readTyped(ctx, in)
}

// readTyped reads what was typed, at least one byte, up to the first key that is
// more than a byte: an arrow must not answer by the letters of its sequence. It
// gives up when ctx ends; the reading itself then ends with the program.
func readTyped(ctx context.Context, in io.Reader) ([]byte, error) {
	type result struct {
		typed []byte
		err   error
	}
	done := make(chan result, 1)
	go func() {
		buffer := make([]byte, 64)
		n, err := in.Read(buffer)
		if n > 0 {
			err = nil
		}
		done <- result{buffer[:n], err}
	}()
	select {
	case <-ctx.Done():
		return nil, errNoAnswer
	case got := <-done:
		if got.err != nil {
			return nil, errNoAnswer
		}
		if i := slices.Index(got.typed, escape); i >= 0 {
			return got.typed[:i], nil
		}
		return got.typed, nil
	}
}
