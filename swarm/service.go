package swarm

import (
	"reflect"

	types "github.com/docker/docker/api/types/swarm"
)

// The properties of services and tasks that the watch needs.

// isCurrent reports whether the task was made from the service's current spec, or for a
// job's current run.
func isCurrent(service types.Service, task types.Task) bool {
	if service.JobStatus != nil && task.JobIteration != nil {
		return service.JobStatus.JobIteration.Index == task.JobIteration.Index
	}
	want, have := service.Spec.TaskTemplate, task.Spec
	// Swarm keeps a task when only its placement changed and its node still fits.
	want.Placement, have.Placement = nil, nil
	// The Engine names a service's runtime and not a task's.
	want.Runtime, have.Runtime = "", ""
	return reflect.DeepEqual(want, have)
}

func isRunning(t types.Task) bool {
	return t.Status.State == types.TaskStateRunning && t.DesiredState == types.TaskStateRunning
}

// isAtWork reports whether the task runs as Swarm wants it to, which for a job is until it
// completes.
func isAtWork(t types.Task) bool {
	return t.Status.State == types.TaskStateRunning &&
		(t.DesiredState == types.TaskStateRunning || t.DesiredState == types.TaskStateComplete)
}

func isComplete(t types.Task) bool { return t.Status.State == types.TaskStateComplete }

// isWanted reports whether Swarm still wants the task to run.
func isWanted(t types.Task) bool {
	return t.DesiredState == types.TaskStateRunning || t.DesiredState == types.TaskStateReady
}

// isLive reports whether the task's container may be running or still start.
func isLive(t types.Task) bool {
	switch t.Status.State {
	case types.TaskStateComplete, types.TaskStateShutdown, types.TaskStateFailed,
		types.TaskStateRejected, types.TaskStateRemove, types.TaskStateOrphaned:
		return false
	default:
		return true
	}
}

func hasFailed(t types.Task) bool {
	return t.Status.State == types.TaskStateFailed || t.Status.State == types.TaskStateRejected
}

// wantedTasks returns how many slots must be there. A global service has as many as Swarm
// made tasks for.
func wantedTasks(service types.Service, slots []types.Task) int {
	mode := service.Spec.Mode
	switch {
	case mode.Replicated != nil && mode.Replicated.Replicas != nil:
		return int(*mode.Replicated.Replicas) //nolint:gosec // as many tasks as fit a Swarm fit an int
	case mode.Replicated != nil:
		return 1
	case mode.ReplicatedJob != nil:
		return completions(*mode.ReplicatedJob)
	}
	return len(slots)
}

func completions(job types.ReplicatedJob) int {
	for _, n := range []*uint64{job.TotalCompletions, job.MaxConcurrent} {
		if n != nil && *n > 0 {
			return int(*n) //nolint:gosec // as many tasks as fit a Swarm fit an int
		}
	}
	return 1
}

func isGlobal(service types.Service) bool {
	return service.Spec.Mode.Global != nil || service.Spec.Mode.GlobalJob != nil
}

func isJob(service types.Service) bool {
	return service.Spec.Mode.ReplicatedJob != nil || service.Spec.Mode.GlobalJob != nil
}

// mustComplete reports whether the service is there to do something and end: a job, or a
// one-shot, which is never restarted. One that is never restarted but has a healthcheck or
// publishes a port is a server.
func mustComplete(service types.Service) bool {
	spec := service.Spec.TaskTemplate
	if isJob(service) || !neverRestarts(spec) {
		return isJob(service)
	}
	serves := service.Spec.EndpointSpec != nil && len(service.Spec.EndpointSpec.Ports) > 0
	return !serves && (spec.ContainerSpec == nil || !hasHealthcheck(spec.ContainerSpec))
}

// restartsAlways reports whether Swarm restarts a task of that spec also when it ended
// without an error, which is the Engine's default outside of jobs.
func restartsAlways(spec types.TaskSpec) bool {
	policy := spec.RestartPolicy
	return policy == nil || policy.Condition == "" || policy.Condition == types.RestartPolicyConditionAny
}

func neverRestarts(spec types.TaskSpec) bool {
	return spec.RestartPolicy != nil && spec.RestartPolicy.Condition == types.RestartPolicyConditionNone
}

func maxAttempts(service types.Service) uint64 {
	policy := service.Spec.TaskTemplate.RestartPolicy
	if policy == nil || policy.MaxAttempts == nil {
		return 0
	}
	return *policy.MaxAttempts
}
