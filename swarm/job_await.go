package swarm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/docker/docker/api/types/filters"
	types "github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/secret"
)

// await waits until the task of the job's service has completed.
func (j Job) await(ctx context.Context, api API, id string, readings []reading, values []secret.Value) error {
	ofJob := filters.NewArgs(filters.Arg("service", id))
	var latest types.Task
	for {
		tasks, err := retry(ctx, func(ctx context.Context) ([]types.Task, error) {
			return api.TaskList(ctx, types.TaskListOptions{Filters: ofJob})
		})
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("list tasks: %w", explain(err, api))
		}
		for _, task := range tasks {
			if !task.CreatedAt.Before(latest.CreatedAt) {
				latest = task
			}
		}
		switch {
		case isComplete(latest):
			return nil
		case hasFailed(latest) || !sleep(ctx, jobPause):
			return j.failure(ctx, api, latest, readings, values)
		}
	}
}

// failure returns the error for a job whose latest task is that one. ctx may have ended:
// the log is still wanted when the time is over, and not when a person said so.
func (j Job) failure(ctx context.Context, api API, latest types.Task, readings []reading, values []secret.Value) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return context.Cause(ctx)
	}
	failed := &JobError{Service: j.Service, Ran: mayHaveRun(latest), Reason: taskError(&latest)}
	if ctx.Err() != nil {
		// What is seen of a task is late, so it may have started since.
		failed.Ran = true
		failed.Reason = fmt.Sprintf("it has not ended in time (%s)", cmp.Or(failed.Reason, string(latest.Status.State), "no task yet"))
	}
	failed.Reason = redact(failed.Reason, values)
	failed.Logs = logsWithout(context.WithoutCancel(ctx), api, latest.ID, readings, values)
	return failed
}

// logsWithout returns the last lines of the task's log without any value. Where that
// cannot be made sure of, they are not shown.
func logsWithout(ctx context.Context, api API, task string, readings []reading, values []secret.Value) []string {
	ctx, cancel := context.WithTimeout(ctx, 2*logTimeout)
	defer cancel()
	lines := redactAll(lastLines(ctx, api, task), values)
	inUse, err := valuesIn(ctx, api, readings, lines)
	if err != nil {
		return []string{"(not shown: it could not be searched for the value in use)"}
	}
	return redactAll(lines, inUse)
}

// mayHaveRun reports whether the program of a task that failed was ever started. The
// Engine rejects what it cannot prepare, and what it cannot start it says itself.
func mayHaveRun(t types.Task) bool {
	return t.Status.State != types.TaskStateRejected && !strings.HasPrefix(t.Status.Err, "starting container failed")
}
