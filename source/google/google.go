// Package google reads and writes Google Cloud Secret Manager over its REST interface, with
// the credentials that Google's own libraries find. Its errors quote nothing of Google's
// answers but error codes.
//
// It does not know the other secret managers, and not what a secret is for.
package google

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Store is Google Cloud Secret Manager. It uses the application default credentials, and the
// proxy and CA of the environment. The zero value is ready. A reference is
//
//	gcpsecrets://PROJECT/NAME[?version=][#/json/key]
//
// version is a number, an alias, or latest, which is the default. The first reference looks
// for credentials.
type Store struct {
	transport  http.RoundTripper // nil: http.DefaultTransport. Tests set it.
	retryDelay time.Duration     // before the first retry; 0: a second. Tests set it.

	mu       sync.Mutex
	identity *identity
}

// location identifies one payload: a version of a secret in a project.
type location struct{ project, name, version string }

// secret returns the secret's name in Google's own form.
func (l location) secret() string { return "projects/" + l.project + "/secrets/" + l.name }

const latest = "latest"

//nolint:gochecknoglobals // expressions, never written
var (
	projectPattern = lazyregexp.New(`^[a-z0-9][a-z0-9.:-]*$`) // domain.example:project is an old form
	namePattern    = lazyregexp.New(`^[A-Za-z0-9_-]{1,255}$`)
	versionPattern = lazyregexp.New(`^[A-Za-z0-9_-]{1,63}$`)
)

// Scheme returns "gcpsecrets".
func (g *Store) Scheme() string { return secret.SchemeGoogle }

// Separators returns "_-", those that Google accepts in names.
func (g *Store) Separators() string { return "_-" }

// Resolve reads each payload once, and verifies its checksum.
func (g *Store) Resolve(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.SelectKeys(refs, store.OncePerPayload(refs, locate, func(locs []location) []store.Result {
		return g.forEach(ctx, locs, session.read)
	}))
}

// Versions asks for the number and state of the version, which returns no value.
func (g *Store) Versions(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.OncePerPayload(refs, locate, func(locs []location) []store.Result {
		return g.forEach(ctx, locs, session.version)
	})
}

// forEach calls ask for each of locs and returns the results in the order of locs. Results
// without a secret get suggestions.
func (g *Store) forEach(ctx context.Context, locs []location, ask func(session, context.Context, location) store.Result) []store.Result {
	s, err := g.open(ctx)
	if err != nil {
		return store.Failed(len(locs), err)
	}
	results := store.Each(locs, func(loc location) store.Result { return ask(s, ctx, loc) })
	return s.explainMissing(ctx, locs, results)
}

// locate returns the payload of ref. It fails if Google cannot have such a secret.
func locate(ref secret.Reference) (location, error) {
	if err := store.CheckArguments(ref, "version"); err != nil {
		return location{}, err
	}
	project, name, _ := strings.Cut(ref.Path, "/")
	loc := location{project: project, name: name, version: store.Argument(ref, "version")}
	if loc.version == "" {
		loc.version = latest
	}
	switch {
	case project == "projects":
		return location{}, errors.New("Google's full resource name is not supported; write gcpsecrets://PROJECT/NAME?version=N")
	case !projectPattern().MatchString(project):
		return location{}, errors.New("there is no project in it; write gcpsecrets://PROJECT/NAME, with the project's id or number")
	case !namePattern().MatchString(name):
		return location{}, errors.New("not a secret name: Google allows 1 to 255 letters, digits, _ and -")
	case !versionPattern().MatchString(loc.version):
		return location{}, errors.New("not a version; write a number, an alias or latest")
	}
	return loc, nil
}
