package swarm

import (
	"testing"

	types "github.com/docker/docker/api/types/swarm"
)

// A service is somebody else's only if neither the run, nor the snapshot, nor the Engine's own
// rollback gave it what it has; a scale that somebody gave it stays.
func TestRestoreKnowsChangesOfOthers(t *testing.T) {
	t.Parallel()
	service := func(image string, replicas, force uint64) types.Service {
		s := types.Service{ID: "id"}
		s.Spec.TaskTemplate.ContainerSpec = &types.ContainerSpec{Image: image}
		s.Spec.TaskTemplate.ForceUpdate = force
		s.Spec.Mode.Replicated = &types.ReplicatedService{Replicas: &replicas}
		return s
	}
	old := service("old", 1, 0)
	written := Written{"id": service("new", 1, 0).Spec}
	rolledBack := service("older", 1, 0)
	rolledBack.UpdateStatus = &types.UpdateStatus{State: types.UpdateStateRollbackCompleted}
	for name, tt := range map[string]struct {
		now      types.Service
		written  Written
		others   bool
		replicas uint64
	}{
		"as written":         {service("new", 1, 0), written, false, 1},
		"as before":          {service("old", 1, 0), written, false, 1},
		"scaled":             {service("new", 3, 0), written, false, 3},
		"forced":             {service("new", 1, 1), written, false, 1},
		"changed":            {service("theirs", 1, 0), written, true, 1},
		"changed and scaled": {service("theirs", 3, 0), written, true, 3},
		"by the Engine":      {rolledBack, written, false, 1},
		"not known":          {service("theirs", 3, 0), nil, false, 1},
	} {
		if got := tt.written.isOthers(tt.now, old); got != tt.others {
			t.Errorf("%s: somebody else's %v, want %v", name, got, tt.others)
		}
		spec := tt.written.keeping(tt.now, old)
		if got := *spec.Mode.Replicated.Replicas; got != tt.replicas || spec.TaskTemplate.ContainerSpec.Image != "old" {
			t.Errorf("%s: restored with %d replicas of %s, want %d of old", name, got, spec.TaskTemplate.ContainerSpec.Image, tt.replicas)
		}
	}
}
