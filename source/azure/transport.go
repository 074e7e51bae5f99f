package azure

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"

	"github.com/docker-secrets/docker-secrets/source/store"
)

// transport stops the SDK from retrying for ten seconds when a name does not exist or a
// certificate is not trusted. It also keeps the last request that got no answer, because
// the SDK's login errors do not wrap it.
type transport struct {
	base http.RoundTripper

	mu   sync.Mutex
	last error
}

// metadata is the address where a virtual machine of Azure asks for its managed identity.
// Elsewhere nothing answers there, which is not an error to report.
const metadata = "169.254.169.254"

// RoundTrip passes the request to base.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.base.RoundTrip(request)
	if err == nil || request.URL.Hostname() == metadata {
		return response, err
	}
	if lookup, isLookup := errors.AsType[*net.DNSError](err); isLookup && lookup.IsNotFound || store.CertificateFault(err, "", "") != nil {
		err = &permanentError{err}
	}
	t.mu.Lock()
	t.last = &url.Error{Op: request.Method, URL: request.URL.String(), Err: err}
	t.mu.Unlock()
	return nil, err
}

// lastError returns the last request that got no answer, nil if there is none.
func (t *transport) lastError() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}

// proxy returns the environment's proxy, but none for the metadata address: a proxy would
// answer itself, and the SDK would retry that for more than a minute.
func proxy(request *http.Request) (*url.URL, error) {
	if request.URL.Hostname() == metadata {
		return nil, nil //nolint:nilnil // http.Transport's way to say no proxy
	}
	return http.ProxyFromEnvironment(request)
}

// permanentError is a connection error that a retry does not change.
type permanentError struct{ error }

func (e *permanentError) Unwrap() error { return e.error }

// NonRetriable tells the SDK not to retry.
func (e *permanentError) NonRetriable() {}

// getenv returns a variable of the environment.
func getenv(name string) string {
	return os.Getenv(name) //nolint:forbidigo // the SDK reads the process's environment as well; both must be the same one
}
