package swarm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/docker/docker/api/types/filters"
	types "github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/secret"
)

// pollInterval is how often Watch looks. A look is two list calls for the stack.
const pollInterval = 500 * time.Millisecond

// Progress is the state of one service.
type Progress struct {
	Service string // without the stack's name: web
	State   string // "starting", "updating", "running", "completed", "failed"
	Running int    // tasks of the current spec that run, or completed if the service is a job
	Wanted  int
	Detail  string // the last error of a task, redacted; or ""
	Done    bool
}

// WatchOptions are what Watch needs to know besides the stack.
type WatchOptions struct {
	Before State          // the snapshot from before docker stack deploy
	Values []secret.Value // redacted in errors and log lines of tasks
	Report func(Progress) // called when a service's progress changed; nil is fine
}

// Watch waits until every task of every service that docker stack deploy touched
// runs the service's current spec and has done so for the service's monitor
// period, or has completed where it is a job or is not to be restarted. Services
// of the stack which the deploy left alone are not waited for.
//
// It fails as soon as a service cannot get there any more (its update was paused
// or rolled back, or a task failed that is not restarted), and when ctx ends. The
// error then joins one *ServiceError for each service that is not there yet. A
// cancelled ctx returns its cause alone.
func Watch(ctx context.Context, api API, stack string, opts WatchOptions) error {
	w := watcher{api: api, stack: stack, opts: opts, since: map[string]settled{}, reported: map[string]Progress{}}
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		done, err := w.look(ctx)
		if ctx.Err() != nil {
			return w.ended(ctx, err)
		}
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return w.ended(ctx, nil)
		case <-tick.C:
		}
	}
}

type watcher struct {
	api   API
	stack string
	opts  WatchOptions

	since    map[string]settled // by service ID
	reported map[string]Progress
	last     []verdict // of the last look
}

// settled says since when a service is in a condition that lasts.
type settled struct {
	condition string
	at        time.Time
}

// look looks at the stack once. done is true when every service is; the error joins those
// of services that failed for good.
func (w *watcher) look(ctx context.Context) (done bool, err error) {
	verdicts, err := w.judgeAll(ctx)
	if err != nil {
		return false, explain(err, w.api)
	}
	w.last = verdicts
	done = true
	var failed []error
	for i := range verdicts {
		v := &verdicts[i]
		w.settle(v)
		w.report(v.progress)
		done = done && v.progress.Done
		if v.failed {
			failed = append(failed, w.failure(ctx, *v))
		}
	}
	return done && len(failed) == 0, errors.Join(failed...)
}

func (w *watcher) judgeAll(ctx context.Context) ([]verdict, error) {
	ofStack := filters.NewArgs(filters.Arg("label", stackLabel+"="+w.stack))
	services, err := retry(ctx, func(ctx context.Context) ([]types.Service, error) {
		return w.api.ServiceList(ctx, types.ServiceListOptions{Filters: ofStack})
	})
	if err != nil {
		return nil, fmt.Errorf("list services: %w", err)
	}
	tasks, err := retry(ctx, func(ctx context.Context) ([]types.Task, error) {
		return w.api.TaskList(ctx, types.TaskListOptions{Filters: ofStack})
	})
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	slices.SortFunc(services, func(a, b types.Service) int { return cmp.Compare(a.Spec.Name, b.Spec.Name) })
	var verdicts []verdict
	for _, service := range services {
		before := w.before(service)
		if before != nil && before.Version.Index == service.Version.Index {
			continue // the deploy updates each service in the file, also when nothing changed
		}
		v := judge(service, tasksOf(service, tasks))
		v.settled = v.settled || before != nil && reflect.DeepEqual(before.Spec, service.Spec) && w.ranBefore(v.slots)
		verdicts = append(verdicts, v)
	}
	return verdicts, nil
}

// before returns the service as it was before the deploy, or nil if it is new.
func (w *watcher) before(service types.Service) *types.Service {
	for i := range w.opts.Before.Services {
		if w.opts.Before.Services[i].ID == service.ID {
			return &w.opts.Before.Services[i]
		}
	}
	return nil
}

// ranBefore reports whether all of tasks ran before the deploy already.
func (w *watcher) ranBefore(tasks []types.Task) bool {
	ran := map[string]bool{}
	for _, task := range w.opts.Before.Tasks {
		ran[task.ID] = isRunning(task)
	}
	return !slices.ContainsFunc(tasks, func(t types.Task) bool { return !ran[t.ID] })
}

func tasksOf(service types.Service, all []types.Task) []types.Task {
	return slices.DeleteFunc(slices.Clone(all), func(t types.Task) bool { return t.ServiceID != service.ID })
}

// settle decides what only time can: a service is there, or is stuck, when its
// condition has lasted for the monitor period.
func (w *watcher) settle(v *verdict) {
	if v.condition == "" {
		delete(w.since, v.service.ID)
		return
	}
	since, known := w.since[v.service.ID]
	if !known || since.condition != v.condition {
		since = settled{v.condition, time.Now()}
		w.since[v.service.ID] = since
	}
	period := v.period
	if len(v.slots) == 0 {
		// No task at all is right for a global service that no node fits, and
		// wrong for a manager that is slow.
		period *= 3
	}
	if v.problem != nil && hasFailed(*v.problem) && !v.stuck {
		// It may be a program that takes its time to fail, over and over.
		period *= 3
	}
	if v.updating || !v.settled && time.Since(since.at) < period {
		return
	}
	if v.stuck {
		v.failed, v.progress.State = true, "failed"
		return
	}
	v.progress.Done, v.progress.State = true, v.doneState
}

func (w *watcher) report(p Progress) {
	p.Service = strings.TrimPrefix(p.Service, w.stack+"_")
	p.Detail = redact(p.Detail, w.opts.Values)
	if last, known := w.reported[p.Service]; known && last == p {
		return
	}
	w.reported[p.Service] = p
	if w.opts.Report != nil {
		w.opts.Report(p)
	}
}

// ended returns the error of a watch that ctx ended.
func (w *watcher) ended(ctx context.Context, err error) error {
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	var late []error
	for _, v := range w.last {
		if !v.progress.Done {
			late = append(late, w.failure(ctx, v))
		}
	}
	if len(late) == 0 {
		return cmp.Or(err, errors.New("the time is over before the swarm showed a service"))
	}
	return errors.Join(late...)
}
