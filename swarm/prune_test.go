package swarm

import (
	"testing"

	types "github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"
)

// A prune must remove what nothing needs, and nothing else.
func TestPruneRemovesWhatNothingNeeds(t *testing.T) {
	versions := []thing{{"pw", "app/pw/1", ""}, {"pw_v2", "app/pw/2", ""}, {"pw_v3", "app/pw/3", ""}, {"pw_v4", "app/pw/4", ""}}
	removed := func(name, version string) string {
		return "remove " + name + ", version " + version + " of pw, unused\n"
	}
	uses := func(objects ...string) map[string][]string { return map[string][]string{"app_web": objects} }
	for _, tt := range []struct {
		name  string
		world world
		opts  PruneOptions
		more  func(*State)
		plan  string
	}{
		{name: "keeps one before", world: world{versions, uses("pw_v4")}, opts: PruneOptions{Keep: 1}, plan: removed("pw", "1") + removed("pw_v2", "2")},
		{name: "keeps two before", world: world{versions, uses("pw_v4")}, opts: PruneOptions{Keep: 2}, plan: removed("pw", "1")},
		{name: "keeps none before", world: world{versions, uses("pw_v4")}, plan: removed("pw", "1") + removed("pw_v2", "2") + removed("pw_v3", "3")},
		{name: "newer ones that never ran", world: world{versions, uses("pw_v2")}, opts: PruneOptions{Keep: 1}, plan: removed("pw_v3", "3") + removed("pw_v4", "4")},
		{name: "the stack is gone", world: world{versions, nil}, opts: PruneOptions{Keep: 1}, plan: removed("pw", "1") + removed("pw_v2", "2") + removed("pw_v3", "3") + removed("pw_v4", "4")},
		{name: "the stack is gone, the file is not", world: world{versions, nil}, opts: PruneOptions{Keep: 1, Named: []Pin{{Secret: "pw", Object: "pw_v4"}}}, plan: removed("pw", "1") + removed("pw_v2", "2")},
		{name: "another stack uses one", world: world{versions, map[string][]string{"app_web": {"pw_v4"}, "other_x": {"pw"}}}, plan: removed("pw_v2", "2") + removed("pw_v3", "3")},
		{
			name: "a previous spec needs one", world: world{versions, uses("pw_v4")}, plan: removed("pw_v2", "2") + removed("pw_v3", "3"),
			more: func(s *State) {
				previous := serviceUsing("app_web", []string{"pw"}).Spec
				s.Services[0].PreviousSpec = &previous
			},
		},
		{
			name: "a live task needs one, an ended one not", world: world{versions, uses("pw_v4")}, plan: removed("pw", "1") + removed("pw_v3", "3"),
			more: func(s *State) {
				s.Tasks = []types.Task{
					{Spec: serviceUsing("app_web", []string{"pw_v2"}).Spec.TaskTemplate, Status: types.TaskStatus{State: types.TaskStateRunning}},
					{Spec: serviceUsing("app_web", []string{"pw"}).Spec.TaskTemplate, Status: types.TaskStatus{State: types.TaskStateShutdown}},
				}
			},
		},
		{name: "not ours", world: world{objects: []thing{{"pw", "", ""}, {"pw_v2", "other/pw/2", ""}}}},
		{name: "left the stack file", world: world{[]thing{{"pw", "app/pw/1", ""}, {"old", "app/pw/2", ""}}, uses("pw")}, plan: removed("old", "2")},
		{name: "configs too", world: world{[]thing{{"config:shim", "app/pw/1", ""}, {"config:shim_v2", "app/pw/2", ""}}, uses("config:shim_v2")}, plan: "remove config shim, version 1 of pw, unused\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			state := tt.world.state(nil)
			if tt.more != nil {
				tt.more(&state)
			}
			if diff := cmp.Diff(tt.plan, NewPrune("app", state, tt.opts).String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
