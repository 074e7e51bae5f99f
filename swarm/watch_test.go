package swarm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/docker/docker/api/types/container"
	types "github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"
)

// film is a fake Swarm that shows one picture after another.
func film(t *testing.T, service types.Service, pictures ...string) *fakeAPI {
	t.Helper()
	shown := 0
	return &fakeAPI{
		t:           t,
		serviceList: func() ([]types.Service, error) { return []types.Service{service}, nil },
		taskList: func() ([]types.Task, error) {
			shown++
			return tasks(service, pictures[min(shown, len(pictures))-1]), nil
		},
		taskLogs: func(string) (io.ReadCloser, error) { return nil, errors.New("no log") },
	}
}

const (
	bothRun = "1/new/running/running 2/new/running/running"
	oneFell = "1/new/running/running 2/new/failed/shutdown 2/new/ready/ready"
	itsBack = "1/new/running/running 2/new/failed/shutdown 2/new/running/running"
)

// progressText is one line of a watch.
func progressText(p Progress) string {
	return fmt.Sprintf("%s %s %d/%d %s %s %v", p.Service, p.State, p.Running, p.Wanted, p.Lasts, p.Detail, p.Done)
}

// A watch must not end before the tasks have run for the stable time, and must then show
// no error of a task that was replaced.
func TestWatchWaitsUntilTasksAreStable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var lines []string
		stable, err := Watch(t.Context(), film(t, judged(), "", bothRun, bothRun, oneFell, itsBack), "app", WatchOptions{
			Report: func(p Progress) { lines = append(lines, progressText(p)) },
		})
		if err != nil || stable != DefaultStable {
			t.Fatal(stable, err)
		}
		if took := time.Since(start); took != 4*pollInterval+DefaultStable {
			t.Errorf("took %s", took)
		}
		want := []string{
			"web starting 0/2 0s  false", "web starting 2/2 10s  false",
			"web starting 1/2 0s task: non-zero exit (1) false", "web starting 2/2 10s  false",
			"web running 2/2 10s  true",
		}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// A time that is given must be kept, whatever the service says.
func TestWatchKeepsGivenStableTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if _, err := Watch(t.Context(), film(t, judged(), bothRun), "app", WatchOptions{Stable: 2 * time.Second}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

// A service that keeps failing must end the watch when patience is over, with the task's error.
func TestWatchGivesUpOnWhatKeepsFailing(t *testing.T) {
	const again = " 2/new/failed/shutdown"
	for name, tt := range map[string]struct {
		service  types.Service
		pictures []string
		want     string
		after    time.Duration
	}{
		"crash loop": {
			judged(),
			[]string{oneFell, oneFell + again + " 2/new/ready/ready", oneFell + again + again + " 2/new/ready/ready"},
			"web: task web.2: task: non-zero exit (1) (3 times; --patience waits longer)", DefaultPatience,
		},
		"no node": {
			judged(),
			[]string{"1/new/running/running 2/new/pending/running"},
			"web: task web.2: no suitable node (for 30s; --patience waits longer)", DefaultPatience,
		},
		"no image, and an Engine that goes on trying": {
			judged(update(types.UpdateStateUpdating, 0)),
			[]string{"1/old/running/running 2/new/preparing/running"},
			"web: task web.2: No such image (for 30s; --patience waits longer)", DefaultPatience,
		},
		"global without a node": {
			judged(global),
			[]string{""},
			"web: no node fits its placement, so that no task runs (for 30s; --patience waits longer)", DefaultPatience,
		},
		"one-shot": {judged(never), []string{"1/new/complete/shutdown 2/new/failed/shutdown"}, "web: task web.2: task: non-zero exit (1)", 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				_, err := Watch(t.Context(), film(t, tt.service, tt.pictures...), "app", WatchOptions{})
				if err == nil || err.Error() != tt.want {
					t.Errorf("error %v, want %s", err, tt.want)
				}
				if took := time.Since(start); took != tt.after {
					t.Errorf("took %s", took)
				}
			})
		})
	}
}

// Two failures are not enough to give up, and a task that a daemon lost is none.
func TestWatchIsPatientWithFewFailures(t *testing.T) {
	for name, pictures := range map[string][]string{
		"once": {oneFell}, "lost": {"1/new/running/running 2/new/lost/shutdown 2/new/lost/shutdown 2/new/lost/shutdown 2/new/ready/ready"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
				defer cancel()
				start := time.Now()
				if _, err := Watch(ctx, film(t, judged(), pictures...), "app", WatchOptions{}); err == nil || time.Since(start) != 10*time.Minute {
					t.Errorf("after %s: error %v", time.Since(start), err)
				}
			})
		})
	}
}

// A service that was removed or changed by somebody else must have failed.
func TestWatchRemembersWhatWasDeployed(t *testing.T) {
	other := judged()
	other.Spec.TaskTemplate = taskSpec("other")
	recreated := judged()
	recreated.ID = "s2"
	const removed = "web: it was removed meanwhile"
	for name, tt := range map[string]struct {
		then []types.Service
		want string
	}{
		"removed":        {nil, removed},
		"made again":     {[]types.Service{recreated}, removed},
		"changed":        {[]types.Service{other}, "web: its specification was changed meanwhile"},
		"scaled to zero": {[]types.Service{judged(zero)}, "web: its specification was changed meanwhile"},
		"rolled back":    {[]types.Service{judged(manually)}, "web: " + manual},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, shown := film(t, judged(), bothRun), 0
				api.serviceList = func() ([]types.Service, error) {
					if shown++; shown == 1 {
						return []types.Service{judged()}, nil
					}
					return tt.then, nil
				}
				if _, err := Watch(t.Context(), api, "app", WatchOptions{}); err == nil || err.Error() != tt.want {
					t.Errorf("error %v, want %s", err, tt.want)
				}
			})
		})
	}
}

// A service of the stack file that is not there at all must have failed.
func TestWatchMissesServiceThatWasDeployed(t *testing.T) {
	_, err := Watch(t.Context(), film(t, judged(), bothRun), "app", WatchOptions{Deployed: []string{"web", "worker"}})
	if want := "worker: it was removed meanwhile"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// An update that the Engine paused though no task failed must be taken up again, with the
// spec that was deployed.
func TestWatchTakesUpdateUpAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := judged(pausedFor)
		api := film(t, service, "1/new/running/shutdown 2/old/running/running")
		var updates int
		api.serviceList = func() ([]types.Service, error) { return []types.Service{service}, nil }
		api.serviceUpdate = func(id string, _ types.Version, spec types.ServiceSpec) error {
			if diff := cmp.Diff(judged().Spec, spec); diff != "" || id != "s" {
				t.Errorf("service %s (-want +got):\n%s", id, diff)
			}
			updates++
			service.UpdateStatus = nil
			api.taskList = func() ([]types.Task, error) { return tasks(service, bothRun), nil }
			return nil
		}
		if _, err := Watch(t.Context(), api, "app", WatchOptions{}); err != nil || updates != 1 {
			t.Errorf("%d updates, error %v", updates, err)
		}
	})
}

// The reason that is shown must be that of a slot which is not there, since the deploy.
func TestWatchShowsReasonOfMissingSlot(t *testing.T) {
	for name, tt := range map[string]struct{ before, now, want string }{
		"a crash before the deploy": {"2/new/failed/shutdown", "2/new/failed/shutdown 1/new/running/running 2/new/pending/running", "no suitable node"},
		"a crash of another slot":   {"", "1/new/failed/shutdown 1/new/running/running 2/new/pending/running", "no suitable node"},
		"lost by its daemon":        {"", "1/new/lost/shutdown 1/new/running/running 2/new/starting/running", ""},
		"all there":                 {"", itsBack, ""},
	} {
		service := judged()
		before := newMemory(State{Tasks: tasks(service, tt.before)})
		v := judge(service, tasks(service, tt.now), before.remember(service).past(false))
		if v.progress.Detail != tt.want {
			t.Errorf("%s: %q, want %q", name, v.progress.Detail, tt.want)
		}
	}
}

// The time that tasks have to run must follow what the service says, and leave a deadline alone.
func TestStablePeriodFollowsService(t *testing.T) {
	checked := func(start, interval time.Duration, retries int) func(*types.Service) {
		return func(s *types.Service) {
			s.Spec.TaskTemplate.ContainerSpec.Healthcheck = &container.HealthConfig{Test: []string{"CMD", "x"}, StartPeriod: start, Interval: interval, Retries: retries}
		}
	}
	monitored := func(s *types.Service) { s.Spec.UpdateConfig = &types.UpdateConfig{Monitor: 40 * time.Second} }
	for name, tt := range map[string]struct {
		service    types.Service
		left, want time.Duration
	}{
		"nothing said":                 {judged(), 0, 10 * time.Second},
		"monitor":                      {judged(monitored), 0, 40 * time.Second},
		"healthcheck":                  {judged(checked(20*time.Second, 5*time.Second, 4)), 0, 40 * time.Second},
		"healthcheck with defaults":    {judged(checked(0, 0, 0)), 5 * time.Minute, 90 * time.Second},
		"healthcheck and little time":  {judged(checked(0, 0, 0)), time.Minute, 30 * time.Second},
		"monitor and very little time": {judged(monitored), time.Minute, 40 * time.Second},
	} {
		if got := stablePeriod(tt.service, tt.left); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// A cancelled watch must say nothing but that.
func TestCancelledWatchSaysOnlyThat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Second, cancel)
		if _, err := Watch(ctx, film(t, judged(), oneFell), "app", WatchOptions{}); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

// A service that the deploy did not touch must not be waited for, one without a change not long.
func TestWatchSkipsUntouchedServices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		service := judged()
		if _, err := Watch(t.Context(), film(t, service, oneFell), "app", WatchOptions{Before: State{Services: []types.Service{service}}}); err != nil {
			t.Error(err)
		}
		before := State{Services: []types.Service{service}, Tasks: tasks(service, bothRun)}
		service.Version.Index++
		if _, err := Watch(t.Context(), film(t, service, bothRun), "app", WatchOptions{Before: before}); err != nil {
			t.Error(err)
		}
		if time.Since(start) != 0 {
			t.Errorf("took %s", time.Since(start))
		}
	})
}
