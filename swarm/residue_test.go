package swarm

import (
	"testing"

	types "github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"
)

// A value must be found wherever it stands, and never be shown.
func TestResidueIsFoundWhereverItStands(t *testing.T) {
	const value = "hunter2"
	plain := types.ServiceSpec{
		Annotations: types.Annotations{Name: "app_web", Labels: map[string]string{"auth": "user:" + value, "k" + value: "x"}},
		TaskTemplate: types.TaskSpec{ContainerSpec: &types.ContainerSpec{
			Env: []string{"A=b", "PASSWORD=" + value}, Args: []string{"--password", value},
		}},
	}
	clean := types.ServiceSpec{Annotations: types.Annotations{Name: "app_web"}, TaskTemplate: types.TaskSpec{ContainerSpec: &types.ContainerSpec{Env: []string{"PASSWORD_FILE=/run/secrets/password"}}}}
	state := State{
		Services: []types.Service{{ID: "s", Spec: clean, PreviousSpec: &plain}},
		Tasks: []types.Task{
			{ServiceID: "s", Slot: 1, Spec: plain.TaskTemplate, Status: types.TaskStatus{State: types.TaskStateShutdown}},
			{ServiceID: "s", Slot: 1, Spec: clean.TaskTemplate, Status: types.TaskStatus{State: types.TaskStateRunning}},
		},
		Objects: []Object{{Kind: Config, Name: "shim", data: []byte("export P=" + value)}},
	}
	residues := []Residue{
		{"pw", "config shim: content", ""},
		{"pw", "service app_web, previous spec: Annotations.Labels (a key)", "s"},
		{"pw", "service app_web, previous spec: Annotations.Labels.auth", "s"},
		{"pw", "service app_web, previous spec: TaskTemplate.ContainerSpec.Args[1]", "s"},
		{"pw", "service app_web, previous spec: environment PASSWORD", "s"},
		{"pw", "task app_web.1 (shutdown): ContainerSpec.Args[1]", "s"},
		{"pw", "task app_web.1 (shutdown): environment PASSWORD", "s"},
	}
	wants := []Want{want("pw", value), want("short", "b"), want("missing", "")}
	if diff := cmp.Diff(residues, FindResidue(state, wants)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
