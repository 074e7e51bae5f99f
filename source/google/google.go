package google

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
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Store is Google Cloud Secret Manager as gcloud's libraries would reach it: with
// the application default credentials, and the proxy and CA of the environment. The
// zero value is ready. A reference is
//
//	gcpsecrets://PROJECT/NAME[?version=][#/json/key]
//
// where version is a number, an alias or latest, which is what none means. Nothing
// is looked for before the first reference.
type Store struct {
	transport http.RoundTripper // nil: http.DefaultTransport. Tests set it.
	pause     time.Duration     // before the first retry; 0: a second. Tests set it.

	mu    sync.Mutex
	found *identity
}

// location is one payload: a version of a secret.
type location struct{ project, name, version string }

func (p location) secret() string { return "projects/" + p.project + "/secrets/" + p.name }

const latest = "latest"

//nolint:gochecknoglobals // expressions, never written
var (
	projectPattern = lazyregexp.New(`^[a-z0-9][a-z0-9.:-]*$`) // domain.example:project is an old form
	namePattern    = lazyregexp.New(`^[A-Za-z0-9_-]{1,255}$`)
	versionPattern = lazyregexp.New(`^[A-Za-z0-9_-]{1,63}$`)
)

// Scheme is "gcpsecrets".
func (g *Store) Scheme() string { return "gcpsecrets" }

// Resolve reads each payload once and checks its checksum.
func (g *Store) Resolve(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.Chosen(refs, store.ByPayload(refs, locate, func(places []location) []store.Result {
		return g.each(ctx, places, session.access)
	}))
}

// Versions asks for the version's state and number, which reads no value.
func (g *Store) Versions(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.ByPayload(refs, locate, func(places []location) []store.Result {
		return g.each(ctx, places, session.current)
	})
}

// each asks about each place, and explains what was not found by the names that are
// there.
func (g *Store) each(ctx context.Context, places []location, ask func(session, context.Context, location) store.Result) []store.Result {
	results := make([]store.Result, len(places))
	session, err := g.open(ctx)
	if err != nil {
		for i := range results {
			results[i].Err = err
		}
		return results
	}
	store.Fan(len(places), store.Calls, func(i int) { results[i] = ask(session, ctx, places[i]) })
	return session.explained(ctx, places, results)
}

// locate is the payload of ref.
func locate(ref secret.Reference) (location, error) {
	if err := store.Arguments(ref, "version"); err != nil {
		return location{}, err
	}
	project, name, _ := strings.Cut(ref.Path, "/")
	place := location{project: project, name: name, version: store.Argument(ref, "version")}
	if place.version == "" {
		place.version = latest
	}
	switch {
	case project == "projects":
		return location{}, errors.New("that is Google's own long name; write gcpsecrets://PROJECT/NAME?version=N")
	case !projectPattern().MatchString(project):
		return location{}, errors.New("there is no project in it; write gcpsecrets://PROJECT/NAME, with the project's id or number")
	case !namePattern().MatchString(name):
		return location{}, errors.New("the name is none of a secret: Google takes 1 to 255 letters, digits, _ and -")
	case !versionPattern().MatchString(place.version):
		return location{}, errors.New("the version is none; write its number, an alias or latest")
	}
	return place, nil
}

// List reads the names of base's project, up to all of them.
func (g *Store) List(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	refs, err := g.list(ctx, base)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", base, err)
	}
	return refs, nil
}

func (g *Store) list(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	if err := store.Arguments(base); err != nil {
		return nil, err
	}
	project, prefix, _ := strings.Cut(base.Path, "/")
	if !projectPattern().MatchString(project) {
		return nil, errors.New("there is no project in it; write gcpsecrets://PROJECT/, with the project's id or number")
	}
	session, err := g.open(ctx)
	if err != nil {
		return nil, err
	}
	names, err := session.names(ctx, project, prefix, 0)
	if err != nil {
		return nil, session.fault(ctx, err, location{project: project}, viewer)
	}
	slices.Sort(names)
	var refs []secret.Reference
	for _, name := range names {
		refs = append(refs, secret.Reference{Scheme: base.Scheme, Path: project + "/" + name})
	}
	return refs, nil
}
