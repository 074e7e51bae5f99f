package storetest_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// named answers with its own name and the host that was asked.
func named(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, "%s for %s, HTTP/%d", name, r.Host, r.ProtoMajor)
	})
}

func newProxy(t *testing.T) *storetest.Proxy {
	t.Helper()
	return storetest.NewProxy(t, map[string]http.Handler{
		"secrets.example": named("exact"), "*.vault.example": named("below"), "own.vault.example": named("own"),
	})
}

// A client that goes through the proxy must reach the handler of the host that it
// names, and no other host.
func TestProxyReachesNamedHostsOnly(t *testing.T) {
	proxy := newProxy(t)
	client := &http.Client{Transport: proxy.Transport()}
	for url, want := range map[string]string{
		"https://secrets.example/a":      "exact for secrets.example, HTTP/2",
		"https://secrets.example:8200/a": "exact for secrets.example:8200, HTTP/2",
		"http://secrets.example/a":       "exact for secrets.example, HTTP/1",
		"https://gym.vault.example/":     "below for gym.vault.example, HTTP/2",
		"https://a.gym.vault.example/":   "below for a.gym.vault.example, HTTP/2",
		"https://own.vault.example/":     "own for own.vault.example, HTTP/2",
	} {
		if got, err := get(t, client, url); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", url, got, err, want)
		}
	}
	for _, url := range []string{"https://vault.example/", "https://real.example/"} {
		if got, err := get(t, client, url); err == nil {
			t.Errorf("%s answers %q", url, got)
		}
	}
	if asked := proxy.Asked(); len(asked) != 8 {
		t.Errorf("asked are %v", asked)
	}
}

// A program that is given the proxy's environment must trust it, and one that has
// only the address must not.
func TestProxyIsTrustedByItsEnvironment(t *testing.T) {
	const url = "https://gym.vault.example/"
	if os.Getenv("STORETEST_CHILD") != "" {
		got, err := get(t, http.DefaultClient, url)
		fmt.Println("GOT", got, err)
		return
	}
	proxy := newProxy(t)
	for want, env := range map[string][]string{
		"GOT below for gym.vault.example, HTTP/2 <nil>": proxy.Env(),
		"certificate signed by unknown authority":       {"HTTPS_PROXY=" + proxy.URL},
	} {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyIsTrustedByItsEnvironment$")
		child.Env = append([]string{"STORETEST_CHILD=1", "GORACE=atexit_sleep_ms=0", "PATH=" + os.Getenv("PATH")}, env...)
		said, err := child.CombinedOutput()
		if err != nil || !bytes.Contains(said, []byte(want)) {
			t.Errorf("%v: the child says %s, want %s", err, said, want)
		}
	}
	if diff := cmp.Diff([]string{"gym.vault.example", "gym.vault.example"}, proxy.Asked()); diff != "" {
		t.Errorf("asked (-want +got)\n%s", diff)
	}
}

func get(t *testing.T, client *http.Client, url string) (string, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return strings.TrimSpace(string(body)), err
}
