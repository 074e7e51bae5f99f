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
	var last error
	var outside time.Time // since when the daemon is in no Swarm
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		result, err := tryOnce(ctx, call)
		if err == nil {
			return result, nil
		}
		if ctx.Err() == nil && !transient(err) {
			return result, err
		}
		if ctx.Err() == nil {
			last = err
			if outside = since(outside, isOutside(err)); !outside.IsZero() && time.Since(outside) > outsideTimeout {
				return result, errLeft
			}
		}
		if !sleep(ctx, pause) {
			return result, gaveUp(ctx, last)
		}
	}
}

// since returns since when a condition holds that holds now or not; earlier is what it
// returned before, the zero time for not at all.
func since(earlier time.Time, holds bool) time.Time {
	switch {
	case !holds:
		return time.Time{}
	case earlier.IsZero():
		return time.Now()
	}
	return earlier
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
