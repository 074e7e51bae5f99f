package image

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// platform is the one whose config is read of an image for several. They say the
// same of the way that an image runs; this machine's could differ from a
// colleague's, and the stack file must not.
//
//nolint:gochecknoglobals // a constant
var platform = v1.Platform{OS: "linux", Architecture: "amd64"}

// askRegistry is what the image in its registry says, or why it says nothing.
func (l Lookup) askRegistry(ctx context.Context, image string) (images.Config, string) {
	ref, err := name.ParseReference(image, name.WeakValidation)
	if err != nil {
		return images.Config{}, "its name is none that a registry knows"
	}
	options := []remote.Option{remote.WithContext(ctx), remote.WithAuthFromKeychain(l.Keychain), remote.WithPlatform(platform)}
	if l.Transport != nil {
		options = append(options, remote.WithTransport(l.Transport))
	}
	found, err := remote.Image(ref, options...)
	if err != nil {
		return images.Config{}, refusal(err)
	}
	file, err := found.ConfigFile()
	if err != nil {
		return images.Config{}, refusal(err)
	}
	s := said{
		os: file.OS, entrypoint: file.Config.Entrypoint, command: file.Config.Cmd, shell: file.Config.Shell, environment: file.Config.Env,
	}
	if file.Config.Healthcheck != nil {
		s.test = file.Config.Healthcheck.Test
	}
	for _, step := range file.History {
		s.history = append(s.history, step.CreatedBy)
	}
	return s.config(image)
}

// refusal says in few words why a registry gave nothing. The error itself may
// quote an answer at length.
func refusal(err error) string {
	var refused *transport.Error
	if !errors.As(err, &refused) {
		return "its registry did not answer"
	}
	switch refused.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "its registry does not let you in (docker login)"
	case http.StatusNotFound:
		return "its registry does not have it"
	case http.StatusTooManyRequests:
		return "its registry has been asked too often"
	}
	return "its registry did not answer"
}
