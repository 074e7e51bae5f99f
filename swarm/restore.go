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
	Others   []string // somebody else changed them meanwhile; they stay
}

// Written is what a run made of the services of a stack, by their IDs. The nil Written is not
// known.
type Written map[string]types.ServiceSpec

// ReadWritten returns what the services of stack are now, just after the run changed them.
func ReadWritten(ctx context.Context, api API, stack string) (Written, error) {
	services, err := servicesOf(ctx, api, stack)
	if err != nil {
		return nil, explain(err, api)
	}
	written := Written{}
	for id, service := range services {
		written[id] = service.Spec
	}
	return written, nil
}

// isOthers reports whether service has a specification that neither the run wrote nor old
// has: somebody else's, unless the Engine rolled it back. To scale it, or to force an update,
// is no change that a rollback loses: see keeping.
func (w Written) isOthers(service, old types.Service) bool {
	spec, known := w[service.ID]
	spec.Mode, spec.TaskTemplate.ForceUpdate = service.Spec.Mode, service.Spec.TaskTemplate.ForceUpdate
	return known && !isRolledBack(service) && !reflect.DeepEqual(service.Spec, spec) && !reflect.DeepEqual(service.Spec, old.Spec)
}

// keeping returns old's specification with the scale that somebody gave current meanwhile.
func (w Written) keeping(current, old types.Service) types.ServiceSpec {
	spec := old.Spec
	if written, known := w[current.ID]; known && !isRolledBack(current) && !reflect.DeepEqual(written.Mode, current.Spec.Mode) {
		spec.Mode = current.Spec.Mode
	}
	return spec
}

// errOthers is for a service that somebody else changed.
var errOthers = errors.New("it was changed meanwhile")

// Restore gives every service of before's stack the spec back that it has in that
// snapshot. Those whose spec is the same are left alone, unless the Engine stopped
// or rolled back their update: writing the spec ends that without a restart. The Engine's own
// rollback would not do: docker stack deploy overwrites the previous spec also
// where it changes nothing. A service that somebody else changed after the run had written it
// stays as it is. Whether the restored tasks run is for Watch to say.
func Restore(ctx context.Context, api API, before State, written Written) (Restored, error) {
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
			err := restoreService(ctx, api, before.Stack, old, written)
			if errors.Is(err, errOthers) {
				restored.Others = append(restored.Others, name)
				continue
			}
			if err != nil {
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
// is under way changes the version all the time. It fails with errOthers where somebody else's is there.
func restoreService(ctx context.Context, api API, stack string, old types.Service, written Written) error {
	_, err := retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		services, err := servicesOf(ctx, api, stack)
		if err != nil {
			return done, err
		}
		current, exists := services[old.ID]
		if !exists {
			return done, errors.New("it is gone")
		}
		if written.isOthers(current, old) {
			return done, errOthers
		}
		_, err = api.ServiceUpdate(ctx, old.ID, current.Version, written.keeping(current, old), types.ServiceUpdateOptions{RegistryAuthFrom: types.RegistryAuthFromSpec})
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
