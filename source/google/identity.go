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

// identity is who asks, found once.
type identity struct {
	tokens oauth2.TokenSource // gives the same token until it expires
	email  string             // of a service account with a key file, else ""
	quota  string             // the project that pays for the calls, "" is the token's own
	host   string
	wire   *wireFault
}

// session is Secret Manager with a token that was good when it was opened.
type session struct {
	identity
	client *http.Client
	token  *oauth2.Token
	pause  time.Duration
}

// open finds the credentials, once, and asks for a token, so that a fault in them is
// found before a call and not once for each secret.
func (g *Store) open(ctx context.Context) (session, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	base := g.transport
	if base == nil {
		base = http.DefaultTransport
	}
	if g.found == nil {
		wire := &wireFault{base: base}
		identity, err := until(ctx, func() (*identity, error) { return find(wire) })
		if err != nil {
			return session{}, findFault(ctx, err)
		}
		g.found = identity
	}
	token, err := until(ctx, g.found.tokens.Token)
	if err != nil {
		return session{}, g.found.tokenFault(ctx, err)
	}
	session := session{identity: *g.found, client: &http.Client{Transport: base}, token: token, pause: g.pause}
	if session.pause == 0 {
		session.pause = time.Second
	}
	return session, nil
}

// until is what do answers, or ctx's error when that ends first: the library asks
// for credentials without a context.
func until[T any](ctx context.Context, do func() (T, error)) (T, error) {
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
		var none T
		return none, ctx.Err()
	}
}

// find looks for the application default credentials. Tokens are had over
// wire, for as long as the program runs.
func find(wire *wireFault) (*identity, error) {
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, &http.Client{Transport: wire})
	credentials, err := google.FindDefaultCredentials(ctx, scope)
	if err != nil {
		return nil, err
	}
	domain, err := credentials.GetUniverseDomain()
	if err != nil {
		return nil, errMachine
	}
	var file struct {
		ClientEmail    string `json:"client_email"`
		QuotaProjectID string `json:"quota_project_id"`
	}
	_ = json.Unmarshal(credentials.JSON, &file)                            // it was read as JSON already; there is none on Google's machines
	if project := os.Getenv("GOOGLE_CLOUD_QUOTA_PROJECT"); project != "" { //nolint:forbidigo // Google's own clients read it, and the library that we use does not
		file.QuotaProjectID = project
	}
	return &identity{tokens: credentials.TokenSource, email: file.ClientEmail, quota: file.QuotaProjectID, host: "secretmanager." + domain, wire: wire}, nil
}

const login = "gcloud auth application-default login"

// errMachine is for one of Google's machines, by its own account.
var errMachine = errors.New("the metadata server of this machine does not answer; check it, or log in with: " + login)

// findFault is about files. What the library says may quote them.
func findFault(ctx context.Context, err error) error {
	switch said := err.Error(); {
	case ctx.Err() != nil:
		return store.Unreached(ctx, ctx.Err(), "Google's metadata server", trust)
	case errors.Is(err, errMachine):
		return err
	case strings.Contains(said, "GOOGLE_APPLICATION_CREDENTIALS"):
		return errors.New("the file that GOOGLE_APPLICATION_CREDENTIALS names cannot be read, or holds no credentials; check it")
	case strings.Contains(said, "could not find default credentials"):
		return errors.New("no Google credentials are found; log in with: " + login)
	}
	return errors.New("the Google credentials that gcloud keeps cannot be used; log in again with: " + login)
}

// tokenFault is about a token that was not given. Of the answer only OAuth's error
// code is quoted.
func (i identity) tokenFault(ctx context.Context, err error) error {
	answer, answered := errors.AsType[*oauth2.RetrieveError](err)
	again := "log in again with: " + login
	if i.email != "" {
		again = "check the key of " + i.email + ", and the clock"
	}
	switch {
	case ctx.Err() != nil:
		return store.Unreached(ctx, ctx.Err(), "Google's login", trust)
	case answered && answer.Response != nil && answer.Response.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("the login at Google failed (HTTP status %d); try again later", answer.Response.StatusCode)
	case answered:
		var body struct{ Error string }
		if json.Unmarshal(answer.Body, &body) != nil || !oauthCode(body.Error) {
			body.Error = "no code"
		}
		return fmt.Errorf("the Google credentials have expired or are withdrawn (%s); %s", body.Error, again)
	}
	// The library keeps only the words of what went wrong on the way.
	if fault := store.Unreached(ctx, i.wire.last(), "Google's login", trust); fault != nil {
		return fault
	}
	return errors.New("the Google credentials give no token; " + again)
}

// oauthCode tells whether text is made as OAuth's error codes are: invalid_grant.
func oauthCode(text string) bool {
	return text != "" && len(text) < 40 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz_") == ""
}

// wireFault is a transport that remembers what last went wrong on the way.
type wireFault struct {
	base http.RoundTripper
	mu   sync.Mutex
	err  error
}

// RoundTrip is that of the transport below.
func (w *wireFault) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := w.base.RoundTrip(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = nil
	if err != nil {
		w.err = &url.Error{Op: r.Method, URL: r.URL.String(), Err: err}
	}
	return response, err
}

func (w *wireFault) last() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}
