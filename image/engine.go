package image

import (
	"context"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"
)

// Engine is what is called of the Engine's API; it only reads.
type Engine interface {
	ImageInspect(ctx context.Context, name string, opts ...client.ImageInspectOption) (image.InspectResponse, error)
	ImageHistory(ctx context.Context, name string, opts ...client.ImageHistoryOption) ([]image.HistoryResponseItem, error)
}

// askEngine is what the local image says, or why it says nothing.
func askEngine(ctx context.Context, engine Engine, name string) (said, string) {
	found, err := engine.ImageInspect(ctx, name)
	switch {
	case errdefs.IsNotFound(err):
		return said{}, "it is not on this Engine"
	case err != nil:
		return said{}, "the Engine did not answer"
	case found.Config == nil:
		return said{}, "the Engine says nothing about it"
	}
	s := said{
		OS: found.Os, Entrypoint: found.Config.Entrypoint, Command: found.Config.Cmd, Shell: found.Config.Shell,
		Variables: namesOf(found.Config.Env), OnBuild: found.Config.OnBuild,
	}
	if found.Config.Healthcheck != nil {
		s.Test = found.Config.Healthcheck.Test
	}
	steps, err := engine.ImageHistory(ctx, name)
	if err != nil {
		steps = nil // it only tells whether there is a shell
	}
	var history []string
	for _, step := range steps {
		history = append(history, step.CreatedBy)
	}
	s.findShell(history)
	return s, ""
}
