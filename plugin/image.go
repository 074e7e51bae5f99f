package plugin

import (
	"context"
	"maps"
	"os"
	"slices"

	"github.com/docker/cli/cli/command"
	"github.com/google/go-containerregistry/pkg/authn"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/image"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// imageAnswers holds what is known of the images of an application, by service.
type imageAnswers struct {
	configs  map[string]images.Config
	notKnown map[string]string // why the others are missing
	runs     map[string]string // where an entry is from, if it is not the image's own config
	asked    map[string]string // the image that had to be asked about: of what is built from a Dockerfile, the base
	answers  image.Answers     // by name of an image
}

// lookUp returns the answers to questions: from the Dockerfiles of builds and the stack
// file that is there, else from the Engine and the registries. It asks nobody if the
// options say --offline, and everybody again if they say --refresh.
func lookUp(ctx context.Context, dockerCLI command.Cli, old outputFile, questions []transform.Question, built builds, options migrateOptions) imageAnswers {
	known := map[string]images.Config{}
	if old.state == stackfile.Ours || old.state == stackfile.Edited {
		known = image.Recorded(old.content)
	}
	var ask []image.Question
	for _, q := range questions {
		if name := built.nameOf(q); name != "" {
			ask = append(ask, image.Question{Image: name, LocalOnly: q.Built || !q.Needed})
		}
		if base := built.found[q.Service].Base(); base != "" {
			ask = append(ask, image.Question{Image: base, LocalOnly: !q.Needed})
		}
	}
	var lookup image.Lookup
	if !options.offline && len(ask) > 0 {
		lookup = lookupWith(ctx, dockerCLI, options.refresh)
	}
	if !options.refresh {
		lookup.Known = known
	}
	answers := lookup.Ask(ctx, ask)
	if options.refresh {
		keepKnown(answers, known)
	}
	found := imageAnswers{
		configs: map[string]images.Config{}, notKnown: map[string]string{}, runs: map[string]string{}, asked: map[string]string{}, answers: answers,
	}
	for _, q := range questions {
		found.settle(q, built)
	}
	return found
}

// lookupWith is whom this machine can ask.
func lookupWith(ctx context.Context, dockerCLI command.Cli, refresh bool) image.Lookup {
	return image.Lookup{
		Engine: dockerCLI.Client(), Keychain: authn.DefaultKeychain, Mirrors: mirrors(ctx, dockerCLI), Certificates: "/etc/docker/certs.d",
		Cache: image.CacheDir(os.Getenv), Refresh: refresh, //nolint:forbidigo // where the user's caches are
	}
}

// mirrors are the mirrors of Docker Hub that the Engine uses, none if it does not answer.
func mirrors(ctx context.Context, dockerCLI command.Cli) []string {
	ctx, cancel := context.WithTimeout(ctx, image.DefaultTimeout)
	defer cancel()
	info, err := dockerCLI.Client().Info(ctx)
	if err != nil || info.RegistryConfig == nil {
		return nil
	}
	return info.RegistryConfig.Mirrors
}

// keepKnown puts what was known before in the place of answers that did not come.
func keepKnown(answers image.Answers, known map[string]images.Config) {
	byName := map[string]images.Config{}
	for name, config := range known {
		byName[image.Name(name)] = config
	}
	for name := range maps.Clone(answers.NotKnown) {
		if config, ok := byName[image.Name(name)]; ok {
			answers.Configs[name] = config
			delete(answers.NotKnown, name)
		}
	}
}

// nameOf is the image that the service of q runs.
func (b builds) nameOf(q transform.Question) string {
	if q.Image == "" {
		return b.names[q.Service]
	}
	return q.Image
}

// settle says what is known of the image of one service. A Dockerfile comes before an
// image of that name, which may be an old one.
func (a *imageAnswers) settle(q transform.Question, built builds) {
	name := built.nameOf(q)
	source, isBuilt := built.found[q.Service]
	why := a.answers.NotKnown[name]
	if isBuilt {
		base, known := a.answers.Configs[source.Base()]
		config, fault := source.Config(base, known)
		if fault == "" {
			a.configs[q.Service], a.runs[q.Service] = config, source.File
			if known {
				a.asked[q.Service] = source.Base()
			}
			return
		}
		why = fault
		if reason := a.answers.NotKnown[source.Base()]; reason != "" {
			why += ": " + reason
		}
	}
	if config, known := a.answers.Configs[name]; known {
		a.configs[q.Service], a.asked[q.Service] = config, name
		return
	}
	if why != "" {
		a.notKnown[q.Service] = why
	}
}

// record writes into stack what made a difference for services.
func (a imageAnswers) record(stack map[string]any, services []string) {
	used := map[string]images.Config{}
	for _, service := range slices.Sorted(slices.Values(services)) {
		if name := a.asked[service]; name != "" {
			used[name] = a.answers.Configs[name]
		}
	}
	if block := image.Record(used); block != nil {
		stack[image.RecordKey] = block
	}
}
