package plugin

import (
	"context"
	"errors"
)

// errInterrupted is the error of a command that a signal has ended.
var errInterrupted = errors.New("interrupted")

// untilInterrupted runs f and returns what it returns, or errInterrupted as soon as ctx
// ends. f is then left to itself, and ends with the program: it must change nothing that
// has to be put back.
func untilInterrupted[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := f()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var nothing T
		return nothing, errInterrupted
	}
}

// reading runs a command that changes nothing but, at its end, one file as a whole.
func reading(ctx context.Context, f func() error) error {
	_, err := untilInterrupted(ctx, func() (struct{}, error) { return struct{}{}, f() })
	return err
}

// orInterrupted is err, or errInterrupted for one that a signal is the reason of: what the
// client of the Engine says of it quotes the request.
func orInterrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return errInterrupted
	}
	return err
}
