package image

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// store is go-containerregistry's registry in memory.
func store() http.Handler {
	return registry.New(registry.Logger(log.New(io.Discard, "", 0)))
}

// serve runs handler and returns where it is found.
func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// push puts an image with config into a registry, for two platforms when index is set.
func push(t *testing.T, ref string, config v1.Config, history []string, index bool, options ...remote.Option) {
	t.Helper()
	file := &v1.ConfigFile{OS: "linux", Architecture: "amd64", Config: config}
	for _, step := range history {
		file.History = append(file.History, v1.History{CreatedBy: step, EmptyLayer: true})
	}
	made, err := mutate.ConfigFile(empty.Image, file)
	if err != nil {
		t.Fatal(err)
	}
	tag, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	if !index {
		if err = remote.Write(tag, made, options...); err != nil {
			t.Fatal(err)
		}
		return
	}
	other, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: "linux", Architecture: "arm64"})
	if err != nil {
		t.Fatal(err)
	}
	both := mutate.AppendManifests(empty.Index,
		mutate.IndexAddendum{Add: other, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "arm64"}}},
		mutate.IndexAddendum{Add: made, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}}})
	if err := remote.WriteIndex(tag, both, options...); err != nil {
		t.Fatal(err)
	}
}

// ask asks l about one image.
func ask(t *testing.T, l Lookup, q Question) (images.Config, string) {
	t.Helper()
	answers := l.Ask(t.Context(), []Question{q})
	return answers.Configs[q.Image], answers.NotKnown[q.Image]
}

// anonymous has credentials for nobody.
type anonymous struct{}

func (anonymous) Resolve(authn.Resource) (authn.Authenticator, error) { return authn.Anonymous, nil }

// A registry's image must say what it runs, of an index that for linux/amd64.
func TestRegistryTellsWhatImageRuns(t *testing.T) {
	host := serve(t, store())
	config := v1.Config{
		Entrypoint: []string{"tini", "--"}, Cmd: []string{"serve", "$HOME"}, Shell: []string{"/bin/bash", "-c"},
		Env:         []string{"PATH=/bin", "POSTGRES_PASSWORD=baked in"},
		Healthcheck: &v1.HealthConfig{Test: []string{"CMD", "check"}},
	}
	want := images.Config{
		Entrypoint: config.Entrypoint, Command: config.Cmd, Shell: config.Shell, Healthcheck: config.Healthcheck.Test,
		Variables: []string{"POSTGRES_PASSWORD"}, HasShell: images.Yes,
	}
	for _, index := range []bool{false, true} {
		ref := fmt.Sprintf("%s/somebody/postgres:%v", host, index)
		push(t, ref, config, []string{"COPY . .", "RUN /bin/sh -c apk add curl # buildkit"}, index)
		got, why := ask(t, Lookup{Keychain: anonymous{}}, Question{Image: ref})
		if diff := cmp.Diff(want, got); diff != "" || why != "" {
			t.Errorf("index %v: %s (-want +got)\n%s", index, why, diff)
		}
	}
}

// The user's credentials must open a registry that asks for them, and its refusal be told.
func TestCredentialsOpenRegistry(t *testing.T) {
	inner := store()
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "me" || password != "open sesame" {
			w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	ref := host + "/app:1"
	push(t, ref, v1.Config{Cmd: []string{"run"}}, nil, false, remote.WithAuth(&authn.Basic{Username: "me", Password: "open sesame"}))

	dir := t.TempDir()
	t.Setenv("DOCKER_CONFIG", dir)
	if _, why := ask(t, Lookup{Keychain: authn.DefaultKeychain}, Question{Image: ref}); !strings.Contains(why, "denies access") {
		t.Errorf("without credentials: %q", why)
	}
	auth := base64.StdEncoding.EncodeToString([]byte("me:open sesame"))
	if err := os.WriteFile(filepath.Join(dir, "config.json"), fmt.Appendf(nil, `{"auths":{%q:{"auth":%q}}}`, host, auth), 0o600); err != nil {
		t.Fatal(err)
	}
	got, why := ask(t, Lookup{Keychain: authn.DefaultKeychain}, Question{Image: ref})
	if why != "" || len(got.Command) != 1 {
		t.Errorf("with credentials: %q %+v", why, got)
	}
}

// What a registry does not have, and a name that is none, must be said.
func TestMissingImageIsSaid(t *testing.T) {
	host := serve(t, store())
	for ref, want := range map[string]string{
		host + "/missing:1": "its registry does not have it",
		"Not A Name":        "not an image name",
		"127.0.0.1:1/app:1": "its registry did not answer",
	} {
		if _, why := ask(t, Lookup{Keychain: anonymous{}, Timeout: time.Minute}, Question{Image: ref}); !strings.Contains(why, want) {
			t.Errorf("%s: %q, want %q", ref, why, want)
		}
	}
}

// A registry, an Engine and a credential helper that hang must not hang migrate.
func TestAskIsBounded(t *testing.T) {
	release := make(chan struct{})
	host := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer close(release)
	for what, l := range map[string]Lookup{
		"registry": {Keychain: anonymous{}},
		"keychain": {Keychain: hanging{release}},
		"engine":   {Engine: hanging{release}},
	} {
		l.Timeout = 50 * time.Millisecond
		var questions []Question
		for i := range 2 * atOnce {
			questions = append(questions, Question{Image: fmt.Sprintf("%s/app:%d", host, i)})
		}
		answers := l.Ask(t.Context(), questions) // returns although nobody answers
		if len(answers.NotKnown) != len(questions) {
			t.Errorf("%s: %d of %d are not known", what, len(answers.NotKnown), len(questions))
		}
		if why := answers.NotKnown[questions[0].Image]; !strings.Contains(why, "within 50ms") {
			t.Errorf("%s: %q", what, why)
		}
	}
}

// hanging listens to no context.
type hanging struct{ release chan struct{} }

func (h hanging) Resolve(authn.Resource) (authn.Authenticator, error) {
	<-h.release
	return authn.Anonymous, nil
}

func (h hanging) ImageInspect(context.Context, string, ...client.ImageInspectOption) (image.InspectResponse, error) {
	<-h.release
	return image.InspectResponse{}, errors.New("too late")
}

func (h hanging) ImageHistory(context.Context, string, ...client.ImageHistoryOption) ([]image.HistoryResponseItem, error) {
	return nil, nil
}

// local is an Engine with some images.
type local map[string]image.InspectResponse

func (l local) ImageInspect(_ context.Context, name string, _ ...client.ImageInspectOption) (image.InspectResponse, error) {
	if found, ok := l[name]; ok {
		return found, nil
	}
	return image.InspectResponse{}, errdefs.ErrNotFound
}

func (l local) ImageHistory(context.Context, string, ...client.ImageHistoryOption) ([]image.HistoryResponseItem, error) {
	return []image.HistoryResponseItem{{CreatedBy: `/bin/sh -c #(nop)  CMD ["bash"]`}}, nil
}

// The Engine's image must come before the registry's, and what is built be asked for there only.
func TestEngineComesBeforeRegistry(t *testing.T) {
	host := serve(t, store())
	for _, tag := range []string{"both", "far", "built"} {
		push(t, host+"/app:"+tag, v1.Config{Entrypoint: []string{"far"}}, nil, false)
	}
	config := &dockerspec.DockerOCIImageConfig{}
	config.Entrypoint = []string{"near"}
	l := Lookup{Keychain: anonymous{}, Engine: local{
		host + "/app:both":    {Os: "linux", Config: config},
		host + "/app:windows": {Os: "windows", Config: config},
	}}
	if got, why := ask(t, l, Question{Image: host + "/app:both"}); why != "" || got.Entrypoint[0] != "near" || got.HasShell != images.Yes {
		t.Errorf("both: %+v %s", got, why)
	}
	if got, why := ask(t, l, Question{Image: host + "/app:far"}); why != "" || got.Entrypoint[0] != "far" {
		t.Errorf("far: %+v %s", got, why)
	}
	if _, why := ask(t, l, Question{Image: host + "/app:built", LocalOnly: true}); why != "it is not on this Engine, and no registry was asked" {
		t.Errorf("built: %q", why)
	}
	if _, why := ask(t, Lookup{}, Question{Image: host + "/app:far"}); why != "neither the Engine nor a registry was asked" {
		t.Errorf("nobody to ask: %q", why)
	}
}

// A step that ran a shell must show that there is one, and nothing else must.
func TestShellIsSeenInHistory(t *testing.T) {
	for step, want := range map[string]bool{
		"RUN /bin/sh -c set -eux; apk add x # buildkit": true, "RUN |1 V=1 /bin/sh -c make # buildkit": true, "/bin/sh -c apt-get update": true,
		`/bin/sh -c #(nop)  CMD ["bash"]`: true, `CMD ["/bin/sh"]`: true, "/bin/sh -c exec app": true,
		"/bin/sh -c #(nop) ADD file:1 in / ": false, "COPY /bin/sh -c": false, "bazel build ...": false, "": false, `CMD ["/app"]`: false,
		"RUN /app --install": false,
	} {
		if got := ranShell(step); got != want {
			t.Errorf("%q: %v, want %v", step, got, want)
		}
	}
}
