package swarm

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/docker/docker/api/types/filters"
	types "github.com/docker/docker/api/types/swarm"
)

// Restored says what Restore did and could not do. All names are without the
// stack's, sorted.
type Restored struct {
	Services []string // went back to the spec of the snapshot
	New      []string // did not exist in the snapshot, and stay
	Gone     []string // existed in the snapshot and no more; they cannot be brought back
}

// Restore gives every service of before's stack the spec back that it has in that
// snapshot. Those whose spec is the same are left alone, unless the Engine stopped
// or rolled back their update: writing the spec ends that without a restart. The Engine's own
// rollback would not do: docker stack deploy overwrites the previous spec also
// where it changes nothing. Whether the restored tasks run is for Watch to say.
func Restore(ctx context.Context, api API, before State) (Restored, error) {
	now, err := servicesOf(ctx, api, before.Stack)
	if err != nil {
		return Restored{}, explain(err, api)
	}
	var restored Restored
	var errs []error
	for _, old := range before.Services {
		if old.Spec.Labels[stackLabel] != before.Stack {
			continue
		}
		name := strings.TrimPrefix(old.Spec.Name, before.Stack+"_")
		current, exists := now[old.ID]
		delete(now, old.ID)
		switch {
		case !exists:
			restored.Gone = append(restored.Gone, name)
		case !reflect.DeepEqual(current.Spec, old.Spec) || updateStopped(current):
			if err := restoreService(ctx, api, before.Stack, old); err != nil {
				errs = append(errs, fmt.Errorf("restore service %s: %w", name, explain(err, api)))
				continue
			}
			restored.Services = append(restored.Services, name)
		}
	}
	for _, service := range now {
		restored.New = append(restored.New, strings.TrimPrefix(service.Spec.Name, before.Stack+"_"))
	}
	slices.Sort(restored.New)
	return restored, errors.Join(errs...)
}

func updateStopped(service types.Service) bool {
	return service.UpdateStatus != nil && service.UpdateStatus.State != types.UpdateStateCompleted &&
		service.UpdateStatus.State != types.UpdateStateUpdating
}

func servicesOf(ctx context.Context, api API, stack string) (map[string]types.Service, error) {
	services, err := retry(ctx, func(ctx context.Context) ([]types.Service, error) {
		return api.ServiceList(ctx, types.ServiceListOptions{Filters: filters.NewArgs(filters.Arg("label", stackLabel+"="+stack))})
	})
	if err != nil {
		return nil, fmt.Errorf("list services: %w", err)
	}
	byID := make(map[string]types.Service, len(services))
	for _, service := range services {
		byID[service.ID] = service
	}
	return byID, nil
}

// restoreService writes the old spec over whatever version is there: an update that
// is under way changes the version all the time.
func restoreService(ctx context.Context, api API, stack string, old types.Service) error {
	_, err := retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		services, err := servicesOf(ctx, api, stack)
		if err != nil {
			return done, err
		}
		current, exists := services[old.ID]
		if !exists {
			return done, errors.New("it is gone")
		}
		_, err = api.ServiceUpdate(ctx, old.ID, current.Version, old.Spec, types.ServiceUpdateOptions{RegistryAuthFrom: types.RegistryAuthFromSpec})
		if err != nil && isOutdated(err) {
			err = fmt.Errorf("%w: %w", errAgain, err)
		}
		return done, err
	})
	return err
}

// isOutdated reports whether an update was refused because its object changed since it
// was read.
func isOutdated(err error) bool { return strings.Contains(err.Error(), answerEqual) }
