package swarm

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A list must show ours, what the stack file misses and what is somebody else's, with their use.
func TestListShowsOwnersAndUse(t *testing.T) {
	w := world{
		objects: []thing{{"a", "app/a/1", ""}, {"a_v2", "app/a/2", ""}, {"b", "app/b/1", ""}, {"hand", "", ""}, {"hand2", "", ""}, {"other", "other/x/1", ""}, {"config:shim", "app/shim/1", ""}},
		uses:    map[string][]string{"app_web": {"a_v2", "config:shim", "hand"}, "app_api": {"a_v2"}},
	}
	state := w.state(nil)
	previous := serviceUsing("app_web", []string{"a"}).Spec
	state.Services[0].PreviousSpec = &previous
	named := []Pin{{Secret, "a", "a_v2"}, {Secret, "hand", "hand"}, {Secret, "new", "new"}}
	lines := func(state State) []string {
		var all []string
		for _, l := range List(state, named) {
			all = append(all, fmt.Sprintf("%s %s %s %v", l.Kind, l.Name, l.Usage, l.Services))
		}
		return all
	}
	want := []string{
		"secret a previous []", "secret a_v2 in use [app_api app_web]", "secret b unused []", "secret hand foreign [app_web]",
		"config shim in use [app_web]", "secret new missing []",
	}
	if diff := cmp.Diff(want, lines(state)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	state.Stack = ""
	if diff := cmp.Diff("secret other unused []", lines(state)[4]); diff != "" {
		t.Errorf("of every stack (-want +got):\n%s", diff)
	}
}
