package swarm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	types "github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/secret"
)

// JobError is a job that did not complete.
type JobError struct {
	Service string
	Ran     bool // the command was started, and may have changed something
	Reason  string
	Logs    []string // its last lines, redacted
}

func (e *JobError) Error() string {
	lines := []string{"the command in " + e.Service + " did not succeed: " + e.Reason}
	for _, line := range e.Logs {
		lines = append(lines, "  | "+line)
	}
	return strings.Join(lines, "\n")
}

// Run runs the job and waits until it has completed; no service of it is left,
// however it ends. Before, the new versions are marked as pending: from then on
// what the command changes may know no other value.
//
// When the command fails, it is tried with each pending version of an earlier
// run in the place of the one in use. It returns the names on the Swarm of those
// with which it went through then, or nil. The error is a *JobError, of the first
// try, or what ended ctx. values are redacted, and those in use are too.
func (j Job) Run(ctx context.Context, api API, values []secret.Value) (instead []string, err error) {
	readings, err := j.readings(ctx, api)
	if err != nil {
		return nil, err
	}
	for _, r := range readings {
		if err = setPending(ctx, api, r.next, j.Service); err != nil {
			return nil, explain(err, api)
		}
	}
	err = j.once(ctx, api, readings, values)
	for try := 0; canTryOther(ctx, err); try++ {
		others, names := j.others(readings, try)
		if len(names) == 0 {
			break
		}
		if j.once(ctx, api, others, values) == nil {
			return names, nil
		}
	}
	return nil, err
}

// Undo runs the command the other way round, from the new values to those in use,
// and takes the marks off. The service may be about to start, so it is tried until
// it goes through or ctx ends; the error is that of the last try.
func (j Job) Undo(ctx context.Context, api API, values []secret.Value) error {
	readings, err := j.readings(ctx, api)
	if err != nil {
		return err
	}
	for i, r := range readings {
		readings[i] = reading{now: r.next, next: r.now}
	}
	var last error
	for {
		err = j.once(ctx, api, readings, values)
		if err == nil {
			return j.settle(ctx, api, readings)
		}
		if ctx.Err() == nil || last == nil {
			last = err
		}
		if ctx.Err() != nil || !sleep(ctx, longestPause) {
			return last
		}
	}
}

// readings looks the versions up that Run makes the change between.
func (j Job) readings(ctx context.Context, api API) ([]reading, error) {
	var readings []reading
	for _, swap := range j.swaps {
		next, found, err := lookUpAgain(ctx, api, Op{Kind: Secret, Name: swap.next})
		if err == nil && !found {
			err = errors.New("it is gone")
		}
		if err != nil {
			return nil, fmt.Errorf("secret %s: %w", swap.next, explain(err, api))
		}
		readings = append(readings, reading{swap.inUse, next})
	}
	return readings, nil
}

// others returns the readings from pending versions instead of those in use, and the
// names of these versions; nil if there are no more.
func (j Job) others(readings []reading, try int) (others []reading, names []string) {
	others = slices.Clone(readings)
	for i, swap := range j.swaps {
		if try < len(swap.pending) {
			others[i].now = swap.pending[try]
			names = append(names, swap.pending[try].Name)
		}
	}
	return others, slices.Compact(names)
}

func canTryOther(ctx context.Context, err error) bool {
	failed, is := errors.AsType[*JobError](err)
	return is && failed.Ran && ctx.Err() == nil
}

// once runs the command in a service of its own and removes that.
func (j Job) once(ctx context.Context, api API, readings []reading, values []secret.Value) error {
	id, err := createJob(ctx, api, j.spec(readings))
	switch {
	case err == nil:
		err = j.await(ctx, api, id, readings, values)
	case ctx.Err() == nil && !transient(err):
		err = &JobError{Service: j.Service, Reason: err.Error()}
	}
	return errors.Join(err, RemoveJobs(ctx, api, j.stack))
}

// createJob creates the service and returns its ID. A create that failed may have
// happened all the same.
func createJob(ctx context.Context, api API, spec types.ServiceSpec) (id string, err error) {
	id, err = retry(ctx, func(ctx context.Context) (string, error) {
		created, createErr := api.ServiceCreate(ctx, spec, types.ServiceCreateOptions{})
		if createErr == nil || !isConflict(createErr) {
			return created.ID, createErr
		}
		jobs, lookErr := jobsOf(ctx, api, spec.Labels[labelJob])
		if lookErr != nil || len(jobs) == 0 {
			return "", errors.Join(createErr, lookErr)
		}
		return jobs[0].ID, nil
	})
	if err != nil {
		return "", fmt.Errorf("create service %s: %w", spec.Name, explain(err, api))
	}
	return id, nil
}

// jobPause is how often the end of a job is looked for.
const jobPause = 250 * time.Millisecond
