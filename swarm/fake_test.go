package swarm

import (
	"context"
	"io"
	"testing"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	types "github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/api/types/system"
)

// fakeAPI answers with its functions. A call without one fails the test.
type fakeAPI struct {
	t *testing.T

	info          func() (system.Info, error)
	secretList    func() ([]types.Secret, error)
	secretCreate  func(types.SecretSpec) error
	secretUpdate  func(id string, version types.Version, spec types.SecretSpec) error
	secretRemove  func(id string) error
	configList    func() ([]types.Config, error)
	configCreate  func(types.ConfigSpec) error
	configUpdate  func(id string, version types.Version, spec types.ConfigSpec) error
	configRemove  func(id string) error
	serviceList   func() ([]types.Service, error)
	serviceCreate func(types.ServiceSpec) (id string, err error)
	serviceRemove func(id string) error
	serviceUpdate func(id string, version types.Version, spec types.ServiceSpec) error
	taskList      func() ([]types.Task, error)
	taskLogs      func(id string) (io.ReadCloser, error)
	networkList   func() ([]network.Summary, error)
	nodeList      func() ([]types.Node, error)
	swarmInspect  func() (types.Swarm, error)
	swarmUpdate   func(types.Spec) error
}

var _ API = (*fakeAPI)(nil)

func expected[F any](f *fakeAPI, fn *F, isNil bool, name string) F {
	f.t.Helper()
	if isNil {
		f.t.Errorf("unexpected call of %s", name)
		panic("unexpected call of " + name)
	}
	return *fn
}

func (f *fakeAPI) DaemonHost() string { return "unix:///fake.sock" }

func (f *fakeAPI) Info(context.Context) (system.Info, error) {
	return expected(f, &f.info, f.info == nil, "Info")()
}

func (f *fakeAPI) SecretList(context.Context, types.SecretListOptions) ([]types.Secret, error) {
	return expected(f, &f.secretList, f.secretList == nil, "SecretList")()
}

func (f *fakeAPI) SecretCreate(_ context.Context, spec types.SecretSpec) (types.SecretCreateResponse, error) {
	return types.SecretCreateResponse{}, expected(f, &f.secretCreate, f.secretCreate == nil, "SecretCreate")(spec)
}

func (f *fakeAPI) SecretUpdate(_ context.Context, id string, version types.Version, spec types.SecretSpec) error {
	return expected(f, &f.secretUpdate, f.secretUpdate == nil, "SecretUpdate")(id, version, spec)
}

func (f *fakeAPI) SecretRemove(_ context.Context, id string) error {
	return expected(f, &f.secretRemove, f.secretRemove == nil, "SecretRemove")(id)
}

func (f *fakeAPI) ConfigList(context.Context, types.ConfigListOptions) ([]types.Config, error) {
	return expected(f, &f.configList, f.configList == nil, "ConfigList")()
}

func (f *fakeAPI) ConfigCreate(_ context.Context, spec types.ConfigSpec) (types.ConfigCreateResponse, error) {
	return types.ConfigCreateResponse{}, expected(f, &f.configCreate, f.configCreate == nil, "ConfigCreate")(spec)
}

func (f *fakeAPI) ConfigUpdate(_ context.Context, id string, version types.Version, spec types.ConfigSpec) error {
	return expected(f, &f.configUpdate, f.configUpdate == nil, "ConfigUpdate")(id, version, spec)
}

func (f *fakeAPI) ConfigRemove(_ context.Context, id string) error {
	return expected(f, &f.configRemove, f.configRemove == nil, "ConfigRemove")(id)
}

func (f *fakeAPI) ServiceList(context.Context, types.ServiceListOptions) ([]types.Service, error) {
	return expected(f, &f.serviceList, f.serviceList == nil, "ServiceList")()
}

func (f *fakeAPI) ServiceCreate(_ context.Context, spec types.ServiceSpec, _ types.ServiceCreateOptions) (types.ServiceCreateResponse, error) {
	id, err := expected(f, &f.serviceCreate, f.serviceCreate == nil, "ServiceCreate")(spec)
	return types.ServiceCreateResponse{ID: id}, err
}

func (f *fakeAPI) ServiceRemove(_ context.Context, id string) error {
	return expected(f, &f.serviceRemove, f.serviceRemove == nil, "ServiceRemove")(id)
}

func (f *fakeAPI) ServiceUpdate(_ context.Context, id string, version types.Version, spec types.ServiceSpec, _ types.ServiceUpdateOptions) (types.ServiceUpdateResponse, error) {
	return types.ServiceUpdateResponse{}, expected(f, &f.serviceUpdate, f.serviceUpdate == nil, "ServiceUpdate")(id, version, spec)
}

func (f *fakeAPI) TaskList(context.Context, types.TaskListOptions) ([]types.Task, error) {
	return expected(f, &f.taskList, f.taskList == nil, "TaskList")()
}

func (f *fakeAPI) TaskLogs(_ context.Context, id string, _ container.LogsOptions) (io.ReadCloser, error) {
	return expected(f, &f.taskLogs, f.taskLogs == nil, "TaskLogs")(id)
}

func (f *fakeAPI) NodeList(context.Context, types.NodeListOptions) ([]types.Node, error) {
	return expected(f, &f.nodeList, f.nodeList == nil, "NodeList")()
}

func (f *fakeAPI) NetworkList(context.Context, network.ListOptions) ([]network.Summary, error) {
	return expected(f, &f.networkList, f.networkList == nil, "NetworkList")()
}

func (f *fakeAPI) SwarmInspect(context.Context) (types.Swarm, error) {
	return expected(f, &f.swarmInspect, f.swarmInspect == nil, "SwarmInspect")()
}

func (f *fakeAPI) SwarmUpdate(_ context.Context, _ types.Version, spec types.Spec, _ types.UpdateFlags) error {
	return expected(f, &f.swarmUpdate, f.swarmUpdate == nil, "SwarmUpdate")(spec)
}
