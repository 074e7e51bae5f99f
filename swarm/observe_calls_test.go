package swarm

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	types "github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/api/types/system"
	"github.com/google/go-cmp/cmp"
)

// swarmOf is a Swarm with that many secrets, and services that each use five of them. calls
// counts what is asked.
func swarmOf(api *fakeAPI, secrets, services int) (calls func() map[string]int) {
	asked := map[string]int{}
	var mu sync.Mutex // some are asked at once
	count := func(kind string) {
		mu.Lock()
		defer mu.Unlock()
		asked[kind]++
	}
	api.info = func() (system.Info, error) {
		count("info")
		return system.Info{Swarm: types.Info{LocalNodeState: types.LocalNodeStateActive, ControlAvailable: true}}, nil
	}
	api.secretList = func() ([]types.Secret, error) {
		count("secrets")
		all := make([]types.Secret, secrets)
		for i := range all {
			all[i].ID = fmt.Sprintf("secret%d", i)
			all[i].Spec.Name = fmt.Sprintf("app_secret%d_1", i)
			all[i].Spec.Labels = map[string]string{"com.docker.stack.namespace": "app"}
		}
		return all, nil
	}
	api.configList = func() ([]types.Config, error) { count("configs"); return nil, nil }
	api.nodeList = func() ([]types.Node, error) { count("nodes"); return nil, nil }
	api.taskList = func() ([]types.Task, error) {
		count("tasks")
		all := make([]types.Task, services)
		for i := range all {
			all[i].ID, all[i].ServiceID = fmt.Sprintf("task%d", i), fmt.Sprintf("service%d", i)
			all[i].Spec.ContainerSpec = containerOf(i, secrets)
		}
		return all, nil
	}
	api.serviceList = func() ([]types.Service, error) {
		count("services")
		all := make([]types.Service, services)
		for i := range all {
			all[i].ID, all[i].Spec.Name = fmt.Sprintf("service%d", i), fmt.Sprintf("app_service%d", i)
			all[i].Spec.TaskTemplate.ContainerSpec = containerOf(i, secrets)
		}
		return all, nil
	}
	return func() map[string]int { return asked }
}

// containerOf is the container of service i, with five secrets.
func containerOf(i, secrets int) *types.ContainerSpec {
	spec := &types.ContainerSpec{Image: "registry.example.com/app:1"}
	for n := range 5 {
		at := (5*i + n) % secrets
		spec.Secrets = append(spec.Secrets, &types.SecretReference{SecretID: fmt.Sprintf("secret%d", at), SecretName: fmt.Sprintf("app_secret%d_1", at)})
	}
	return spec
}

// A snapshot must cost one call a kind, of a large Swarm as of a small one.
func TestObserveAsksOnceAKind(t *testing.T) {
	for _, many := range []int{5, 500} {
		api := &fakeAPI{t: t}
		calls := swarmOf(api, many, many)
		state, err := Observe(t.Context(), api, "app")
		if err != nil {
			t.Fatal(err)
		}
		if len(state.Objects) != many || len(state.Services) != many {
			t.Errorf("%d objects and %d services are seen, want %d of both", len(state.Objects), len(state.Services), many)
		}
		want := map[string]int{"info": 1, "secrets": 1, "configs": 1, "nodes": 1, "tasks": 1, "services": 1}
		if diff := cmp.Diff(want, calls()); diff != "" {
			t.Errorf("%d secrets and services (-want +got)\n%s", many, diff)
		}
	}
}

// BenchmarkObserve is a snapshot of 5,000 secrets and 1,000 services, with the memory that
// it holds, the Engine's answers included.
func BenchmarkObserve(b *testing.B) {
	api := &fakeAPI{t: new(testing.T)} // every call has an answer
	swarmOf(api, 5000, 1000)
	var state State
	held := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before := held()
	for b.Loop() {
		var err error
		if state, err = Observe(b.Context(), api, "app"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(held()-before)/1e6, "MB-held")
	runtime.KeepAlive(state)
}
