package swarm

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	types "github.com/docker/docker/api/types/swarm"
)

// Observe takes one snapshot of the Swarm for stack: one list call a kind of
// object. It fails with one line that says what to do when the daemon cannot be
// reached, is not in a Swarm, is a worker, or its Swarm is locked. Errors of a
// Swarm that elects a leader are waited out until ctx ends.
func Observe(ctx context.Context, api API, stack string) (State, error) {
	if err := checkManager(ctx, api); err != nil {
		return State{}, err
	}
	state := State{Stack: stack}
	for _, step := range [][]func(context.Context, API) error{
		// Objects before their users: what a service created in between refers to
		// is then missing here, and not taken for unused.
		{state.observeSecrets}, {state.observeConfigs}, {state.observeServices, state.observeTasks, state.observeNodes},
	} {
		if err := together(ctx, api, step); err != nil {
			return State{}, explain(err, api)
		}
	}
	slices.SortFunc(state.Objects, compareObjects)
	return state, nil
}

// together observes several kinds at once, and returns the first one's error.
func together(ctx context.Context, api API, step []func(context.Context, API) error) error {
	errs := make([]error, len(step))
	_ = forEach(ctx, len(step), func(ctx context.Context, i int) error {
		errs[i] = step[i](ctx, api)
		return nil
	})
	return cmp.Or(append(errs, ctx.Err())...)
}

func (s *State) observeSecrets(ctx context.Context, api API) error {
	secrets, err := retry(ctx, func(ctx context.Context) ([]types.Secret, error) {
		return api.SecretList(ctx, types.SecretListOptions{})
	})
	if err != nil {
		return fmt.Errorf("list secrets: %w", err)
	}
	for _, secret := range secrets {
		s.Objects = append(s.Objects, secretObject(secret))
	}
	return nil
}

func (s *State) observeConfigs(ctx context.Context, api API) error {
	configs, err := retry(ctx, func(ctx context.Context) ([]types.Config, error) {
		return api.ConfigList(ctx, types.ConfigListOptions{})
	})
	if err != nil {
		return fmt.Errorf("list configs: %w", err)
	}
	for _, config := range configs {
		s.Objects = append(s.Objects, configObject(config))
	}
	return nil
}

func (s *State) observeServices(ctx context.Context, api API) error {
	services, err := retry(ctx, func(ctx context.Context) ([]types.Service, error) {
		return api.ServiceList(ctx, types.ServiceListOptions{})
	})
	if err != nil {
		return fmt.Errorf("list services: %w", err)
	}
	slices.SortFunc(services, func(a, b types.Service) int { return cmp.Compare(a.Spec.Name, b.Spec.Name) })
	s.Services = services
	return nil
}

func (s *State) observeTasks(ctx context.Context, api API) error {
	tasks, err := retry(ctx, func(ctx context.Context) ([]types.Task, error) {
		return api.TaskList(ctx, types.TaskListOptions{})
	})
	if err != nil {
		return fmt.Errorf("list tasks: %w", err)
	}
	s.Tasks = tasks
	return nil
}

func (s *State) observeNodes(ctx context.Context, api API) error {
	nodes, err := retry(ctx, func(ctx context.Context) ([]types.Node, error) {
		return api.NodeList(ctx, types.NodeListOptions{})
	})
	if err != nil {
		return fmt.Errorf("list nodes: %w", err)
	}
	s.Nodes = make(map[string]string, len(nodes))
	for _, node := range nodes {
		s.Nodes[node.ID] = node.Description.Hostname
	}
	return nil
}
