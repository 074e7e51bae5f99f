package swarm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
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
	Detail  string        // the last error of a task that is not there, redacted; or ""
	Lasts   time.Duration // how long the tasks, which are all there, have to stay; 0 else
	Done    bool
}

// WatchOptions are what Watch needs to know besides the stack.
type WatchOptions struct {
	Before     State          // the snapshot from before docker stack deploy
	Deployed   []string       // services that were deployed, without the stack's name; Watch remembers those that it sees besides
	Stable     time.Duration  // how long tasks have to run; 0 for the default of each service, see DefaultStable
	Patience   time.Duration  // how long an error that repeats may go on; 0 for DefaultPatience
	NoWaitJobs bool           // take a job that runs for one that is done
	Values     []secret.Value // redacted in errors and log lines of tasks
	Report     func(Progress) // called when a service's progress changed; nil is fine
}

// Watch waits until every task of every service that docker stack deploy touched
// runs the service's current spec and has done so for Stable, or has completed
// where it is a job or a one-shot. Services of the stack which the deploy left
// alone are not waited for. It returns the shortest time that a service was seen to
// run for, 0 if none had to.
//
// It fails as soon as a service cannot get there any more: it was removed or changed
// by somebody else, its update was paused or rolled back because a task failed, a
// task failed that is not restarted, or a task has gone on failing in the same way
// for Patience. It also fails when ctx ends. The error then joins one *ServiceError
// for each service that is not there yet. A cancelled ctx returns its cause alone.
//
// Watch writes one thing: an update that the Engine paused or rolled back although
// no task failed, as when a node is drained meanwhile, is taken up again.
func Watch(ctx context.Context, api API, stack string, opts WatchOptions) (stable time.Duration, err error) {
	w := newWatcher(ctx, api, stack, opts)
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		done, err := w.look(ctx)
		if ctx.Err() != nil {
			return 0, w.ended(ctx, err)
		}
		if done || err != nil {
			return w.shortest(), err
		}
		select {
		case <-ctx.Done():
			return 0, w.ended(ctx, nil)
		case <-tick.C:
		}
	}
}

type watcher struct {
	api   API
	stack string
	opts  WatchOptions
	left  time.Duration // until the deadline, when the watch began; 0 without one

	memory   memory
	reported map[string]Progress
	last     []verdict // of the last look
}

func newWatcher(ctx context.Context, api API, stack string, opts WatchOptions) *watcher {
	w := &watcher{api: api, stack: stack, opts: opts, memory: newMemory(opts.Before), reported: map[string]Progress{}}
	w.opts.Patience = cmp.Or(opts.Patience, DefaultPatience)
	if deadline, ok := ctx.Deadline(); ok {
		w.left = time.Until(deadline)
	}
	return w
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
		if err := w.settle(ctx, v); err != nil {
			return false, err
		}
		w.report(v.progress)
		done = done && v.progress.Done
		if v.failed {
			failed = append(failed, w.failure(ctx, *v))
		}
	}
	return done && len(failed) == 0, errors.Join(failed...)
}

// judgeAll judges every service that was deployed, sorted by name. One that is not on the
// Swarm any more has failed.
func (w *watcher) judgeAll(ctx context.Context) ([]verdict, error) {
	services, tasks, err := w.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	first := w.last == nil
	verdicts := []verdict{}
	for _, service := range services {
		before := w.memory.before[service.ID]
		if before != nil && before.Version.Index == service.Version.Index {
			continue // the deploy updates each service in the file, also when nothing changed
		}
		known := w.memory.remember(service)
		v := judge(service, tasksOf(service, tasks), known.past(w.opts.NoWaitJobs))
		v.settled = v.settled || known.unchanged(service) && w.memory.ranBefore(v.slots) && len(v.failures) == 0
		verdicts = append(verdicts, v)
	}
	for _, gone := range w.memory.gone(services) {
		verdicts = append(verdicts, vanished(gone.service))
	}
	if first {
		for _, name := range w.missing(services) {
			verdicts = append(verdicts, vanished(types.Service{Spec: types.ServiceSpec{Annotations: types.Annotations{Name: name}}}))
		}
	}
	slices.SortStableFunc(verdicts, func(a, b verdict) int { return cmp.Compare(a.service.Spec.Name, b.service.Spec.Name) })
	return verdicts, nil
}

// missing returns the names of services that were deployed and are not among services.
func (w *watcher) missing(services []types.Service) (names []string) {
	for _, deployed := range w.opts.Deployed {
		name := w.stack + "_" + deployed
		if !slices.ContainsFunc(services, func(s types.Service) bool { return s.Spec.Name == name }) {
			names = append(names, name)
		}
	}
	return names
}

func (w *watcher) snapshot(ctx context.Context) ([]types.Service, []types.Task, error) {
	ofStack := filters.NewArgs(filters.Arg("label", stackLabel+"="+w.stack))
	services, err := retry(ctx, func(ctx context.Context) ([]types.Service, error) {
		return w.api.ServiceList(ctx, types.ServiceListOptions{Filters: ofStack})
	})
	if err != nil {
		return nil, nil, fmt.Errorf("list services: %w", err)
	}
	tasks, err := retry(ctx, func(ctx context.Context) ([]types.Task, error) {
		return w.api.TaskList(ctx, types.TaskListOptions{Filters: ofStack})
	})
	if err != nil {
		return nil, nil, fmt.Errorf("list tasks: %w", err)
	}
	return services, tasks, nil
}

func tasksOf(service types.Service, all []types.Task) []types.Task {
	return slices.DeleteFunc(slices.Clone(all), func(t types.Task) bool { return t.ServiceID != service.ID })
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

// shortest returns the shortest time that a service had to run for.
func (w *watcher) shortest() (stable time.Duration) {
	for _, v := range w.last {
		if lasts := v.progress.Lasts; lasts > 0 && (stable == 0 || lasts < stable) {
			stable = lasts
		}
	}
	return stable
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
		return cmp.Or(err, errors.New("timed out before the Swarm showed a service"))
	}
	return errors.Join(late...)
}
