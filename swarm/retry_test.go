package swarm

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/api/types/system"
	"github.com/docker/docker/client"
)

// daemonError is what the client makes of an answer of the Engine.
func daemonError(text string) error { return errors.New("Error response from daemon: " + text) }

// Answers of a Swarm that elects a leader must be tried again, all others not.
func TestTransientAnswersAreToldFromFinal(t *testing.T) {
	for text, want := range map[string]bool{
		"rpc error: code = DeadlineExceeded desc = context deadline exceeded":                                   true,
		"rpc error: code = Unknown desc = context deadline exceeded":                                            true,
		"rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few":         true,
		"rpc error: code = Unknown desc = raft: failed to process the request: node lost leader status":         true,
		"rpc error: code = Unavailable desc = transport is closing":                                             true,
		`rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing`:         true,
		"This node is not a swarm manager. Manager is being prepared or has trouble connecting to the cluster.": true,
		"rpc error: code = Unavailable desc = error reading from server: EOF":                                   true,
		"rpc error: code = Unknown desc = stream terminated by RST_STREAM with error code: CANCEL":              true,

		"This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state.": false,
		`This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect`:   true, // a daemon that stops
		"Swarm is encrypted and needs to be unlocked before it can be used.":                            false,
		"network app_default not found":                                              false,
		"rpc error: code = InvalidArgument desc = secret data must be larger than 0": false,
		"rpc error: code = Unknown desc = update out of sequence":                    false,
	} {
		if got := transient(daemonError(text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// A transient error must be waited out, a final one returned at once.
func TestRetryWaitsOutTransientErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		answer := func(errs ...error) func(context.Context) (int, error) {
			calls = 0
			return func(context.Context) (int, error) {
				calls++
				return calls, errs[min(calls, len(errs))-1]
			}
		}
		closing := daemonError("rpc error: code = Unavailable desc = transport is closing")
		if n, err := retry(t.Context(), answer(closing, closing, nil)); n != 3 || err != nil {
			t.Errorf("%d calls, %v", n, err)
		}
		if _, err := retry(t.Context(), answer(daemonError("no"), nil)); err == nil || calls != 1 {
			t.Errorf("%d calls, %v", calls, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if _, err := retry(ctx, answer(closing)); err == nil || !strings.Contains(err.Error(), "did not recover in time: Error response from daemon") || calls < 4 {
			t.Errorf("%d calls, %v", calls, err)
		}
	})
}

// What is wrong with a daemon must be one line that says what to do.
func TestNoManagerIsOneLine(t *testing.T) {
	for _, tt := range []struct {
		info swarm.Info
		err  error
	}{
		{swarm.Info{LocalNodeState: swarm.LocalNodeStateActive, ControlAvailable: true}, nil},
		{swarm.Info{LocalNodeState: swarm.LocalNodeStateActive}, errWorker},
		{swarm.Info{LocalNodeState: swarm.LocalNodeStateInactive}, errNoSwarm},
		{swarm.Info{LocalNodeState: swarm.LocalNodeStateLocked}, errLocked},
		{swarm.Info{LocalNodeState: swarm.LocalNodeStatePending}, nil},
	} {
		api := &fakeAPI{t: t, info: func() (system.Info, error) { return system.Info{Swarm: tt.info}, nil }}
		if err := checkManager(t.Context(), api); !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, want %v", tt.info.LocalNodeState, err, tt.err)
		}
	}
}

// A daemon that was a manager when the run began must be waited for, whatever it says
// while it restarts.
func TestManagerThatRestartsIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		active := swarm.Info{LocalNodeState: swarm.LocalNodeStateActive, ControlAvailable: true}
		answers := []swarm.Info{
			active, {LocalNodeState: swarm.LocalNodeStateInactive}, {LocalNodeState: swarm.LocalNodeStateActive}, active,
		}
		calls := 0
		api := NewSession(&fakeAPI{t: t, info: func() (system.Info, error) {
			calls++
			return system.Info{Swarm: answers[calls-1]}, nil
		}})
		for range 2 {
			if err := checkManager(t.Context(), api); err != nil {
				t.Error(err)
			}
		}
		if calls != len(answers) {
			t.Errorf("%d calls", calls)
		}
	})
}

// A daemon that left its Swarm for good must be said to have left it, and no advice be
// given to make another.
func TestManagerThatLeftIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := retry(t.Context(), func(context.Context) (int, error) {
			return 0, daemonError(`This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect`)
		})
		if err = explain(err, &fakeAPI{t: t}); !errors.Is(err, errLeft) {
			t.Errorf("error %v", err)
		}
	})
}

// The final answers of a daemon must become the lines that say what to do.
func TestFinalAnswersSayWhatToDo(t *testing.T) {
	api := &fakeAPI{t: t}
	for text, want := range map[string]error{
		"This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state.": errWorker,
		`This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect`:   errNoSwarm,
		"Swarm is encrypted and needs to be unlocked before it can be used.":                            errLocked,
	} {
		if err := explain(daemonError(text), api); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
}

// A daemon that is not there must be named with its address, at once.
func TestUnreachableDaemonIsNamed(t *testing.T) {
	api, err := client.NewClientWithOpts(client.WithHost("unix:///nonexistent/docker.sock"), client.WithAPIVersionNegotiation())
	if err != nil {
		t.Fatal(err)
	}
	_, err = Observe(t.Context(), api, "app")
	const want = "docker daemon at unix:///nonexistent/docker.sock: cannot be reached; start it, or choose another with docker --context or DOCKER_HOST"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
}
