package image

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// transport is the way to a registry.
func (s *session) transport(registry string) http.RoundTripper {
	if s.Transport != nil {
		return guard{s.Transport}
	}
	base, ok := remote.DefaultTransport.(*http.Transport)
	if !ok {
		return guard{remote.DefaultTransport}
	}
	if pool := authorities(s.Certificates, registry); pool != nil {
		base = base.Clone()
		base.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return guard{base}
}

// authorities are the system's CAs and those that Docker trusts for registry, nil if
// there are none of these. folder is laid out as /etc/docker/certs.d.
func authorities(folder, registry string) *x509.CertPool {
	if folder == "" {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(folder, registry, "*.crt"))
	if err != nil || len(files) == 0 {
		return nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	for _, file := range files {
		if content, err := regular.Read(file); err == nil {
			pool.AppendCertsFromPEM(content)
		}
	}
	return pool
}

// guard sends requests over TLS, or to this machine. go-containerregistry would fall
// back to plain HTTP for private addresses and for names below .local, with credentials;
// docker does not. It holds for realms and redirects too.
type guard struct{ inner http.RoundTripper }

func (g guard) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Scheme != "https" && !isLoopback(request.URL.Hostname()) {
		return nil, errPlainHTTP
	}
	response, err := g.inner.RoundTrip(request)
	if err != nil || response.StatusCode != http.StatusTooManyRequests || request.Body != nil {
		return response, err
	}
	wait, notSeconds := strconv.Atoi(response.Header.Get("Retry-After"))
	if notSeconds != nil || !sleep(request, time.Duration(wait)*time.Second) {
		return response, err
	}
	_ = response.Body.Close()
	return g.inner.RoundTrip(request)
}

// sleep waits if the request's time allows it, and tells whether it did.
func sleep(request *http.Request, wait time.Duration) bool {
	deadline, limited := request.Context().Deadline()
	if wait < 0 || limited && time.Until(deadline) < wait {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-request.Context().Done():
		return false
	}
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
