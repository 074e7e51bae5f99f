package swarm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/docker/docker/client"
)

// Bounds of retry. A manager that waits for a new leader answers after up to 25
// seconds, so one call must be allowed longer than that.
const (
	callTimeout  = 45 * time.Second
	retryTimeout = 2 * time.Minute // where ctx has no deadline
	firstPause   = 100 * time.Millisecond
	longestPause = 3 * time.Second
)

// transientTexts are answers of a Swarm that elects a leader or of a manager that
// restarts, seen on Engines 20.10 and 29. Their status is the one of final
// answers (500 and 503), so only the text tells.
//
//nolint:gochecknoglobals // a table, never written
var transientTexts = []string{
	"context deadline exceeded",
	"The swarm does not have a leader",
	"node lost leader status",
	"Manager is being prepared or has trouble connecting to the cluster",
	"code = Unavailable",
	"transport is closing",
	"stream terminated by RST_STREAM",
}

// errAgain marks an error after which a call is tried again although its text
// does not ask for it.
var errAgain = errors.New("try again")

// transient reports whether the same call may pass later. It is for calls after a first
// success: a connection that fails then is a daemon that restarts.
func transient(err error) bool {
	if errors.Is(err, errAgain) || client.IsErrConnectionFailed(err) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	for _, text := range transientTexts {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// retry calls call until it succeeds, fails for good, or ctx ends; then the
// error is call's last one. The pauses between the tries grow.
func retry[T any](ctx context.Context, call func(context.Context) (T, error)) (T, error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, retryTimeout)
		defer cancel()
	}
	var last error
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
		}
		if !sleep(ctx, pause) {
			return result, gaveUp(ctx, last)
		}
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
