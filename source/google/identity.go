package google

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"

	"github.com/docker-secrets/docker-secrets/source/store"
)

const scope = "https://www.googleapis.com/auth/cloud-platform"

// identity is what the store logs in as.
type identity struct {
	tokens oauth2.TokenSource // returns the same token until that expires
	email  string             // that of a service account with a key file, else ""
	quota  string             // the project that pays for the calls; "": that of the token
	host   string
	wire   *faultRecorder
}

// session asks Secret Manager with a token that was valid when it was opened.
type session struct {
	identity
	client     *http.Client
	token      *oauth2.Token
	retryDelay time.Duration
}

// open finds the credentials once, and asks for a token, so that wrong credentials are
// reported before the first call and not once for each secret.
func (g *Store) open(ctx context.Context) (session, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	base := g.transport
	if base == nil {
		base = http.DefaultTransport
	}
	if g.identity == nil {
		wire := &faultRecorder{base: base}
		found, err := withContext(ctx, func() (*identity, error) { return findIdentity(wire) })
		if err != nil {
			return session{}, findFault(ctx, err)
		}
		g.identity = found
	}
	token, err := withContext(ctx, g.identity.tokens.Token)
	if err != nil {
		return session{}, g.identity.tokenFault(ctx, err)
	}
	retryDelay := g.retryDelay
	if retryDelay == 0 {
		retryDelay = time.Second
	}
	return session{identity: *g.identity, client: &http.Client{Transport: base}, token: token, retryDelay: retryDelay}, nil
}

// withContext returns what do returns, or ctx's error if ctx ends first. The library that
// looks for credentials takes no context. do then goes on in the background.
func withContext[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		value, err := do()
		answers <- answer{value, err}
	}()
	select {
	case got := <-answers:
		return got.value, got.err
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	}
}

// findIdentity looks for the application default credentials. Their tokens are fetched over
// wire for as long as the program runs.
func findIdentity(wire *faultRecorder) (*identity, error) {
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, &http.Client{Transport: wire})
	credentials, err := google.FindDefaultCredentials(ctx, scope)
	if err != nil {
		return nil, err
	}
	domain, err := credentials.GetUniverseDomain()
	if err != nil {
		return nil, errMetadata
	}
	var file struct {
		ClientEmail    string `json:"client_email"`
		QuotaProjectID string `json:"quota_project_id"`
	}
	_ = json.Unmarshal(credentials.JSON, &file)                            // the library has decoded it before; it is empty on Google's machines
	if project := os.Getenv("GOOGLE_CLOUD_QUOTA_PROJECT"); project != "" { //nolint:forbidigo // Google's own clients read it, and this library does not
		file.QuotaProjectID = project
	}
	return &identity{tokens: credentials.TokenSource, email: file.ClientEmail, quota: file.QuotaProjectID, host: "secretmanager." + domain, wire: wire}, nil
}

const login = "gcloud auth application-default login"

// errMetadata is for a machine of Google's whose metadata server does not answer.
var errMetadata = errors.New("the metadata server of this machine does not answer; check it, or log in with: " + login)

// findFault explains why no credentials were found. It does not wrap the library's error,
// which may quote a credentials file.
func findFault(ctx context.Context, err error) error {
	switch said := err.Error(); {
	case ctx.Err() != nil:
		return store.ConnectionFault(ctx, ctx.Err(), "Google's metadata server", caVariable)
	case errors.Is(err, errMetadata):
		return err
	case strings.Contains(said, "GOOGLE_APPLICATION_CREDENTIALS"):
		return errors.New("the file that GOOGLE_APPLICATION_CREDENTIALS names cannot be read, or holds no credentials; check it")
	case strings.Contains(said, "could not find default credentials"):
		return errors.New("no Google credentials are found; log in with: " + login)
	}
	return errors.New("the Google credentials that gcloud keeps cannot be used; log in again with: " + login)
}

// tokenFault explains why there is no token. It quotes nothing of the answer but OAuth's
// error code.
func (i identity) tokenFault(ctx context.Context, err error) error {
	answer, answered := errors.AsType[*oauth2.RetrieveError](err)
	again := "log in again with: " + login
	if i.email != "" {
		again = "check the key of " + i.email + ", and the clock"
	}
	switch {
	case ctx.Err() != nil:
		return store.ConnectionFault(ctx, ctx.Err(), "Google's login", caVariable)
	case answered && answer.Response != nil && answer.Response.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("the login at Google failed (HTTP status %d); try again later", answer.Response.StatusCode)
	case answered:
		var body struct{ Error string }
		if json.Unmarshal(answer.Body, &body) != nil || !isOAuthCode(body.Error) {
			body.Error = "no code"
		}
		return fmt.Errorf("the Google credentials have expired or are withdrawn (%s); %s", body.Error, again)
	}
	// The library's error does not wrap that of the connection.
	if fault := store.ConnectionFault(ctx, i.wire.lastError(), "Google's login", caVariable); fault != nil {
		return fault
	}
	return errors.New("the Google credentials give no token; " + again)
}

// isOAuthCode reports whether text looks like an error code of OAuth: invalid_grant.
func isOAuthCode(text string) bool {
	return text != "" && len(text) < 40 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz_") == ""
}

// faultRecorder is a transport that keeps the error of its last request.
type faultRecorder struct {
	base http.RoundTripper
	mu   sync.Mutex
	err  error
}

// RoundTrip passes the request to base.
func (w *faultRecorder) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := w.base.RoundTrip(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = nil
	if err != nil {
		w.err = &url.Error{Op: r.Method, URL: r.URL.String(), Err: err}
	}
	return response, err
}

// lastError returns the error of the last request, nil if it was answered.
func (w *faultRecorder) lastError() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}
