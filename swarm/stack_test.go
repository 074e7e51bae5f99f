package swarm

import (
	"testing"

	types "github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"
)

// Only the label must tell whose a service is: shop_b_web may be b_web of shop, or
// web of shop_b.
func TestOnlyLabelTellsWhoseServiceIs(t *testing.T) {
	service := func(name, stack string) types.Service {
		spec := types.ServiceSpec{Annotations: types.Annotations{Name: name}}
		if stack != "" {
			spec.Labels = map[string]string{stackLabel: stack}
		}
		spec.TaskTemplate.ContainerSpec = &types.ContainerSpec{Secrets: []*types.SecretReference{secretRef("id", "shop_pw", "pw")}}
		return types.Service{Spec: spec}
	}
	state := State{Stack: "shop", Services: []types.Service{service("by_hand", ""), service("shop_b_api", "shop"), service("shop_b_web", "shop_b"), service("shop_web", "shop")}}
	if diff := cmp.Diff([]string{"by_hand", "shop_b_web"}, state.Outside(Object{ID: "id"})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string(nil), state.Outside(Object{ID: "other"})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
