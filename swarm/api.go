package swarm

import (
	"context"
	"io"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	types "github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/api/types/system"
	"github.com/docker/docker/client"
)

// API is what this package calls of the Engine; *client.Client has it.
type API interface {
	DaemonHost() string
	Info(ctx context.Context) (system.Info, error)

	SecretList(ctx context.Context, options types.SecretListOptions) ([]types.Secret, error)
	SecretCreate(ctx context.Context, spec types.SecretSpec) (types.SecretCreateResponse, error)
	SecretUpdate(ctx context.Context, id string, version types.Version, spec types.SecretSpec) error
	SecretRemove(ctx context.Context, id string) error

	ConfigList(ctx context.Context, options types.ConfigListOptions) ([]types.Config, error)
	ConfigCreate(ctx context.Context, spec types.ConfigSpec) (types.ConfigCreateResponse, error)
	ConfigUpdate(ctx context.Context, id string, version types.Version, spec types.ConfigSpec) error
	ConfigRemove(ctx context.Context, id string) error

	ServiceList(ctx context.Context, options types.ServiceListOptions) ([]types.Service, error)
	ServiceCreate(ctx context.Context, spec types.ServiceSpec, options types.ServiceCreateOptions) (types.ServiceCreateResponse, error)
	ServiceRemove(ctx context.Context, id string) error
	ServiceUpdate(ctx context.Context, id string, version types.Version, spec types.ServiceSpec, options types.ServiceUpdateOptions) (types.ServiceUpdateResponse, error)
	TaskList(ctx context.Context, options types.TaskListOptions) ([]types.Task, error)
	TaskLogs(ctx context.Context, id string, options container.LogsOptions) (io.ReadCloser, error)
	SwarmInspect(ctx context.Context) (types.Swarm, error)
	SwarmUpdate(ctx context.Context, version types.Version, spec types.Spec, flags types.UpdateFlags) error
	NetworkList(ctx context.Context, options network.ListOptions) ([]network.Summary, error)
	NodeList(ctx context.Context, options types.NodeListOptions) ([]types.Node, error)
}

var _ API = (*client.Client)(nil)
