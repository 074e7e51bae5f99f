package google

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// The roles that the calls need, the least one each.
const (
	accessor = "roles/secretmanager.secretAccessor"
	viewer   = "roles/secretmanager.viewer"
	adder    = "roles/secretmanager.secretVersionAdder"
	admin    = "roles/secretmanager.admin (or secretmanager.secrets.create alone)"

	trust = "SSL_CERT_FILE"
)

var (
	// errNoSecret stands until explained says which names there are.
	errNoSecret = fmt.Errorf("no such secret: %w", store.ErrNotFound)
	errDamaged  = errors.New("the value was damaged on its way (its checksum is another); run it again")
)

// fault says in one line why a call about place, which needs role, did not succeed.
// It quotes nothing of the answer but Google's codes.
func (s session) fault(ctx context.Context, err error, place location, role string) error {
	answer, answered := errors.AsType[*apiError](err)
	if !answered {
		if fault := store.Unreached(ctx, err, s.host, trust); fault != nil {
			return fault
		}
		return fmt.Errorf("%s is not reached; look into the way there (VPN, proxy, firewall)", s.host)
	}
	switch {
	case answer.status == http.StatusOK, answer.code == "" && answer.status < http.StatusInternalServerError && !answer.passes():
		return fmt.Errorf("%s does not answer as Google does (HTTP status %d); check the proxy", s.host, answer.status)
	case answer.code == "NOT_FOUND":
		return notFound(answer, place)
	case answer.code == "PERMISSION_DENIED":
		return s.denied(answer, place, role)
	case answer.code == "FAILED_PRECONDITION":
		return precondition(answer, place)
	case answer.code == "UNAUTHENTICATED":
		return errors.New("Google does not accept the credentials; log in again with: " + login)
	case answer.status == http.StatusTooManyRequests:
		return errors.New("Google throttled the calls to the end of the retries; try again in a minute")
	case answer.status >= http.StatusInternalServerError:
		return fmt.Errorf("Google failed (HTTP status %d); try again later", answer.status)
	}
	return fmt.Errorf("Google refuses it (%s); check the reference", answer.code)
}

func notFound(answer *apiError, place location) error {
	switch {
	case strings.HasPrefix(answer.message, "Project"):
		return fmt.Errorf("there is no project %s, or you may not see it; check its id with: gcloud projects list", place.project)
	case strings.HasPrefix(answer.message, "Secret Version"):
		return fmt.Errorf("the secret %s has no version %s; see those it has with: gcloud secrets versions list %s --project %s", place.name, place.version, place.name, place.project)
	}
	return errNoSecret
}

// denials are the reasons that Google has for PERMISSION_DENIED besides the
// permission itself. PROJECT stands for the reference's project.
//
//nolint:gochecknoglobals // a table, never written
var denials = map[string]string{
	"SERVICE_DISABLED":                "the Secret Manager API is not enabled; enable it with: gcloud services enable secretmanager.googleapis.com --project PROJECT",
	"BILLING_DISABLED":                "the project PROJECT has no billing account; link one to it",
	"CONSUMER_INVALID":                "there is no project PROJECT, or you may not use it; check its id with: gcloud projects list",
	"USER_PROJECT_DENIED":             "the project that is to pay for the calls may not be used; choose another with: gcloud auth application-default set-quota-project PROJECT",
	"ACCESS_TOKEN_SCOPE_INSUFFICIENT": "this machine's service account has not the scope cloud-platform; give the machine that scope",
}

func (s session) denied(answer *apiError, place location, role string) error {
	if text, found := denials[answer.reason]; found {
		return errors.New(strings.ReplaceAll(text, "PROJECT", place.project))
	}
	who := "yourself"
	if s.email != "" {
		who = s.email
	}
	if place.name == "" {
		return fmt.Errorf("access denied, or there is no such project; grant %s to %s on the project %s", role, who, place.project)
	}
	return fmt.Errorf("access denied, or there is no such secret; grant %s to %s on %s", role, who, place.name)
}

//nolint:gochecknoglobals // expressions, never written
var statePattern = lazyregexp.New(`/versions/([0-9]+)\] is in ([A-Z]+) state`)

func precondition(answer *apiError, place location) error {
	if state := statePattern().FindStringSubmatch(answer.message); state != nil {
		return stateFault(place, state[1], state[2])
	}
	return fmt.Errorf("Google does not do this to %s in the state that it is in; look at it with: gcloud secrets describe %s --project %s", place.name, place.name, place.project)
}

// stateFault is for a version that is there and gives no value.
func stateFault(place location, version, state string) error {
	which := "version " + version
	if place.version == latest {
		which = "its newest version " + version
	}
	if state == "DISABLED" {
		return fmt.Errorf("%s is disabled; enable it with: gcloud secrets versions enable %s --secret %s --project %s", which, version, place.name, place.project)
	}
	return fmt.Errorf("%s is %s for good; add a new one, or choose another with ?version=", which, strings.ToLower(state))
}

// explained gives those of results that found no secret the names that the project
// has, where the caller may list them.
func (s session) explained(ctx context.Context, places []location, results []store.Result) []store.Result {
	names := map[string][]string{}
	for i, result := range results {
		if !errors.Is(result.Err, errNoSecret) {
			continue
		}
		place := places[i]
		if _, asked := names[place.project]; !asked {
			names[place.project] = s.someNames(ctx, place.project)
		}
		results[i].Err = fmt.Errorf("the project %s has no secret %s with a version%s: %w", place.project, place.name, store.DidYouMean(place.name, names[place.project]), store.ErrNotFound)
	}
	return results
}

// someNames are some of the project's, or none when they cannot be had quickly.
func (s session) someNames(ctx context.Context, project string) []string {
	ctx, cancel := context.WithTimeout(ctx, store.NearTime)
	defer cancel()
	names, err := s.names(ctx, project, "", store.NearPages)
	if err != nil {
		return nil
	}
	return names
}
