package swarm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Bounds of retry. A manager that waits for a new leader answers after up to 25
// seconds, so one call must be allowed longer than that.
const (
	callTimeout  = 45 * time.Second
	retryTimeout = 2 * time.Minute // where ctx has no deadline
	firstPause   = 100 * time.Millisecond
	longestPause = 3 * time.Second
)

// retry calls call until it succeeds, fails for good, or ctx ends; then the
// error is call's last one. The pauses between the tries grow.
func retry[T any](ctx context.Context, call func(context.Context) (T, error)) (T, error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, retryTimeout)
		defer cancel()
	}
	var f failures
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		try := slowly[T]
		if f.last != nil {
			try = tryOnce[T] // the reason was said
		}
		result, err := try(ctx, call)
		if err == nil {
			f.over(ctx)
			return result, nil
		}
		if final := f.add(ctx, err); final != nil {
			return result, final
		}
		if !sleep(ctx, pause) {
			return result, gaveUp(ctx, f.last)
		}
	}
}

// failures are those of one call that is tried again.
type failures struct {
	last    error     // before ctx ended
	outside time.Time // since when the daemon says that it is in no Swarm
}

// add notes err and says what is waited for. It returns the error that ends the tries, or
// nil.
func (f *failures) add(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil //nolint:nilerr // the pause that follows ends with ctx
	}
	if !transient(err) {
		return err
	}
	f.last = err
	because(ctx, reasonOf(err))
	switch {
	case !isOutside(err):
		f.outside = time.Time{}
	case f.outside.IsZero():
		f.outside = time.Now()
	case time.Since(f.outside) > outsideTimeout:
		return errLeft
	}
	return nil
}

// over says that nothing is waited for any more.
func (f *failures) over(ctx context.Context) {
	if f.last != nil {
		because(ctx, "")
	}
}

func tryOnce[T any](ctx context.Context, call func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return call(ctx)
}

// gaveUp returns the error of a retry that ctx ended. One that was cancelled needs no
// explanation; one that ran out of time does.
func gaveUp(ctx context.Context, last error) error {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return context.Cause(ctx)
	case last == nil:
		return fmt.Errorf("the swarm did not answer in time: %w", ctx.Err())
	}
	return fmt.Errorf("the swarm did not recover in time: %w", last)
}

// sleep returns false when ctx ended first.
func sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
