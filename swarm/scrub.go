package swarm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

	types "github.com/docker/docker/api/types/swarm"
)

// labelHistory is the label of the Swarm's own spec that holds the task history
// limit while Scrub has lowered it: a scrub that was killed is put right by the
// next one.
const labelHistory = "com.docker-secrets.task-history"

// Scrub clears the values of wants out of what the Swarm remembers of the
// snapshot's stack: the previous specs and the ended tasks of its services. It
// restarts the services that have such residue, by an update that changes nothing
// else, and meanwhile lets the Swarm keep one ended task a slot. That is the one which
// the restart ends, of the spec without residue; and the task that last failed in
// another stack stays, for people and for a watch to see.
//
// It returns what is left. Jobs and the tasks of one-shot services are: the Swarm
// drops an ended task only for a new one, and they must not run again. Removing
// the service clears them.
func Scrub(ctx context.Context, api API, state State, wants []Want, opts WatchOptions) ([]Residue, error) {
	dirty := map[string]bool{}
	for _, residue := range FindResidue(state, wants) {
		dirty[residue.Service] = true
	}
	if len(dirty) == 0 {
		return nil, nil
	}
	if err := setHistory(ctx, api, lowerHistory); err != nil {
		return nil, explain(err, api)
	}
	left, err := scrubServices(ctx, api, state, wants, dirty, opts)
	// Also when ctx has ended: the limit is the whole Swarm's.
	restore, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	return left, errors.Join(err, setHistory(restore, api, restoreHistory))
}

func scrubServices(ctx context.Context, api API, state State, wants []Want, dirty map[string]bool, opts WatchOptions) ([]Residue, error) {
	for _, service := range state.Services {
		if !dirty[service.ID] || service.Spec.Labels[stackLabel] != state.Stack || isJob(service) {
			continue
		}
		// A one-shot service must not run again; its previous spec is cleared anyway.
		if !neverRestarts(service.Spec.TaskTemplate) {
			service.Spec.TaskTemplate.ForceUpdate++
		}
		if err := restoreService(ctx, api, state.Stack, service, nil); err != nil {
			return nil, fmt.Errorf("scrub service %s: %w", service.Spec.Name, explain(err, api))
		}
	}
	opts.Before, opts.Deployed, opts.Values = state, nil, valuesOf(wants)
	if _, err := Watch(ctx, api, state.Stack, opts); err != nil {
		return nil, err
	}
	return awaitClean(ctx, api, state.Stack, wants)
}

// awaitClean gives the Swarm a moment to drop the ended tasks, which it does in
// batches, and returns what is left then.
func awaitClean(ctx context.Context, api API, stack string, wants []Want) ([]Residue, error) {
	deadline := time.Now().Add(callTimeout / 3)
	for {
		state, err := Observe(ctx, api, stack)
		if err != nil {
			return nil, err
		}
		left := FindResidue(state, wants)
		if len(left) == 0 || time.Now().After(deadline) || !sleep(ctx, pollInterval) {
			return left, nil
		}
	}
}

// setHistory changes the Swarm's spec with change, over whatever version is there.
// A change that returns false needs no write.
func setHistory(ctx context.Context, api API, change func(*types.Spec) bool) error {
	_, err := retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		cluster, err := api.SwarmInspect(ctx)
		if err != nil {
			return done, err
		}
		cluster.Spec.Labels = maps.Clone(cluster.Spec.Labels)
		if !change(&cluster.Spec) {
			return done, nil
		}
		err = api.SwarmUpdate(ctx, cluster.Version, cluster.Spec, types.UpdateFlags{})
		if err != nil && isOutdated(err) {
			err = fmt.Errorf("%w: %w", errAgain, err)
		}
		return done, err
	})
	if err != nil {
		return fmt.Errorf("set the swarm's task history limit: %w", err)
	}
	return nil
}

// scrubHistory is the task history limit of a scrub. The Swarm counts the task that runs.
const scrubHistory = 2

func lowerHistory(spec *types.Spec) bool {
	limit := spec.Orchestration.TaskHistoryRetentionLimit
	if limit == nil || *limit <= scrubHistory {
		return false
	}
	lowered := int64(scrubHistory)
	if spec.Labels == nil {
		spec.Labels = map[string]string{}
	}
	spec.Labels[labelHistory] = strconv.FormatInt(*limit, 10)
	spec.Orchestration.TaskHistoryRetentionLimit = &lowered
	return true
}

func restoreHistory(spec *types.Spec) bool {
	limit, err := strconv.ParseInt(spec.Labels[labelHistory], 10, 64)
	if err != nil {
		return false
	}
	delete(spec.Labels, labelHistory)
	spec.Orchestration.TaskHistoryRetentionLimit = &limit
	return true
}
