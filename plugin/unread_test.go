package plugin

import (
	"context"
	"strings"
	"testing"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/transform"
)

// knowing is an Engine that has one image.
type knowing struct{ name string }

func (k knowing) ImageInspect(_ context.Context, name string, _ ...client.ImageInspectOption) (image.InspectResponse, error) {
	if name != k.name {
		return image.InspectResponse{}, errdefs.ErrNotFound
	}
	config := &dockerspec.DockerOCIImageConfig{}
	config.Cmd = []string{"/bin/sh"}
	return image.InspectResponse{Config: config, Os: "linux"}, nil
}

func (k knowing) ImageHistory(context.Context, string, ...client.ImageHistoryOption) ([]image.HistoryResponseItem, error) {
	return []image.HistoryResponseItem{{CreatedBy: "/bin/sh -c make"}}, nil
}

// deploy must refuse every service that would start without its secrets, and say where
// the Engine knows the image by now.
func TestDeployRefusesUnread(t *testing.T) {
	file := stackfile.Stack{Unread: []stackfile.Unread{
		{Service: "api", Image: "acme/api:1", Variables: []string{"APP_SECRET", "TOKEN"}, Cause: "the entrypoint of acme/api:1 is not known", File: "prod.yml", Line: 7},
		{Service: "web", Image: "acme/web:1", Variables: []string{"APP_SECRET"}, Cause: "acme/web:1 has no /bin/sh", File: "shop/docker-compose.prod.yml", Line: 9},
	}}
	err := checkUnread(t.Context(), knowing{"acme/api:1"}, file)
	want := []string{
		"prod.yml:7: api would start without APP_SECRET, TOKEN: the entrypoint of acme/api:1 is not known; this Engine knows what acme/api:1 starts: run docker secrets migrate -o prod.yml --refresh, and deploy again",
		"shop/docker-compose.prod.yml:9: web would start without APP_SECRET: acme/web:1 has no /bin/sh; cd shop && docker secrets migrate --explain web says what to do; or allow it with --allow-unread",
	}
	if err == nil || err.Error() != strings.Join(want, "\n") {
		t.Errorf("%v", err)
	}
	if err = checkUnread(t.Context(), knowing{}, stackfile.Stack{}); err != nil {
		t.Errorf("nothing is unread: %v", err)
	}
}

// What breaks must be told together for all services that the same mends.
func TestUnreadIsToldTogether(t *testing.T) {
	unread := func(service, cause string) finding {
		return unreadFinding(transform.Unread{Service: service, Variables: []string{"A", "B"}, Cause: cause, Detail: "why", Fix: "do this, or --deliver SERVICE=file"})
	}
	groups := groupFindings([]finding{unread("api", "one"), unread("web", "other"), unread("worker", "one")})
	if len(groups) != 1 {
		t.Fatalf("%d groups", len(groups))
	}
	const want = "api, web, worker: will start without their secrets: one (and 1 more); do this, or --deliver SERVICE=file"
	if got := groups[0].who(maxWho) + ": " + groups[0].text(200); got != want {
		t.Errorf("%s", got)
	}
	alone := groupFindings([]finding{unread("api", "one")})[0]
	if got := alone.who(maxWho) + ": " + alone.text(200); got != "api: will start without A, B: one; do this, or --deliver api=file" {
		t.Errorf("%s", got)
	}
}
