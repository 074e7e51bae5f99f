package image

import (
	"context"
	"net/url"
	"strings"
	"sync"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// session is one Ask. Its credentials are read once a registry.
type session struct {
	Lookup
	mu          sync.Mutex
	credentials map[string]func() (authn.Authenticator, error)
}

// askRegistry is what the image in its registry says, or why it says nothing. A mirror
// that does not have it is no answer.
func (s *session) askRegistry(ctx context.Context, image string) (said, string) {
	ref, err := name.ParseReference(image, name.WeakValidation)
	if err != nil {
		return said{}, "not an image name"
	}
	for _, mirrored := range s.onMirrors(ref) {
		if found, mirrorErr := s.read(ctx, mirrored); mirrorErr == nil {
			return found, ""
		}
	}
	found, err := s.read(ctx, ref)
	if err != nil {
		return said{}, refusal(err)
	}
	return found, ""
}

// onMirrors is ref on each of Docker Hub's mirrors, if it is there.
func (s *session) onMirrors(ref name.Reference) (all []name.Reference) {
	if ref.Context().RegistryStr() != name.DefaultRegistry {
		return nil
	}
	for _, mirror := range s.Mirrors {
		address, err := url.Parse(mirror)
		if err != nil || address.Host == "" {
			continue
		}
		repository := address.Host + strings.TrimSuffix(address.Path, "/") + "/" + ref.Context().RepositoryStr()
		separator := ":"
		if _, byDigest := ref.(name.Digest); byDigest {
			separator = "@"
		}
		if mirrored, err := name.ParseReference(repository+separator+ref.Identifier(), name.WeakValidation); err == nil {
			all = append(all, mirrored)
		}
	}
	return all
}

// read reads a manifest and a config, unless the cache has what they say. A registry
// that counts pulls does not count the question for a tag's digest.
func (s *session) read(ctx context.Context, ref name.Reference) (said, error) {
	digest, byDigest := ref.(name.Digest)
	if byDigest {
		if found, ok := s.cached(digest.DigestStr()); ok {
			return found, nil
		}
	}
	auth, err := s.credentialsFor(ctx, ref.Context().Registry)
	if err != nil {
		return said{}, errCredentials
	}
	puller, err := remote.NewPuller(remote.WithAuth(auth), remote.WithTransport(s.transport(ref.Context().RegistryStr())))
	if err != nil {
		return said{}, err
	}
	if !byDigest {
		if head, err := puller.Head(ctx, ref); err == nil {
			if found, ok := s.cached(head.Digest.String()); ok {
				return found, nil
			}
			ref = ref.Context().Digest(head.Digest.String())
		} else if final(err) {
			return said{}, err
		}
	}
	return s.pull(ctx, puller, ref)
}

// pull reads the manifest of ref and the config of the image that it names.
func (s *session) pull(ctx context.Context, puller *remote.Puller, ref name.Reference) (said, error) {
	manifest, err := puller.Get(ctx, ref)
	if err != nil {
		return said{}, err
	}
	image, err := runnable(manifest)
	if err != nil {
		return said{}, err
	}
	file, err := image.ConfigFile()
	if err != nil {
		return said{}, err
	}
	found := saidBy(file)
	s.keep(manifest.Digest.String(), found)
	return found, nil
}

// saidBy is what a registry's config says.
func saidBy(file *v1.ConfigFile) said {
	s := said{
		OS: file.OS, Entrypoint: file.Config.Entrypoint, Command: file.Config.Cmd, Shell: file.Config.Shell,
		Variables: namesOf(file.Config.Env), OnBuild: file.Config.OnBuild,
	}
	if file.Config.Healthcheck != nil {
		s.Test = file.Config.Healthcheck.Test
	}
	var history []string
	for _, step := range file.History {
		history = append(history, step.CreatedBy)
	}
	s.findShell(history)
	return s
}

// credentialsFor asks the keychain, once a registry: a credential helper is a program.
func (s *session) credentialsFor(ctx context.Context, registry name.Registry) (authn.Authenticator, error) {
	s.mu.Lock()
	ask, known := s.credentials[registry.RegistryStr()]
	if !known {
		ask = sync.OnceValues(func() (authn.Authenticator, error) { return authn.Resolve(ctx, s.Keychain, registry) })
		s.credentials[registry.RegistryStr()] = ask
	}
	s.mu.Unlock()
	return ask()
}
