package image

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"
	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// What is known of an image must be known of it under every name, and one question do.
func TestAskOneImageOnce(t *testing.T) {
	engine := &counting{}
	known := images.Config{Command: []string{"known"}}
	answers := Lookup{Engine: engine, Known: map[string]images.Config{"docker.io/team/web:1": known}}.Ask(t.Context(), []Question{
		{Image: "redis"}, {Image: "redis:latest", LocalOnly: true}, {Image: "docker.io/library/redis"}, {Image: "team/web:1"}, {Image: "index.docker.io/team/web:1"},
	})
	if len(engine.asked) != 1 || engine.asked[0] != "redis" {
		t.Errorf("asked about %v", engine.asked)
	}
	var configs, missing []string
	for name, config := range answers.Configs {
		configs = append(configs, name+" "+config.Command[0])
	}
	for name := range answers.NotKnown {
		missing = append(missing, name)
	}
	slices.Sort(configs)
	slices.Sort(missing)
	if diff := cmp.Diff([]string{"index.docker.io/team/web:1 known", "team/web:1 known"}, configs); diff != "" {
		t.Errorf("known (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"docker.io/library/redis", "redis", "redis:latest"}, missing); diff != "" {
		t.Errorf("not known (-want +got)\n%s", diff)
	}
}

// A question that may go to a registry must take it there for all that are about the image.
func TestAskRegistryForAll(t *testing.T) {
	host := serve(t, store())
	push(t, host+"/app:latest", v1.Config{Cmd: []string{"far"}}, nil, false)
	answers := Lookup{Keychain: anonymous{}}.Ask(t.Context(), []Question{{Image: host + "/app", LocalOnly: true}, {Image: host + "/app:latest"}})
	if len(answers.Configs) != 2 {
		t.Errorf("%v", answers.NotKnown)
	}
}

// counting is an Engine without images.
type counting struct {
	mu    sync.Mutex
	asked []string
}

func (c *counting) ImageInspect(_ context.Context, name string, _ ...client.ImageInspectOption) (image.InspectResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, name)
	return image.InspectResponse{}, errdefs.ErrNotFound
}

func (c *counting) ImageHistory(context.Context, string, ...client.ImageHistoryOption) ([]image.HistoryResponseItem, error) {
	return nil, nil
}
