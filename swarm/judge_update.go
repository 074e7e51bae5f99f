package swarm

import (
	"slices"

	types "github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// judgeUpdate judges by what the Engine says about the update, and reports whether that
// decides. A pause and a rollback of the Engine's own are failures only if a task failed:
// the Engine takes one that it stopped itself, because its node was drained, for one that
// ended too early.
func (v *verdict) judgeUpdate(tasks []types.Task, past past) bool {
	status := v.service.UpdateStatus
	if status == nil {
		return false
	}
	switch status.State {
	case types.UpdateStateUpdating:
		v.progress.State, v.updating = "updating", true
		return v.progress.Running < v.progress.Wanted
	case types.UpdateStatePaused:
		// Nor does a one-shot that completes end too early.
		if !restartsAlways(v.service.Spec.TaskTemplate) && v.progress.Running >= v.progress.Wanted {
			return false
		}
		v.judgeStopped(*status, tasks, past)
		return true
	case types.UpdateStateRollbackStarted, types.UpdateStateRollbackPaused,
		types.UpdateStateRollbackCompleted:
		v.judgeStopped(*status, tasks, past)
		return true
	case types.UpdateStateCompleted:
	}
	return false
}

// manual is what the Engine says of a docker service rollback.
const manual = "manually requested rollback"

// judgeStopped judges an update that the Engine stopped. After a rollback the task that
// caused it is of a spec that is no more.
func (v *verdict) judgeStopped(status types.UpdateStatus, tasks []types.Task, past past) {
	v.reason, v.progress.Detail = status.Message, ""
	if culprit := culpritOf(status, tasks, past.ended); culprit != nil {
		v.failed, v.progress.State = true, "failed"
		v.problem, v.progress.Detail = culprit, taskError(culprit)
		return
	}
	v.problem = nil
	// The Engine may say so before it lists the task that failed.
	v.stuck, v.condition, v.period = true, "update: "+string(status.State), reasonPeriod
	v.resumable = status.Message != manual && status.State != types.UpdateStateRollbackStarted
	if status.State == types.UpdateStateRollbackStarted && status.Message != manual {
		v.updating = true
	}
}

// culprit finds the task that an update was stopped for.
var culprit = lazyregexp.New(`termination of task ([0-9a-z]+)`) //nolint:gochecknoglobals // compiled once, never written

// culpritOf returns the task for whose failure the Engine stopped an update, nil if none is
// known that failed: the one that the Engine names if it failed, else the newest that failed
// since the deploy.
func culpritOf(status types.UpdateStatus, tasks []types.Task, ended map[string]bool) *types.Task {
	failures := failuresOf(tasks, ended)
	if match := culprit().FindStringSubmatch(status.Message); match != nil {
		if i := slices.IndexFunc(tasks, func(t types.Task) bool { return t.ID == match[1] }); i >= 0 {
			failures = failuresOf(tasks[i:i+1], nil)
		}
	}
	if len(failures) == 0 {
		return nil
	}
	return &failures[len(failures)-1]
}
