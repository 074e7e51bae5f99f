package enginetest

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Call is one request that a Proxy saw. It holds no bodies, only their sizes.
type Call struct {
	Method        string
	Path          string // without the API version: /secrets/create
	Query         string
	Status        int // 0 when the answer was cut
	RequestBytes  int64
	ResponseBytes int64
}

// Proxy stands between a client and an engine, on a unix socket of its own.
type Proxy struct {
	Host string // for DOCKER_HOST

	backend http.RoundTripper
	mu      sync.Mutex
	calls   []Call
	faults  []*Fault
}

// NewProxy starts a proxy in front of engine. It stops when the test ends.
func NewProxy(tb testing.TB, engine *Engine) *Proxy {
	tb.Helper()
	dir, err := os.MkdirTemp("", "proxy") //nolint:usetesting // a socket's path has at most 107 bytes
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "docker.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		tb.Fatal(err)
	}
	backend := unixTransport(strings.TrimPrefix(engine.Host, "unix://"))
	proxy := &Proxy{Host: "unix://" + path, backend: backend}
	server := &http.Server{Handler: proxy}
	go func() { _ = server.Serve(listener) }()
	tb.Cleanup(func() {
		_ = server.Close()
		backend.CloseIdleConnections()
	})
	return proxy
}

// Calls returns what was asked so far, in the order in which the answers came.
func (p *Proxy) Calls() []Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.calls)
}

// Writes returns the calls that may have changed something: neither GET nor
// HEAD, and not refused. A call whose answer was cut counts as a write.
func (p *Proxy) Writes() []Call {
	return slices.DeleteFunc(p.Calls(), func(c Call) bool {
		return c.Method == http.MethodGet || c.Method == http.MethodHead || c.Status >= http.StatusBadRequest
	})
}

// Reset forgets the calls and the faults.
func (p *Proxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls, p.faults = nil, nil
}

func (p *Proxy) record(call Call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, call)
}

var apiVersion = regexp.MustCompile(`^/v[0-9]+\.[0-9]+`)

func pathWithoutVersion(path string) string { return apiVersion.ReplaceAllString(path, "") }
