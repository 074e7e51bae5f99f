package plugin

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/docker/cli/cli/streams"
	"github.com/google/go-cmp/cmp"
	"github.com/moby/term"

	"github.com/docker-secrets/docker-secrets/internal/terminaltest"
)

// openTerminal is a terminal: what is written to its keyboard is typed.
func openTerminal(t *testing.T) (keyboard *os.File, in *streams.In) {
	t.Helper()
	keyboard, screen := terminaltest.Open(t)
	return keyboard, streams.NewIn(screen)
}

func terminalState(t *testing.T, in *streams.In) term.State {
	t.Helper()
	state, err := term.SaveState(in.FD())
	if err != nil {
		t.Fatal(err)
	}
	return *state
}

// whenRaw calls then as soon as in waits for a key, or when ctx ends.
func whenRaw(ctx context.Context, in *streams.In, before term.State, then func()) {
	for ctx.Err() == nil {
		if now, err := term.SaveState(in.FD()); err != nil || *now != before {
			break
		}
		time.Sleep(time.Millisecond) // there is nothing to wait on for a terminal's mode
	}
	then()
}

// Single keys must come without Enter, an arrow must be none, and the terminal
// must be as it was after each.
func TestKeysComeWithoutEnter(t *testing.T) {
	keyboard, in := openTerminal(t)
	before := terminalState(t, in)
	key := terminalKeys(in)
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	for _, c := range []struct{ typed, want string }{{"s", "s"}, {"pq", "pq"}, {"\r", "\r"}, {"p\x1b[A", "p"}, {"\x03", "\x03"}} {
		go whenRaw(ctx, in, before, func() { _, _ = keyboard.WriteString(c.typed) })
		got := ""
		for range len(c.want) {
			pressed, err := key(ctx)
			if err != nil {
				t.Fatalf("%q: %v after %q", c.typed, err, got)
			}
			got += string(pressed)
			if after := terminalState(t, in); after != before {
				t.Fatalf("%q: the terminal is not as it was", c.typed)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", c.typed, diff)
		}
	}
}

// A program that is told to end while it waits for a key must give the terminal
// back as it was.
func TestEndedProgramGivesTerminalBack(t *testing.T) {
	_, in := openTerminal(t)
	before := terminalState(t, in)
	ctx, stop := context.WithCancel(t.Context())
	go whenRaw(ctx, in, before, stop)
	if _, err := terminalKeys(in)(ctx); !errors.Is(err, errNoAnswer) {
		t.Errorf("got %v, want %v", err, errNoAnswer)
	}
	if terminalState(t, in) != before {
		t.Error("the terminal is not as it was")
	}
}
