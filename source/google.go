package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
)

// Google is Google Cloud Secret Manager as gcloud's libraries would reach it: with
// the application default credentials, and the proxy and CA of the environment. The
// zero value is ready. A reference is
//
//	gcpsecrets://PROJECT/NAME[?version=][#/json/key]
//
// where version is a number, an alias or latest, which is what none means. Nothing
// is looked for before the first reference.
type Google struct {
	transport http.RoundTripper // nil: http.DefaultTransport. Tests set it.
	pause     time.Duration     // before the first retry; 0: a second. Tests set it.

	mu    sync.Mutex
	found *googleIdentity
}

// googlePlace is one payload: a version of a secret.
type googlePlace struct{ project, name, version string }

func (p googlePlace) secret() string { return "projects/" + p.project + "/secrets/" + p.name }

const googleLatest = "latest"

//nolint:gochecknoglobals // expressions, never written
var (
	googleProject = lazyregexp.New(`^[a-z0-9][a-z0-9.:-]*$`) // domain.example:project is an old form
	googleName    = lazyregexp.New(`^[A-Za-z0-9_-]{1,255}$`)
	googleVersion = lazyregexp.New(`^[A-Za-z0-9_-]{1,63}$`)
)

// Scheme is "gcpsecrets".
func (g *Google) Scheme() string { return "gcpsecrets" }

// Resolve reads each payload once and checks its checksum.
func (g *Google) Resolve(ctx context.Context, refs []secret.Reference) []Result {
	return chosen(refs, byPayload(refs, googleLocate, func(places []googlePlace) []Result {
		return g.each(ctx, places, googleSession.access)
	}))
}

// Versions asks for the version's state and number, which reads no value.
func (g *Google) Versions(ctx context.Context, refs []secret.Reference) []Result {
	return byPayload(refs, googleLocate, func(places []googlePlace) []Result {
		return g.each(ctx, places, googleSession.current)
	})
}

// each asks about each place, and explains what was not found by the names that are
// there.
func (g *Google) each(ctx context.Context, places []googlePlace, ask func(googleSession, context.Context, googlePlace) Result) []Result {
	results := make([]Result, len(places))
	session, err := g.open(ctx)
	if err != nil {
		for i := range results {
			results[i].Err = err
		}
		return results
	}
	fan(len(places), calls, func(i int) { results[i] = ask(session, ctx, places[i]) })
	return session.explained(ctx, places, results)
}

// googleLocate is the payload of ref.
func googleLocate(ref secret.Reference) (googlePlace, error) {
	if err := arguments(ref, "version"); err != nil {
		return googlePlace{}, err
	}
	project, name, _ := strings.Cut(ref.Path, "/")
	place := googlePlace{project: project, name: name, version: argument(ref, "version")}
	if place.version == "" {
		place.version = googleLatest
	}
	switch {
	case project == "projects":
		return googlePlace{}, errors.New("that is Google's own long name; write gcpsecrets://PROJECT/NAME?version=N")
	case !googleProject().MatchString(project):
		return googlePlace{}, errors.New("there is no project in it; write gcpsecrets://PROJECT/NAME, with the project's id or number")
	case !googleName().MatchString(name):
		return googlePlace{}, errors.New("the name is none of a secret: Google takes 1 to 255 letters, digits, _ and -")
	case !googleVersion().MatchString(place.version):
		return googlePlace{}, errors.New("the version is none; write its number, an alias or latest")
	}
	return place, nil
}

// List reads the names of base's project, up to all of them.
func (g *Google) List(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	refs, err := g.list(ctx, base)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", base, err)
	}
	return refs, nil
}

func (g *Google) list(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	if err := arguments(base); err != nil {
		return nil, err
	}
	project, prefix, _ := strings.Cut(base.Path, "/")
	if !googleProject().MatchString(project) {
		return nil, errors.New("there is no project in it; write gcpsecrets://PROJECT/, with the project's id or number")
	}
	session, err := g.open(ctx)
	if err != nil {
		return nil, err
	}
	names, err := session.names(ctx, project, prefix, 0)
	if err != nil {
		return nil, session.fault(ctx, err, googlePlace{project: project}, googleViewer)
	}
	slices.Sort(names)
	var refs []secret.Reference
	for _, name := range names {
		refs = append(refs, secret.Reference{Scheme: base.Scheme, Path: project + "/" + name})
	}
	return refs, nil
}
