package swarm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	types "github.com/docker/docker/api/types/swarm"
)

// Switch makes the services of the snapshot's stack use the versions that plan
// pins, in the place of the ones of the same logical name: one update a service,
// however many secrets it reads. Services that do not use any of them, or use them
// already, are left alone, so that a switch which was killed is finished by
// another. It returns what it updated, without the stack's name, sorted; the rest
// is for Watch.
func Switch(ctx context.Context, api API, state State, plan Plan) ([]string, error) {
	s := switcher{api: api, state: state, current: map[question]Object{}}
	for _, op := range plan.Ops {
		object, found, err := lookUpAgain(ctx, api, op)
		if err == nil && !found {
			err = errors.New("it is gone")
		}
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", op.Kind, op.Name, explain(err, api))
		}
		s.current[question{kind: op.Kind, name: op.Secret}] = object
	}
	var updated []string
	var errs []error
	for _, service := range state.Services {
		if service.Spec.Labels[stackLabel] != state.Stack {
			continue
		}
		name := strings.TrimPrefix(service.Spec.Name, state.Stack+"_")
		changed, err := s.update(ctx, service.ID)
		if err != nil {
			errs = append(errs, fmt.Errorf("update service %s: %w", name, explain(err, api)))
		}
		if changed {
			updated = append(updated, name)
		}
	}
	slices.Sort(updated)
	return updated, errors.Join(errs...)
}

func lookUpAgain(ctx context.Context, api API, op Op) (Object, bool, error) {
	type result struct {
		object Object
		found  bool
	}
	got, err := retry(ctx, func(ctx context.Context) (result, error) {
		object, found, err := lookUp(ctx, api, op.Kind, op.Name)
		return result{object, found}, err
	})
	return got.object, got.found, err
}

type switcher struct {
	api     API
	state   State
	current map[question]Object // by kind and logical name
}

// update updates the service with that ID, over whatever version is there.
func (s switcher) update(ctx context.Context, id string) (changed bool, err error) {
	_, err = retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		services, err := servicesOf(ctx, s.api, s.state.Stack)
		if err != nil {
			return done, err
		}
		service, exists := services[id]
		if !exists || service.Spec.TaskTemplate.ContainerSpec == nil {
			return done, nil // it was removed meanwhile, or runs no containers
		}
		spec, differs := s.switched(service.Spec)
		if !differs {
			return done, nil
		}
		changed = true
		_, err = s.api.ServiceUpdate(ctx, id, service.Version, spec, types.ServiceUpdateOptions{RegistryAuthFrom: types.RegistryAuthFromSpec})
		if err != nil && isOutdated(err) {
			err = fmt.Errorf("%w: %w", errAgain, err)
		}
		return done, err
	})
	return changed, err
}

// switched returns spec with the references to earlier versions replaced; spec itself
// does not change.
func (s switcher) switched(spec types.ServiceSpec) (_ types.ServiceSpec, differs bool) {
	container := *spec.TaskTemplate.ContainerSpec
	container.Secrets, container.Configs = slices.Clone(container.Secrets), slices.Clone(container.Configs)
	for i, ref := range container.Secrets {
		if object, other := s.replacement(Secret, ref.SecretID, ref.SecretName); other {
			replaced := *ref
			replaced.SecretID, replaced.SecretName = object.ID, object.Name
			container.Secrets[i], differs = &replaced, true
		}
	}
	for i, ref := range container.Configs {
		if object, other := s.replacement(Config, ref.ConfigID, ref.ConfigName); other {
			replaced := *ref
			replaced.ConfigID, replaced.ConfigName = object.ID, object.Name
			container.Configs[i], differs = &replaced, true
		}
	}
	spec.TaskTemplate.ContainerSpec = &container
	return spec, differs
}

// replacement returns the version to use in place of the object with that ID and name;
// other is false if there is none, or if it is used already.
func (s switcher) replacement(kind Kind, id, name string) (object Object, other bool) {
	for _, known := range s.state.Objects {
		if known.ID == id && known.Kind == kind && known.Owner.Stack == s.state.Stack {
			name = known.Owner.Secret
		}
	}
	object, found := s.current[question{kind: kind, name: name}]
	return object, found && object.ID != id
}
