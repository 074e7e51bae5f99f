package registrytest

import (
	"net/http"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/docker-secrets/docker-secrets/image"
)

// entry is one image of an index; an attestation has BuildKit's annotations.
func entry(built v1.Image, os, architecture string, attestation bool) mutate.IndexAddendum {
	d := v1.Descriptor{Platform: &v1.Platform{OS: os, Architecture: architecture}}
	if attestation {
		d.Annotations = map[string]string{"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": "sha256:00"}
	}
	return mutate.IndexAddendum{Add: built, Descriptor: d}
}

// The image for Linux must be found in every kind of index, amd64 before others.
func TestIndexes(t *testing.T) {
	r := start(t, false, nil)
	amd, arm, s390 := made(t, "linux", "amd64", "amd"), made(t, "linux", "arm64", "arm"), made(t, "linux", "s390x", "s390x")
	windows, attestation := made(t, "windows", "amd64", "win"), made(t, "unknown", "unknown", "attestation")
	list := func(kind types.MediaType, entries ...mutate.IndexAddendum) v1.ImageIndex {
		return mutate.IndexMediaType(mutate.AppendManifests(empty.Index, entries...), kind)
	}
	both := list(types.OCIImageIndex, entry(attestation, "unknown", "unknown", true), entry(arm, "linux", "arm64", false), entry(amd, "linux", "amd64", false))
	for what, c := range map[string]struct {
		image any
		want  string
	}{
		"manifest-list":     {list(types.DockerManifestList, entry(arm, "linux", "arm64", false), entry(amd, "linux", "amd64", false)), "amd"},
		"oci-attestations":  {both, "amd"},
		"arm64-only":        {list(types.OCIImageIndex, entry(arm, "linux", "arm64", false), entry(attestation, "unknown", "unknown", true)), "arm"},
		"arm64-before-rest": {list(types.DockerManifestList, entry(s390, "linux", "s390x", false), entry(arm, "linux", "arm64", false)), "arm"},
		"rest":              {list(types.OCIImageIndex, entry(windows, "windows", "amd64", false), entry(s390, "linux", "s390x", false)), "s390x"},
		"windows-only":      {list(types.DockerManifestList, entry(windows, "windows", "amd64", false)), "it is for Windows"},
		"attestation-only":  {list(types.OCIImageIndex, entry(attestation, "unknown", "unknown", true)), "no Linux image"},
		"index-in-index":    {mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: both}), "amd"},
		"one-image":         {arm, "arm"},
		"one-for-windows":   {windows, "it is for Windows"},
	} {
		ref := r.host + "/app:" + what
		push(t, ref, c.image)
		wants(t, what, ask(t, image.Lookup{}, ref), c.want)
	}
}

// A manifest of 2015 and something that is no image must be named as what they are.
func TestOtherManifests(t *testing.T) {
	r := start(t, false, nil)
	r.front = func(w http.ResponseWriter, request *http.Request) bool {
		kind, found := map[string]string{
			"/v2/old/manifests/1":   string(types.DockerManifestSchema1Signed),
			"/v2/chart/manifests/1": "application/vnd.example.chart+json",
		}[request.URL.Path]
		if found {
			if request.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
				return true
			}
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write([]byte(`{"schemaVersion": 1, "name": "old", "tag": "1", "history": []}`))
		}
		return found
	}
	wants(t, "schema 1", ask(t, image.Lookup{}, r.host+"/old:1"), "schema 1")
	wants(t, "a chart", ask(t, image.Lookup{}, r.host+"/chart:1"), "no Linux image")
}

// What has been read must not be read again by anybody, by tag or by digest, until it
// changes or is to be refreshed: a hub counts manifests.
func TestCache(t *testing.T) {
	r := start(t, false, nil)
	ref := r.host + "/app:1"
	digest := push(t, ref, made(t, "linux", "amd64", "first"))
	cached := image.Lookup{Cache: t.TempDir() + "/new"}
	refresh := cached
	refresh.Refresh = true
	for _, c := range []struct {
		what, ref, want string
		lookup          image.Lookup
		gets, heads     int
	}{
		{"first", ref, "first", cached, 1, 1},
		{"again", ref, "first", cached, 0, 1},
		{"by digest", r.host + "/app@" + digest.String(), "first", cached, 0, 0},
		{"refreshed", ref, "first", refresh, 1, 1},
		{"without a cache", ref, "first", image.Lookup{}, 1, 1},
		{"a digest that is not there", r.host + "/app@sha256:" + strings.Repeat("0", 64), "does not have it", cached, 1, 0},
	} {
		r.requests()
		wants(t, c.what, ask(t, c.lookup, c.ref), c.want)
		log := strings.Join(r.requests(), "\n")
		if gets, heads := strings.Count(log, "GET /v2/app/manifests"), strings.Count(log, "HEAD /v2/app/manifests"); gets != c.gets || heads != c.heads {
			t.Errorf("%s: %d GET and %d HEAD, want %d and %d", c.what, gets, heads, c.gets, c.heads)
		}
	}
	push(t, ref, made(t, "linux", "amd64", "second"))
	wants(t, "the tag moved", ask(t, cached, ref), "second")
}
