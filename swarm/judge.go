package swarm

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"

	types "github.com/docker/docker/api/types/swarm"
)

// verdict is the result of one look at a service and its tasks. It knows no time: it
// names a condition that has to last, and the watcher measures how long it does.
type verdict struct {
	service  types.Service
	progress Progress
	slots    []types.Task // the newest task of the current spec in each slot
	failures []types.Task // tasks of the current spec that failed since the deploy, the oldest first
	problem  *types.Task  // the task to show when the service does not get there
	atWork   int          // slots whose task runs, complete or not

	condition string        // what has to last; "" if nothing
	period    time.Duration // how long, 0 if the watcher is to say
	settled   bool          // it has lasted already
	updating  bool          // the Engine is at it: whatever lasts, it is not the end
	stuck     bool          // the condition is a failure
	resumable bool          // unless the update can be taken up again
	failed    bool
	doneState string
	reason    string // why it failed, where no task tells
	suffix    string // of the reason: what made it final
}

// past is what judge has to know of what was before.
type past struct {
	deployed   types.Service   // as it was seen first
	ended      map[string]bool // by ID: tasks that had ended before the deploy
	noWaitJobs bool
}

// judge looks at one service. Only tasks of the current spec count: what an older spec runs says
// nothing about this deploy.
func judge(service types.Service, tasks []types.Task, past past) verdict {
	v := verdict{service: service}
	current, old := split(service, tasks)
	good := goodSlot(service, past.noWaitJobs)
	v.slots = latestOfSlots(service, current)
	v.failures = failuresOf(current, past.ended)
	v.problem = problemOf(service, v.slots, v.failures, good)
	v.progress = Progress{
		Service: service.Spec.Name, State: "starting", Detail: taskError(v.problem),
		Running: countSlots(v.slots, good), Wanted: wantedTasks(service, v.slots),
	}
	v.atWork = countSlots(v.slots, isAtWork)
	v.doneState = "running"
	if v.progress.Running > 0 && countSlots(v.slots, isRunning) == 0 {
		v.doneState = "completed"
	}
	switch {
	case v.judgeUpdate(tasks, past):
	case v.judgeChange(past.deployed):
	case v.progress.Wanted == 0 && isGlobal(service):
		v.progress.Detail, v.reason = noNode, noNode
	case v.progress.Running < v.progress.Wanted || slices.ContainsFunc(old, isWanted):
		v.judgeDead()
	default:
		v.judgeThere(old)
	}
	return v
}

// noNode is what is wrong with a global service without a task.
const noNode = "no node fits its placement, so that no task runs"

// vanished returns the verdict on a service that was deployed and is gone.
func vanished(service types.Service) verdict {
	return verdict{
		service: service, failed: true, reason: "it was removed meanwhile",
		progress: Progress{Service: service.Spec.Name, State: "failed", Detail: "removed"},
	}
}

// judgeChange fails a service that somebody else changed since it was deployed: what it
// runs now is not what was deployed. To scale it, but to zero, is no change.
func (v *verdict) judgeChange(deployed types.Service) bool {
	was, now := deployed.Spec.TaskTemplate, v.service.Spec.TaskTemplate
	was.ForceUpdate, now.ForceUpdate = 0, 0
	stopped := v.progress.Wanted == 0 && !isGlobal(v.service) && wantedTasks(deployed, nil) > 0
	if reflect.DeepEqual(was, now) && !stopped {
		return false
	}
	v.failed, v.progress.State = true, "failed"
	v.reason = "its specification was changed meanwhile"
	v.problem, v.progress.Detail = nil, "changed"
	return true
}

// judgeThere is for a service whose tasks are all there, and have to stay. The
// time counts from here on, also while the Engine still monitors its update or
// old tasks stop. That the Engine ended its update alone proves nothing: a task
// that fails after the period is not counted, and replaced forever.
func (v *verdict) judgeThere(old []types.Task) {
	v.condition = "there: " + taskIDs(v.slots)
	v.progress.Detail = ""
	if slices.ContainsFunc(old, isLive) {
		v.period = stopPeriod(v.service)
		return
	}
	v.settled = v.doneState == "completed" || v.progress.Wanted == 0
}

// judgeDead judges a service that is not running: it never will be if a task failed that
// Swarm does not replace.
func (v *verdict) judgeDead() {
	if isDead(v.service, v.slots) {
		v.stuck, v.condition, v.period = true, "dead: "+taskIDs(v.slots), monitorPeriod(v.service)
		v.settled = neverRestarts(v.service.Spec.TaskTemplate)
	}
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
		slot := slotOf(service, task)
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
func goodSlot(service types.Service, noWaitJobs bool) func(types.Task) bool {
	switch {
	case mustComplete(service) && !noWaitJobs:
		return isComplete
	case isJob(service) || !restartsAlways(service.Spec.TaskTemplate):
		return func(t types.Task) bool { return isAtWork(t) || isComplete(t) }
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
