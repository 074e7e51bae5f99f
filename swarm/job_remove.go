package swarm

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/filters"
	types "github.com/docker/docker/api/types/swarm"
)

// RemoveJobs removes the services of jobs of stack, also when ctx has ended, and
// waits until their commands have. It is for who holds the stack's lock: what is
// there then is of a run that was killed.
func RemoveJobs(ctx context.Context, api API, stack string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	removed := false
	_, err := retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		jobs, err := jobsOf(ctx, api, stack)
		if err != nil {
			return done, err
		}
		for _, job := range jobs {
			removed = true
			if err := api.ServiceRemove(ctx, job.ID); err != nil && !errdefs.IsNotFound(err) {
				return done, err
			}
		}
		return done, nil
	})
	if err == nil && removed {
		err = awaitGone(ctx, api, stack)
	}
	if err != nil {
		return fmt.Errorf("remove the job of stack %s: %w", stack, explain(err, api))
	}
	return nil
}

// goneTime is how long to wait for the commands of removed jobs: a lost node never
// reports that they have ended.
const goneTime = 15 * time.Second

func awaitGone(ctx context.Context, api API, stack string) error {
	ofStack := filters.NewArgs(filters.Arg("label", labelJob+"="+stack))
	for deadline := time.Now().Add(goneTime); ; {
		tasks, err := retry(ctx, func(ctx context.Context) ([]types.Task, error) {
			return api.TaskList(ctx, types.TaskListOptions{Filters: ofStack})
		})
		if err != nil || !slices.ContainsFunc(tasks, isLive) || time.Now().After(deadline) || !sleep(ctx, jobPause) {
			return err
		}
	}
}

func jobsOf(ctx context.Context, api API, stack string) ([]types.Service, error) {
	return api.ServiceList(ctx, types.ServiceListOptions{Filters: filters.NewArgs(filters.Arg("label", labelJob+"="+stack))})
}
