package swarm

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	types "github.com/docker/docker/api/types/swarm"
)

// settle decides what only time can: a service is there, is stuck, or is hopeless, when
// its condition has lasted long enough. The error is that of an update which could not
// be taken up again.
func (w *watcher) settle(ctx context.Context, v *verdict) error {
	known := w.memory.deployed[v.service.ID]
	if known == nil || v.failed {
		return nil
	}
	now := time.Now()
	known.note(*v, now)
	lasted := known.lasted(v.condition, now)
	switch {
	case w.isHopeless(v, known, now):
	case v.condition == "" || v.updating:
	case !v.stuck:
		w.settleThere(v, known, lasted)
	case !v.settled && lasted < v.period:
	case v.resumable && known.known && known.resumed < hopeless:
		known.resumed++
		return w.resume(ctx, known)
	default:
		v.fail("")
	}
	return nil
}

// settleThere decides about a service whose tasks are all there.
func (w *watcher) settleThere(v *verdict, known *deployed, lasted time.Duration) {
	if v.settled {
		v.progress.Done, v.progress.State = true, v.doneState
		return
	}
	stable := w.stable(v.service)
	v.progress.Lasts = max(stable, v.period, min(3*stable, 2*known.longest))
	if lasted < v.progress.Lasts {
		return
	}
	known.settledDown()
	v.progress.Done, v.progress.State, v.progress.Lasts = true, v.doneState, stable
}

// stable returns how long the tasks of service have to run.
func (w *watcher) stable(service types.Service) time.Duration {
	if w.opts.Stable > 0 {
		return w.opts.Stable
	}
	return stablePeriod(service, w.left)
}

// isHopeless fails a service whose slot, or which as a whole, has had the same error for so
// long that no more patience is due. What crashes must have done so several times: it may be
// waiting for another service, and Swarm restarts it for that.
func (w *watcher) isHopeless(v *verdict, known *deployed, now time.Time) bool {
	if v.reason == noNode {
		known.trouble("", noNode, now)
	}
	for _, slot := range slices.Sorted(maps.Keys(known.troubles)) {
		trouble := known.troubles[slot]
		crashes := len(trouble.tasks)
		if now.Sub(trouble.since) < w.opts.Patience || crashes > 0 && crashes < hopeless || !trouble.fresh && !w.isAway(v, slot) {
			continue
		}
		v.problem = v.lastOf(slot)
		v.fail(fmt.Sprintf(" (for %s; --patience waits longer)", w.opts.Patience))
		if crashes > 0 {
			v.suffix = fmt.Sprintf(" (%d times; --patience waits longer)", crashes)
		}
		return true
	}
	return false
}

// lastOf returns the task that tells what is wrong with the slot, nil for none.
func (v *verdict) lastOf(slot string) *types.Task {
	for _, task := range append(slices.Clone(v.slots), reversed(v.failures)...) {
		if slotOf(v.service, task) == slot && taskError(&task) != "" {
			return &task
		}
	}
	return nil
}

func reversed(tasks []types.Task) []types.Task {
	tasks = slices.Clone(tasks)
	slices.Reverse(tasks)
	return tasks
}

// fail ends the service's watch. suffix says what made its error final.
func (v *verdict) fail(suffix string) {
	v.failed, v.progress.State, v.progress.Detail, v.suffix = true, "failed", taskError(v.problem), suffix
	if v.problem == nil {
		v.progress.Detail = v.reason
	}
}

// isAway reports whether the slot, or the service as a whole for "", is not there.
func (w *watcher) isAway(v *verdict, slot string) bool {
	good := goodSlot(v.service, w.opts.NoWaitJobs)
	for _, task := range v.slots {
		if slotOf(v.service, task) == slot {
			return !good(task)
		}
	}
	return slot == "" && v.reason == noNode
}

// resume writes the deployed spec again, which takes up an update that the Engine stopped.
func (w *watcher) resume(ctx context.Context, known *deployed) error {
	_, err := retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		services, err := servicesOf(ctx, w.api, w.stack)
		if err != nil {
			return done, err
		}
		current, exists := services[known.service.ID]
		if !exists {
			return done, nil // the next look says so
		}
		auth := types.RegistryAuthFromSpec
		if current.UpdateStatus != nil && current.UpdateStatus.State != types.UpdateStatePaused {
			auth = types.RegistryAuthFromPreviousSpec
		}
		_, err = w.api.ServiceUpdate(ctx, current.ID, current.Version, known.service.Spec, types.ServiceUpdateOptions{RegistryAuthFrom: auth})
		if err != nil && isOutdated(err) {
			err = fmt.Errorf("%w: %w", errAgain, err)
		}
		return done, err
	})
	if err != nil {
		return fmt.Errorf("take up the update of service %s again: %w", known.service.Spec.Name, explain(err, w.api))
	}
	return nil
}
