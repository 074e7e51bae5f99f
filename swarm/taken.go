package swarm

import (
	"context"
	"fmt"
	"slices"

	"github.com/docker/docker/api/types/network"
	types "github.com/docker/docker/api/types/swarm"
)

// Published is a port that a service is to publish.
type Published struct {
	Service  string // without the stack's name
	Number   int
	Protocol string // tcp, udp or sctp
	Host     bool   // on the task's own node only
}

// PortsTaken returns one error for each of ports that another service has, in order: one
// that the deploy does not touch. The Swarm refuses it only when the deploy is half done.
// services are those that are deployed, without the stack's name; with pruned, others of
// the stack are removed before.
//
// As in swarmkit's checkPortConflicts, a port that is published by every node is a
// conflict with both kinds, one of the task's node with the other kind only.
func (s State) PortsTaken(ports []Published, services []string, pruned bool) (faults []error) {
	for _, port := range ports {
		for _, service := range s.Services {
			if s.isReplaced(service, services, pruned) || !slices.ContainsFunc(portsOf(service), port.conflicts) {
				continue
			}
			faults = append(faults, fmt.Errorf("service %s: port %d/%s is published by service %s already; publish another, or remove that service",
				port.Service, port.Number, port.Protocol, service.Spec.Name))
			break
		}
	}
	return faults
}

// isReplaced reports whether the deploy writes, or removes, the service.
func (s State) isReplaced(service types.Service, services []string, pruned bool) bool {
	if service.Spec.Labels[stackLabel] != s.Stack {
		return false
	}
	return pruned || slices.ContainsFunc(services, func(name string) bool { return s.Stack+"_"+name == service.Spec.Name })
}

// portsOf returns the ports that were asked for, and those that the Swarm chose.
func portsOf(service types.Service) []types.PortConfig {
	ports := service.Endpoint.Ports
	if service.Spec.EndpointSpec != nil {
		ports = append(slices.Clone(ports), service.Spec.EndpointSpec.Ports...)
	}
	return ports
}

func (p Published) conflicts(other types.PortConfig) bool {
	otherHost := other.PublishMode == types.PortConfigPublishModeHost
	return int(other.PublishedPort) == p.Number && string(other.Protocol) == p.Protocol && !(p.Host && otherHost)
}

// MissingNetworks returns the names that are no network which services can be in: one of
// the whole Swarm, or one that every node has.
func MissingNetworks(ctx context.Context, api API, names []string) (missing []string, err error) {
	networks, err := retry(ctx, func(ctx context.Context) ([]network.Summary, error) {
		return api.NetworkList(ctx, network.ListOptions{})
	})
	if err != nil {
		return nil, fmt.Errorf("list networks: %w", explain(err, api))
	}
	for _, name := range names {
		if !isPredefined(name) && !slices.ContainsFunc(networks, func(n network.Summary) bool {
			return (n.Name == name || n.ID == name) && n.Scope == "swarm"
		}) {
			missing = append(missing, name)
		}
	}
	return missing, nil
}

// isPredefined reports whether every node has the network, as the docker CLI takes it.
func isPredefined(name string) bool { return name == "host" || name == "bridge" || name == "none" }
