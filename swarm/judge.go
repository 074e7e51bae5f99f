package swarm

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	types "github.com/docker/docker/api/types/swarm"
)

// defaultMonitor is how long the Engine itself monitors a task after an update
// when the service does not say.
const defaultMonitor = 5 * time.Second

func monitorPeriod(service types.Service) time.Duration {
	if config := service.Spec.UpdateConfig; config != nil && config.Monitor > 0 {
		return config.Monitor
	}
	return defaultMonitor
}

// stopPeriod returns how long tasks of an older spec may take to stop. It is not longer,
// because a node that is down never reports the end of its tasks.
func stopPeriod(service types.Service) time.Duration {
	grace := 10 * time.Second // the Engine's default
	if spec := service.Spec.TaskTemplate.ContainerSpec; spec != nil && spec.StopGracePeriod != nil {
		grace = *spec.StopGracePeriod
	}
	return grace + monitorPeriod(service)
}

// reasonPeriod is how long a failed update may wait for the task that tells why.
const reasonPeriod = 3 * time.Second

// verdict is the result of one look at a service and its tasks. It knows no time: it
// names a condition that has to last, and the watcher measures how long it does.
type verdict struct {
	service  types.Service
	progress Progress
	slots    []types.Task // the newest task of the current spec in each slot
	problem  *types.Task  // the task to show when the service does not get there

	condition string        // what has to last for the period; "" if nothing
	period    time.Duration // the service's monitor period, mostly
	settled   bool          // it has lasted already
	updating  bool          // the Engine is at it: whatever lasts, it is not the end
	stuck     bool          // the condition is a failure
	failed    bool
	doneState string
	reason    string // why it failed, where no task tells
}

// judge looks at one service. Only tasks of the current spec count: what an older spec runs says
// nothing about this deploy.
func judge(service types.Service, tasks []types.Task) verdict {
	v := verdict{service: service, period: monitorPeriod(service)}
	current, old := split(service, tasks)
	slots := latestOfSlots(service, current)
	v.slots = slots
	v.problem = worst(current)
	v.progress = Progress{
		Service: service.Spec.Name, State: "starting", Detail: taskError(v.problem),
		Running: countSlots(slots, goodSlot(service)), Wanted: wantedTasks(service, slots),
	}
	v.doneState = "running"
	if v.progress.Running > 0 && countSlots(slots, isRunning) == 0 {
		v.doneState = "completed"
	}
	switch {
	case v.judgeUpdate(tasks):
	case v.progress.Running < v.progress.Wanted || slices.ContainsFunc(old, isWanted):
		v.judgeDead(slots)
	default:
		v.judgeThere(slots, old)
	}
	return v
}

// judgeThere is for a service whose tasks are all there, and have to stay. The
// time counts from here on, also while the Engine still monitors its update or
// old tasks stop. That the Engine ended its update alone proves nothing: a task
// that fails after the period is not counted, and replaced forever.
func (v *verdict) judgeThere(slots, old []types.Task) {
	v.condition = "there: " + taskIDs(slots)
	if slices.ContainsFunc(old, isLive) {
		v.period = stopPeriod(v.service)
		return
	}
	v.settled = v.doneState == "completed" || v.progress.Wanted == 0 && !isGlobal(v.service)
}

// judgeDead judges a service that is not running: it never will be if a task failed that
// Swarm does not replace.
func (v *verdict) judgeDead(slots []types.Task) {
	if isDead(v.service, slots) {
		v.stuck, v.condition = true, "dead: "+taskIDs(slots)
		v.settled = neverRestarts(v.service.Spec.TaskTemplate)
	}
}

// judgeUpdate judges by what the Engine says about the update, and reports whether that
// decides. A rollback of the Engine's own is a failure: what runs then is not what was
// deployed.
func (v *verdict) judgeUpdate(tasks []types.Task) bool {
	status := v.service.UpdateStatus
	if status == nil {
		return false
	}
	switch status.State {
	case types.UpdateStateUpdating:
		v.progress.State, v.updating = "updating", true
		return v.progress.Running < v.progress.Wanted
	case types.UpdateStatePaused:
		// The Engine takes a task that completes for one that ended too early,
		// also where that is what the service is for.
		if !restartsAlways(v.service.Spec.TaskTemplate) && v.progress.Running >= v.progress.Wanted {
			return false
		}
		fallthrough
	case types.UpdateStateRollbackStarted, types.UpdateStateRollbackPaused,
		types.UpdateStateRollbackCompleted:
		v.reason = status.Message
		// After a rollback the task that caused it is of a spec that is no more.
		failed := worst(tasks)
		if failed == nil || !hasFailed(*failed) {
			// The Engine may say so before it lists the task that failed.
			v.stuck, v.condition, v.period = true, "update: "+string(status.State), reasonPeriod
			return true
		}
		v.failed, v.progress.State = true, "failed"
		v.problem, v.progress.Detail = failed, taskError(failed)
		return true
	case types.UpdateStateCompleted:
	}
	return false
}

// split separates the tasks that were made from the service's current spec. Of a
// job only the current iteration counts.
func split(service types.Service, tasks []types.Task) (current, old []types.Task) {
	for _, task := range tasks {
		if isCurrent(service, task) {
			current = append(current, task)
		} else {
			old = append(old, task)
		}
	}
	return current, old
}

// latestOfSlots returns one task of each slot, sorted by slot; of a global service
// a node is a slot. It is the newest, unless Swarm wants an older one to run: an
// update back to an earlier spec goes on with a task of that spec that still
// runs, and drops the one that it had made.
func latestOfSlots(service types.Service, tasks []types.Task) []types.Task {
	latest := map[string]types.Task{}
	for _, task := range tasks {
		slot := strconv.Itoa(task.Slot)
		if isGlobal(service) {
			slot = task.NodeID
		}
		known, ok := latest[slot]
		if !ok || isWanted(task) && !isWanted(known) || isWanted(task) == isWanted(known) && known.CreatedAt.Before(task.CreatedAt) {
			latest[slot] = task
		}
	}
	slots := make([]types.Task, 0, len(latest))
	for _, task := range latest {
		slots = append(slots, task)
	}
	slices.SortFunc(slots, func(a, b types.Task) int {
		return cmp.Or(cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.NodeID, b.NodeID), cmp.Compare(a.ID, b.ID))
	})
	return slots
}

func countSlots(slots []types.Task, good func(types.Task) bool) int {
	n := 0
	for _, task := range slots {
		if good(task) {
			n++
		}
	}
	return n
}

// goodSlot returns the condition that a task of the service must meet for its slot to
// count.
func goodSlot(service types.Service) func(types.Task) bool {
	switch {
	case isJob(service):
		return isComplete
	case !restartsAlways(service.Spec.TaskTemplate):
		return func(t types.Task) bool { return isRunning(t) || isComplete(t) }
	}
	return isRunning
}

// isDead reports whether a slot has failed and Swarm made no task to replace the one that
// did.
func isDead(service types.Service, slots []types.Task) bool {
	if !isJob(service) && restartsAlways(service.Spec.TaskTemplate) && maxAttempts(service) == 0 {
		return false
	}
	return slices.ContainsFunc(slots, func(t types.Task) bool { return hasFailed(t) && !isWanted(t) })
}

func taskIDs(tasks []types.Task) string {
	ids := make([]string, len(tasks))
	for i, task := range tasks {
		ids[i] = task.ID
	}
	return strings.Join(ids, " ")
}
