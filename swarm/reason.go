package swarm

import (
	"context"
	"errors"
	"time"

	"github.com/docker/docker/client"
)

type reasonKey struct{}

// WithReasons returns ctx for calls that may have to wait for the Swarm: they call say with
// the reason, and with "" when the wait is over. say may be called at the same time.
func WithReasons(ctx context.Context, say func(why string)) context.Context {
	return context.WithValue(ctx, reasonKey{}, say)
}

func because(ctx context.Context, why string) {
	if say, ok := ctx.Value(reasonKey{}).(func(string)); ok {
		say(why)
	}
}

// slowAnswer is when a call is said to wait for its answer.
const slowAnswer = time.Second

// slowly returns what call does, and says so if that takes long.
func slowly[T any](ctx context.Context, call func(context.Context) (T, error)) (T, error) {
	timer := time.AfterFunc(slowAnswer, func() { because(ctx, "it does not answer yet") })
	result, err := tryOnce(ctx, call)
	if !timer.Stop() {
		because(ctx, "")
	}
	return result, err
}

// reasonOf returns why a call that failed with err is tried again, for people.
func reasonOf(err error) string {
	known := answerTo(err)
	switch {
	case known != nil && known.why != "":
		return known.why
	case client.IsErrConnectionFailed(err):
		return "the daemon does not answer"
	case errors.Is(err, context.DeadlineExceeded):
		return "the swarm does not answer"
	}
	return err.Error()
}
