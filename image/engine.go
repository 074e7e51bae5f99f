package image

import (
	"context"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// Engine is what is called of the Engine's API; it only reads.
type Engine interface {
	ImageInspect(ctx context.Context, name string, opts ...client.ImageInspectOption) (image.InspectResponse, error)
	ImageHistory(ctx context.Context, name string, opts ...client.ImageHistoryOption) ([]image.HistoryResponseItem, error)
}

// askEngine is what the local image says, or why it says nothing.
func askEngine(ctx context.Context, engine Engine, name string) (images.Config, string) {
	found, err := engine.ImageInspect(ctx, name)
	switch {
	case errdefs.IsNotFound(err):
		return images.Config{}, "it is not on this Engine"
	case err != nil:
		return images.Config{}, "the Engine did not answer"
	case found.Config == nil:
		return images.Config{}, "the Engine says nothing about it"
	}
	s := said{
		os: found.Os, entrypoint: found.Config.Entrypoint, command: found.Config.Cmd, shell: found.Config.Shell, environment: found.Config.Env,
	}
	if found.Config.Healthcheck != nil {
		s.test = found.Config.Healthcheck.Test
	}
	steps, err := engine.ImageHistory(ctx, name)
	if err != nil {
		steps = nil // it only tells whether there is a shell
	}
	for _, step := range steps {
		s.history = append(s.history, step.CreatedBy)
	}
	return s.config(name)
}
