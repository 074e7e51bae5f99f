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

// The roles that the calls need: for each call the one with the fewest permissions.
const (
	accessor = "roles/secretmanager.secretAccessor"
	viewer   = "roles/secretmanager.viewer"
	adder    = "roles/secretmanager.secretVersionAdder"
	admin    = "roles/secretmanager.admin (or secretmanager.secrets.create alone)"

	// caVariable is the variable that names CA certificates.
	caVariable = "SSL_CERT_FILE"
)

var (
	// errNoSecret is replaced by explainMissing, which adds suggestions.
	errNoSecret = fmt.Errorf("no such secret: %w", store.ErrNotFound)
	errDamaged  = errors.New("the value was corrupted in transit (checksum mismatch); run it again")
)

// fault explains in one line why a call about loc failed. role is the role that the call
// needs. The text quotes nothing of the answer but Google's codes.
func (s session) fault(ctx context.Context, err error, loc location, role string) error {
	answer, answered := errors.AsType[*apiError](err)
	if !answered {
		if fault := store.ConnectionFault(ctx, err, s.host, caVariable); fault != nil {
			return fault
		}
		return fmt.Errorf("cannot reach %s; check VPN, proxy and firewall", s.host)
	}
	switch {
	case answer.status == http.StatusOK, answer.code == "" && answer.status < http.StatusInternalServerError && !answer.isTemporary():
		return fmt.Errorf("%s does not answer as Google does (HTTP status %d); check the proxy", s.host, answer.status)
	case answer.code == "NOT_FOUND":
		return notFoundFault(answer, loc)
	case answer.code == "PERMISSION_DENIED":
		return s.deniedFault(answer, loc, role)
	case answer.code == "FAILED_PRECONDITION":
		return preconditionFault(answer, loc)
	case answer.code == "UNAUTHENTICATED":
		return errors.New("Google does not accept the credentials; log in again with: " + login)
	case answer.status == http.StatusTooManyRequests:
		return errors.New("Google still throttled the calls after all retries; try again in a minute")
	case answer.status >= http.StatusInternalServerError:
		return fmt.Errorf("Google failed (HTTP status %d); try again later", answer.status)
	}
	return fmt.Errorf("Google refuses it (%s); check the reference", answer.code)
}

func notFoundFault(answer *apiError, loc location) error {
	switch {
	case strings.HasPrefix(answer.message, "Project"):
		return fmt.Errorf("there is no project %s, or you may not see it; check its id with: gcloud projects list", loc.project)
	case strings.HasPrefix(answer.message, "Secret Version"):
		return fmt.Errorf("the secret %s has no version %s; see those it has with: gcloud secrets versions list %s --project %s", loc.name, loc.version, loc.name, loc.project)
	}
	return errNoSecret
}

// denials has the fault for each reason of PERMISSION_DENIED that is not a missing
// permission. PROJECT is replaced by the reference's project.
//
//nolint:gochecknoglobals // a table, never written
var denials = map[string]string{
	"SERVICE_DISABLED":                "the Secret Manager API is not enabled; enable it with: gcloud services enable secretmanager.googleapis.com --project PROJECT",
	"BILLING_DISABLED":                "the project PROJECT has no billing account; link one to it",
	"CONSUMER_INVALID":                "there is no project PROJECT, or you may not use it; check its id with: gcloud projects list",
	"USER_PROJECT_DENIED":             "the project that is to pay for the calls may not be used; choose another with: gcloud auth application-default set-quota-project PROJECT",
	"ACCESS_TOKEN_SCOPE_INSUFFICIENT": "this machine's service account lacks the cloud-platform scope; add that scope",
}

func (s session) deniedFault(answer *apiError, loc location, role string) error {
	if text, found := denials[answer.reason]; found {
		return errors.New(strings.ReplaceAll(text, "PROJECT", loc.project))
	}
	who := "yourself"
	if s.email != "" {
		who = s.email
	}
	if loc.name == "" {
		return fmt.Errorf("access denied, or there is no such project; grant %s to %s on the project %s", role, who, loc.project)
	}
	return fmt.Errorf("access denied, or there is no such secret; grant %s to %s on %s", role, who, loc.name)
}

//nolint:gochecknoglobals // expressions, never written
var statePattern = lazyregexp.New(`/versions/([0-9]+)\] is in ([A-Z]+) state`)

func preconditionFault(answer *apiError, loc location) error {
	if state := statePattern().FindStringSubmatch(answer.message); state != nil {
		return stateFault(loc, state[1], state[2])
	}
	return fmt.Errorf("Google cannot do this to %s in its current state; see: gcloud secrets describe %s --project %s", loc.name, loc.name, loc.project)
}

// stateFault is for a version that exists but has no value to read.
func stateFault(loc location, version, state string) error {
	which := "version " + version
	if loc.version == latest {
		which = "its newest version " + version
	}
	if state == "DISABLED" {
		return fmt.Errorf("%s is disabled; enable it with: gcloud secrets versions enable %s --secret %s --project %s", which, version, loc.name, loc.project)
	}
	return fmt.Errorf("%s is %s permanently; add a new one, or choose another with ?version=", which, strings.ToLower(state))
}
