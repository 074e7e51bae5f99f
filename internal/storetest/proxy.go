package storetest

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Proxy is an HTTP proxy that answers for the host names that it was given, and for no
// others. It terminates TLS with certificates of its own authority and passes requests to
// the handler of their host. A program that is started with Env reaches the fakes under the
// names of the real systems, and nothing else.
type Proxy struct {
	URL    string // for HTTPS_PROXY
	CAFile string // the authority's certificate, PEM: for SSL_CERT_FILE, AWS_CA_BUNDLE and the like

	authority *authority
	hosts     map[string]http.Handler
	tunnels   *tunnels
	mu        sync.Mutex
	asked     []string
}

// NewProxy starts a proxy that stops when the test ends. The keys of hosts are host
// names without port; "*.vault.azure.net" means every name below
// vault.azure.net. A name takes precedence over a wildcard.
func NewProxy(tb testing.TB, hosts map[string]http.Handler) *Proxy {
	tb.Helper()
	p := &Proxy{hosts: hosts, authority: newAuthority(tb), tunnels: newTunnels(), CAFile: filepath.Join(tb.TempDir(), "ca.pem")}
	if err := os.WriteFile(p.CAFile, p.authority.PEM(), 0o600); err != nil {
		tb.Fatal(err)
	}
	inner := &http.Server{Handler: http.HandlerFunc(p.dispatch), TLSConfig: p.authority.serverConfig(), ErrorLog: discard}
	go func() { _ = inner.ServeTLS(p.tunnels, "", "") }()
	outer := httptest.NewUnstartedServer(http.HandlerFunc(p.serve))
	outer.Config.ErrorLog = discard
	outer.Start()
	p.URL = outer.URL
	tb.Cleanup(func() {
		_ = inner.Close()
		outer.Close()
	})
	return p
}

// Env returns the variables with which a program uses the proxy, KEY=VALUE. Requests to
// loopback addresses do not use it: Go's client and most others never do.
func (p *Proxy) Env() []string {
	return []string{
		"HTTPS_PROXY=" + p.URL, "https_proxy=" + p.URL, "HTTP_PROXY=" + p.URL, "http_proxy=" + p.URL, "NO_PROXY=", "no_proxy=",
		"SSL_CERT_FILE=" + p.CAFile, "AWS_CA_BUNDLE=" + p.CAFile, "AWS_EC2_METADATA_DISABLED=true",
	}
}

// Transport uses the proxy and trusts its authority. It is for tests within one process,
// because Go reads HTTPS_PROXY and SSL_CERT_FILE only once.
func (p *Proxy) Transport() *http.Transport {
	return &http.Transport{
		Proxy:             func(*http.Request) (*url.URL, error) { return url.Parse(p.URL) },
		TLSClientConfig:   p.authority.clientConfig(),
		ForceAttemptHTTP2: true,
	}
}

// Asked returns each host name that a client wanted to reach, in order, also those that the
// proxy does not answer for. A connection counts once.
func (p *Proxy) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

// serve answers what clients ask a proxy: CONNECT for https, whole URLs for http.
func (p *Proxy) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, hostname(r.Host))
	p.mu.Unlock()
	if p.handler(r.Host) == nil {
		http.Error(w, "storetest: no such host", http.StatusBadGateway)
		return
	}
	if r.Method != http.MethodConnect {
		p.dispatch(w, r)
		return
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "storetest: no tunnel", http.StatusInternalServerError)
		return
	}
	if _, err := conn.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil || !p.tunnels.offer(conn) {
		_ = conn.Close()
	}
}

// dispatch passes a request to the handler of its host.
func (p *Proxy) dispatch(w http.ResponseWriter, r *http.Request) {
	handler := p.handler(r.Host)
	if handler == nil {
		http.Error(w, "storetest: no such host", http.StatusMisdirectedRequest)
		return
	}
	handler.ServeHTTP(w, r)
}

// handler returns the handler of host, nil if there is none.
func (p *Proxy) handler(host string) http.Handler {
	host = hostname(host)
	if handler, found := p.hosts[host]; found {
		return handler
	}
	for rest := host; ; {
		_, parent, found := strings.Cut(rest, ".")
		if !found {
			return nil
		}
		if handler, found := p.hosts["*."+parent]; found {
			return handler
		}
		rest = parent
	}
}

// hostname returns host in lower case, without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(host)
}

// tunnels is a listener for the connections that clients open by CONNECT.
type tunnels struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newTunnels() *tunnels {
	return &tunnels{conns: make(chan net.Conn), closed: make(chan struct{})}
}

// offer passes conn to Accept; false if the listener is closed.
func (t *tunnels) offer(conn net.Conn) bool {
	select {
	case t.conns <- conn:
		return true
	case <-t.closed:
		return false
	}
}

func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case conn := <-t.conns:
		return conn, nil
	case <-t.closed:
		return nil, net.ErrClosed
	}
}

func (t *tunnels) Close() error {
	t.once.Do(func() { close(t.closed) })
	return nil
}

func (t *tunnels) Addr() net.Addr { return tunnelAddr{} }

type tunnelAddr struct{}

func (tunnelAddr) Network() string { return "tunnel" }
func (tunnelAddr) String() string  { return "tunnel" }

var errNoName = errors.New("storetest: the client names no host")
