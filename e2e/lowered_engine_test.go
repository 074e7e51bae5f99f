package e2e

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// deployed is what an Engine has of one stack, by the names in a want: web,
// network:backend, config:NAME, secret:NAME.
type deployed map[string]reflect.Value

// inspectStack reads the stack from the Engine. IDs of networks are replaced by
// names, the stack's name is taken off where it stands before one of a service,
// network or volume, and dir off the paths of bind mounts.
func inspectStack(t *testing.T, engine *enginetest.Engine, stack, dir string) deployed {
	t.Helper()
	label := filters.NewArgs(filters.Arg("label", "com.docker.stack.namespace="+stack))
	services, err := engine.Client.ServiceList(t.Context(), swarm.ServiceListOptions{Filters: label})
	if err != nil {
		t.Fatal(err)
	}
	found := inspectObjects(t, engine, stack)
	for _, s := range services {
		task := &s.Spec.TaskTemplate
		for i, n := range task.Networks {
			joined, err := engine.Client.NetworkInspect(t.Context(), n.Target, network.InspectOptions{})
			if err != nil {
				t.Fatal(err)
			}
			task.Networks[i].Target = strings.TrimPrefix(joined.Name, stack+"_")
		}
		for i, m := range task.ContainerSpec.Mounts {
			task.ContainerSpec.Mounts[i].Source = strings.TrimPrefix(strings.Replace(m.Source, dir, ".", 1), stack+"_")
		}
		found[strings.TrimPrefix(s.Spec.Name, stack+"_")] = reflect.ValueOf(s.Spec)
	}
	return found
}

// inspectObjects reads what services refer to.
func inspectObjects(t *testing.T, engine *enginetest.Engine, stack string) deployed {
	t.Helper()
	networks, err1 := engine.Client.NetworkList(t.Context(), network.ListOptions{})
	configs, err2 := engine.Client.ConfigList(t.Context(), swarm.ConfigListOptions{})
	secrets, err3 := engine.Client.SecretList(t.Context(), swarm.SecretListOptions{})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	found := deployed{}
	for _, n := range networks {
		found["network:"+strings.TrimPrefix(n.Name, stack+"_")] = reflect.ValueOf(n)
	}
	for _, c := range configs {
		found["config:"+c.Spec.Name] = reflect.ValueOf(c.Spec)
	}
	for _, s := range secrets {
		found["secret:"+s.Spec.Name] = reflect.ValueOf(s.Spec)
	}
	return found
}

// updateNode tries again while the Swarm itself writes to the node.
func updateNode(ctx context.Context, engine *enginetest.Engine, to swarm.NodeAvailability) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		nodes, err := engine.Client.NodeList(ctx, swarm.NodeListOptions{})
		if err != nil {
			return err
		}
		nodes[0].Spec.Availability = to
		if err = engine.Client.NodeUpdate(ctx, nodes[0].ID, nodes[0].Version, nodes[0].Spec); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("set the node to %s: %w", to, err)
		case <-tick.C:
		}
	}
}
