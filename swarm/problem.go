package swarm

import (
	"cmp"
	"slices"
	"strings"

	types "github.com/docker/docker/api/types/swarm"
)

// lostTexts begin the errors of tasks that a daemon lost when it restarted. They say
// nothing of what was deployed.
//
//nolint:gochecknoglobals // a table, never written
var lostTexts = []string{"No such container: ", "task: non-zero exit (137): No such container"}

// endedByItself reports whether a task failed, or completed where Swarm starts it again.
// One that was stopped, or that its daemon lost, did not.
func endedByItself(t types.Task) bool {
	for _, text := range lostTexts {
		if strings.HasPrefix(t.Status.Err, text) {
			return false
		}
	}
	return hasFailed(t) || isComplete(t) && t.JobIteration == nil && restartsAlways(t.Spec)
}

// failuresOf returns the tasks that ended by themselves, the oldest first, without those
// whose ID is in ended.
func failuresOf(tasks []types.Task, ended map[string]bool) (failures []types.Task) {
	for _, task := range tasks {
		if endedByItself(task) && !ended[task.ID] {
			failures = append(failures, task)
		}
	}
	slices.SortStableFunc(failures, func(a, b types.Task) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return failures
}

// problemOf returns the task whose error explains best why a service is not there, nil if
// every slot is: of the slots that are not good, the newest task that failed, else the
// newest that waits for something. failures are those of the service since the deploy.
func problemOf(service types.Service, slots, failures []types.Task, good func(types.Task) bool) *types.Task {
	var candidates []types.Task
	for _, task := range slots {
		if good(task) {
			continue
		}
		slot := slotOf(service, task)
		last := slices.DeleteFunc(slices.Clone(failures), func(t types.Task) bool { return slotOf(service, t) != slot })
		switch {
		case taskError(&task) != "" && (!isLost(task) || neverRestarts(task.Spec)):
			candidates = append(candidates, task)
		case len(last) > 0:
			candidates = append(candidates, last[len(last)-1])
		}
	}
	if len(candidates) == 0 {
		return nil
	}
	worst := slices.MaxFunc(candidates, func(a, b types.Task) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.CreatedAt.Compare(b.CreatedAt))
	})
	return &worst
}

func isLost(t types.Task) bool { return hasFailed(t) && !endedByItself(t) }

func rank(t types.Task) int {
	if endedByItself(t) {
		return 1
	}
	return 0
}
