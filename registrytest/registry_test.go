package registrytest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/distribution/distribution/v3/configuration"
	"github.com/distribution/distribution/v3/registry/handlers"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/inmemory"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/sirupsen/logrus"

	"github.com/docker-secrets/docker-secrets/image"
)

// registry is a real one in this process, which can be reached at host.
type registry struct {
	host   string
	server *httptest.Server
	front  func(w http.ResponseWriter, r *http.Request) (done bool) // what answers before it; nil for nothing
	app    http.Handler                                             // the registry itself
	mu     sync.Mutex
	log    []string // METHOD PATH of every request
}

// start runs a registry with its content in memory. secure is TLS; change may be nil.
func start(t *testing.T, secure bool, change func(*configuration.Configuration)) *registry {
	t.Helper()
	logrus.SetOutput(io.Discard)
	config := &configuration.Configuration{Storage: configuration.Storage{"inmemory": nil}}
	config.HTTP.Secret = "of the test"
	config.Catalog.MaxEntries = 100
	if change != nil {
		change(config)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	r := &registry{app: handlers.NewApp(ctx, config)}
	if secure {
		r.server = httptest.NewTLSServer(r)
	} else {
		r.server = httptest.NewServer(r)
	}
	t.Cleanup(r.server.Close)
	_, r.host, _ = strings.Cut(r.server.URL, "://")
	return r
}

func (r *registry) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	r.log = append(r.log, request.Method+" "+request.URL.Path)
	front := r.front
	r.mu.Unlock()
	if front == nil || !front(w, request) {
		r.app.ServeHTTP(w, request)
	}
}

// requests are those since the last call.
func (r *registry) requests() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	log := r.log
	r.log = nil
	return log
}

// made is an image for a platform that runs command.
func made(t *testing.T, os, architecture, command string) v1.Image {
	t.Helper()
	built, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: os, Architecture: architecture, Config: v1.Config{Cmd: []string{command}}})
	if err != nil {
		t.Fatal(err)
	}
	return built
}

// push puts an image or an index there, as whoever may do that.
func push(t *testing.T, ref string, what any, options ...remote.Option) v1.Hash {
	t.Helper()
	tag, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	var digest v1.Hash
	switch what := what.(type) {
	case v1.Image:
		err = remote.Write(tag, what, options...)
		digest, _ = what.Digest()
	case v1.ImageIndex:
		err = remote.WriteIndex(tag, what, options...)
		digest, _ = what.Digest()
	}
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// nobody has credentials for nothing.
type nobody struct{}

func (nobody) Resolve(authn.Resource) (authn.Authenticator, error) { return authn.Anonymous, nil }

// ask is the command of an image by lookup, or why there is none.
func ask(t *testing.T, lookup image.Lookup, ref string) string {
	t.Helper()
	if lookup.Keychain == nil {
		lookup.Keychain = nobody{}
	}
	answers := lookup.Ask(t.Context(), []image.Question{{Image: ref}})
	if why, missing := answers.NotKnown[ref]; missing {
		return why
	}
	return strings.Join(answers.Configs[ref].Command, " ")
}

// wants fails the test unless got has want in it.
func wants(t *testing.T, what, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// refs are names of images that are all there.
func refs(t *testing.T, r *registry, n int) (all []image.Question) {
	t.Helper()
	for i := range n {
		ref := fmt.Sprintf("%s/team/app%d:1", r.host, i)
		push(t, ref, made(t, "linux", "amd64", fmt.Sprint("run", i)))
		all = append(all, image.Question{Image: ref})
	}
	return all
}
