package swarm

import (
	"testing"

	"github.com/docker/docker/api/types/network"
	types "github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"
)

// A port must be taken exactly where the Swarm would refuse it.
func TestPortsTakenAreThoseThatSwarmRefuses(t *testing.T) {
	publishes := func(stack, name string, mode types.PortConfigPublishMode) types.Service {
		return types.Service{Spec: types.ServiceSpec{
			Annotations:  types.Annotations{Name: name, Labels: map[string]string{stackLabel: stack}},
			EndpointSpec: &types.EndpointSpec{Ports: []types.PortConfig{{Protocol: "tcp", PublishedPort: 80, PublishMode: mode}}},
		}}
	}
	const ingress, host = types.PortConfigPublishModeIngress, types.PortConfigPublishModeHost
	const refusal = "service web: port 80/tcp is published by service other_web already; publish another, or remove that service"
	for name, tt := range map[string]struct {
		service types.Service
		port    Published
		pruned  bool
		want    string
	}{
		"of every node":             {publishes("other", "other_web", ingress), Published{"web", 80, "tcp", false}, false, refusal},
		"of one node":               {publishes("other", "other_web", host), Published{"web", 80, "tcp", false}, false, refusal},
		"of every node, wants one":  {publishes("other", "other_web", ingress), Published{"web", 80, "tcp", true}, false, refusal},
		"both of one node":          {publishes("other", "other_web", host), Published{"web", 80, "tcp", true}, false, ""},
		"another protocol":          {publishes("other", "other_web", ingress), Published{"web", 80, "udp", false}, false, ""},
		"another port":              {publishes("other", "other_web", ingress), Published{"web", 81, "tcp", false}, false, ""},
		"the service itself":        {publishes("app", "app_web", ingress), Published{"web", 80, "tcp", false}, false, ""},
		"one that is pruned":        {publishes("app", "app_old", ingress), Published{"web", 80, "tcp", false}, true, ""},
		"one that the file has not": {publishes("app", "other_web", ingress), Published{"web", 80, "tcp", false}, false, refusal},
	} {
		got := ""
		for _, err := range (State{Stack: "app", Services: []types.Service{tt.service}}).PortsTaken([]Published{tt.port}, []string{"web"}, tt.pruned) {
			got += err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// A network must be of the whole Swarm, or one that every node has.
func TestMissingNetworksAreNotOfTheSwarm(t *testing.T) {
	api := &fakeAPI{t: t, networkList: func() ([]network.Summary, error) {
		return []network.Summary{{Name: "shop", Scope: "swarm"}, {Name: "mine", Scope: "local"}}, nil
	}}
	missing, err := MissingNetworks(t.Context(), api, []string{"shop", "mine", "none", "host", "nowhere"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"mine", "nowhere"}, missing); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
