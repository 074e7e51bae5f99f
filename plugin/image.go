package plugin

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/docker/cli/cli/command"
	"github.com/google/go-containerregistry/pkg/authn"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/image"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// imageAnswers holds what is known of the images of an application, by their names.
type imageAnswers struct {
	names   map[string]string // service → image
	configs map[string]images.Config
}

// lookUp returns the answers to questions: from the stack file that is there, else from
// the Engine and the registries, which it does not ask if offline is true. The map says,
// by service, why an image is not known.
func lookUp(ctx context.Context, dockerCLI command.Cli, project string, old outputFile, questions []transform.Question, offline bool) (imageAnswers, map[string]string) {
	found := imageAnswers{names: map[string]string{}, configs: map[string]images.Config{}}
	if old.state == stackfile.Ours || old.state == stackfile.Edited {
		found.configs = image.Recorded(old.content)
	}
	ask := map[string]image.Question{}
	for _, q := range questions {
		name := q.Image
		if name == "" {
			name = strings.ToLower(project + "-" + q.Service) // as Compose names what it builds
		}
		found.names[q.Service] = name
		if _, known := found.configs[name]; !known {
			before, asked := ask[name]
			localOnly := (q.Built || !q.Needed) && (before.LocalOnly || !asked)
			ask[name] = image.Question{Image: name, LocalOnly: localOnly}
		}
	}
	var lookup image.Lookup
	if !offline && len(ask) > 0 {
		lookup = image.Lookup{Engine: dockerCLI.Client(), Keychain: authn.DefaultKeychain}
	}
	answers := lookup.Ask(ctx, slices.Collect(maps.Values(ask)))
	maps.Copy(found.configs, answers.Configs)
	notKnown := map[string]string{}
	for service, name := range found.names {
		if why, ok := answers.NotKnown[name]; ok {
			notKnown[service] = why
		}
	}
	return found, notKnown
}

// byService returns the configs for Rewrite.
func (i imageAnswers) byService() map[string]images.Config {
	all := map[string]images.Config{}
	for service, name := range i.names {
		if config, known := i.configs[name]; known {
			all[service] = config
		}
	}
	return all
}

// record writes into stack what made a difference for services.
func (i imageAnswers) record(stack map[string]any, services []string) {
	used := map[string]images.Config{}
	for _, service := range services {
		used[i.names[service]] = i.configs[i.names[service]]
	}
	if block := image.Record(used); block != nil {
		stack[image.RecordKey] = block
	}
}
