package registrytest

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/distribution/distribution/v3/configuration"

	"github.com/docker-secrets/docker-secrets/image"
)

// TestMain asks about one image when the test binary is run for that: some settings of
// the environment are read once a process.
func TestMain(m *testing.M) {
	ref := os.Getenv("REGISTRYTEST_ASK")
	if ref == "" {
		os.Exit(m.Run())
	}
	lookup := image.Lookup{Keychain: nobody{}, Certificates: os.Getenv("REGISTRYTEST_CERTIFICATES")}
	answers := lookup.Ask(context.Background(), []image.Question{{Image: ref}})
	_ = json.NewEncoder(os.Stdout).Encode(answers)
}

// trust is a folder like /etc/docker/certs.d in which the CA of r's registry is.
func trust(t *testing.T, r *registry, host string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, host), 0o700); err != nil {
		t.Fatal(err)
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.server.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(dir, host, "ca.crt"), ca, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A registry whose CA is not known must be said to be that, and be read with the CA that
// Docker has for it.
func TestUnknownCA(t *testing.T) {
	r, _ := startHub(t, true)
	ref := r.host + "/library/app:1"
	wants(t, "an unknown CA", ask(t, image.Lookup{}, ref), "the CA of its registry is not known here")
	wants(t, "a CA of Docker's", ask(t, image.Lookup{Certificates: trust(t, r, r.host)}, ref), "run library/app")
	wants(t, "a CA for another registry", ask(t, image.Lookup{Certificates: trust(t, r, "elsewhere")}, ref), "the CA of its registry is not known here")
}

// The proxy of the environment must be used, with TLS to the registry all the way.
func TestProxy(t *testing.T) {
	r, _ := startHub(t, true)
	var connects atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if request.Method != http.MethodConnect || request.Host != "example.com:443" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		connects.Add(1)
		tunnel(w, r.host)
	}))
	t.Cleanup(proxy.Close)
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), "HTTPS_PROXY="+proxy.URL, "NO_PROXY=", "REGISTRYTEST_ASK=example.com/library/app:1", "REGISTRYTEST_CERTIFICATES="+trust(t, r, "example.com"))
	output, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	wants(t, "through a proxy", string(output), "run library/app")
	if connects.Load() == 0 {
		t.Error("the proxy was not asked")
	}
}

// tunnel connects a client of a proxy with a server.
func tunnel(w http.ResponseWriter, host string) {
	server, err := net.Dial("tcp", host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	client, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(server, client); _ = server.Close() }()
	_, _ = io.Copy(client, server)
	_ = client.Close()
}

// reaching is a transport to which every host is the one at address.
func reaching(address string, secure *tls.Config) http.RoundTripper {
	return &http.Transport{TLSClientConfig: secure, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}}
}

// Neither credentials nor questions may leave this machine in the clear.
func TestNoPlainHTTP(t *testing.T) {
	r, _ := startHub(t, false)
	r.requests()
	for _, host := range []string{"registry.local", "registry.local:5000", "10.1.2.3:5000", "192.168.0.9", "registry.example"} {
		lookup := image.Lookup{Transport: reaching(r.host, nil)}
		got := ask(t, lookup, host+"/library/app:1")
		if host == "registry.example" {
			wants(t, host, got, "did not answer") // not even go-containerregistry tries
		} else {
			wants(t, host, got, "plain HTTP")
		}
	}
	for _, line := range r.requests() {
		t.Errorf("the registry was asked in the clear: %s", line)
	}
}

// A mirror of Docker Hub must be asked first, and the hub itself for what it does not have.
func TestMirror(t *testing.T) {
	upstream, hub := start(t, false, nil), start(t, true, nil)
	push(t, upstream.host+"/library/redis:7", made(t, "linux", "amd64", "from the mirror"))
	mirror := start(t, false, func(c *configuration.Configuration) { c.Proxy.RemoteURL = upstream.server.URL })
	hub.front = func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	lookup := image.Lookup{Mirrors: []string{"::", mirror.server.URL + "/"}, Transport: through{"index.docker.io": reaching(hub.host, &tls.Config{InsecureSkipVerify: true})}}
	wants(t, "on the mirror", ask(t, lookup, "redis:7"), "from the mirror")
	wants(t, "not on the mirror", ask(t, lookup, "nginx:1"), "limits requests")
}

// through picks the transport by host; others are reached as they are.
type through map[string]http.RoundTripper

func (t through) RoundTrip(r *http.Request) (*http.Response, error) {
	if way, found := t[r.URL.Host]; found {
		return way.RoundTrip(r)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// A registry that says when to come again must be asked again if there is time, else be said to limit.
func TestRetryAfter(t *testing.T) {
	r, _ := startHub(t, false)
	var refusals atomic.Int64
	after := "0"
	r.front = func(w http.ResponseWriter, request *http.Request) bool {
		if !strings.Contains(request.URL.Path, "/manifests/") || request.Header.Get("Authorization") == "" || after == "0" && refusals.Load() > 0 {
			return false
		}
		refusals.Add(1)
		w.Header().Set("Retry-After", after)
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	ref := r.host + "/library/app:1"
	wants(t, "after no time", ask(t, image.Lookup{}, ref), "run library/app")
	if refusals.Load() != 1 {
		t.Errorf("%d refusals", refusals.Load())
	}
	after = "3600"
	wants(t, "after an hour", ask(t, image.Lookup{Timeout: time.Minute}, ref), "limits requests")
}

// Images must be asked about at the same time, as many as there are places.
func TestConcurrent(t *testing.T) {
	const together = 8
	r := start(t, false, nil)
	questions := refs(t, r, 40)
	var mu sync.Mutex
	waiting, all := 0, make(chan struct{})
	r.front = func(_ http.ResponseWriter, request *http.Request) bool {
		if request.Method == http.MethodHead {
			mu.Lock()
			if waiting++; waiting == together {
				close(all)
			}
			mu.Unlock()
			select {
			case <-all:
			case <-request.Context().Done():
			}
		}
		return false
	}
	answers := image.Lookup{Keychain: nobody{}, Timeout: time.Minute}.Ask(t.Context(), questions)
	for i, q := range questions {
		if got := strings.Join(answers.Configs[q.Image].Command, " "); got != fmt.Sprint("run", i) {
			t.Errorf("%s: %q %s", q.Image, got, answers.NotKnown[q.Image])
		}
	}
}
