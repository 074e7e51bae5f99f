package aws

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// Throttled calls must be retried.
func TestThrottledCallIsRetried(t *testing.T) {
	system, fake := newStore(t)
	throttled := storetest.Answer{Status: 400, Body: `{"__type":"ThrottlingException","message":"Rate exceeded"}`}
	var texts, want []string
	for i := range 60 {
		fake.Put(fmt.Sprintf("s%d", i), fmt.Sprintf("value %d", i))
		texts, want = append(texts, fmt.Sprintf("awssecrets://s%d", i)), append(want, fmt.Sprintf("value %d", i))
	}
	fake.Next("BatchGetSecretValue", throttled, throttled)
	if diff := cmp.Diff(want, storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, texts...)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := fake.Calls("BatchGetSecretValue"); got != 5 {
		t.Errorf("%d calls, want 5", got)
	}
}

// When the deadline ends, each reference without an answer must say so.
func TestDeadlineIsReportedForEachReference(t *testing.T) {
	system, fake := newStore(t)
	fake.Put("a", storetest.Canary)
	fake.Slow(time.Minute)
	if _, err := system.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	got := storetest.ValuesOrErrors(t, system.Resolve(ctx, storetest.References(t, "awssecrets://a", "awssecrets://b", "awssecrets://a?region=us-east-1")))
	for i, text := range []string{"awssecrets://a", "awssecrets://b", "awssecrets://a?region=us-east-1"} {
		host := "secretsmanager.eu-central-1.amazonaws.com"
		if i == 2 {
			host = "secretsmanager.us-east-1.amazonaws.com"
		}
		if want := text + ": no answer in time from " + host + "; try again, or check VPN, proxy and firewall"; got[i] != want {
			t.Errorf("%q, want %q", got[i], want)
		}
	}
}

// Without credentials, a region or a profile, the message must say how to get them.
func TestMissingConfigurationSaysHowToGetIt(t *testing.T) {
	folder := t.TempDir()
	broken := filepath.Join(folder, "config")
	if err := os.WriteFile(broken, []byte("[default\n"+storetest.Canary), 0o600); err != nil {
		t.Fatal(err)
	}
	session := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(session, []byte("[profile work]\nsso_session=s\nsso_account_id=1\nsso_role_name=r\n[sso-session s]\nsso_region=eu-central-1\nsso_start_url=https://x.awsapps.example/start\n[profile program]\ncredential_process=/bin/sh -c 'exit 1'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, environ := range map[string][]string{
		"no AWS credentials are found; log in with aws sso login or aws configure, or choose a profile with AWS_PROFILE": {"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="},
		"no region is set; set AWS_REGION, or write ?region=eu-central-1 into the reference":                             {"AWS_REGION="},
		"there is no AWS profile none; check AWS_PROFILE, or make it with: aws configure --profile none":                 {"AWS_PROFILE=none"},
		"the AWS configuration " + folder + " cannot be read; check it with: aws configure list":                         {"AWS_CONFIG_FILE=" + folder},
		"AWS_CA_BUNDLE is not a PEM file of certificates; check it":                                                      {"AWS_CA_BUNDLE=" + broken},
		"the AWS session is missing or has expired; log in with: aws sso login":                                          {"AWS_CONFIG_FILE=" + session, "AWS_PROFILE=work", "AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "HOME=" + t.TempDir()},
		"the credential_process of the AWS profile gives no credentials; try it by hand":                                 {"AWS_CONFIG_FILE=" + session, "AWS_PROFILE=program", "AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="},
	} {
		system, _ := newStore(t)
		storetest.Setenv(t, environ)
		for _, text := range []string{"awssecrets://a", "awssecrets://a#/k"} {
			storetest.WantValueOrError(t, system, text, text+": "+want)
		}
	}
}

// The SDK must reach AWS's own host names through a CONNECT proxy. An untrusted authority
// and a host that does not exist must be explained.
func TestProxyAndItsFaults(t *testing.T) {
	system, fake := newStore(t)
	t.Setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "")
	fake.Put("a", "1")
	proxy := storetest.NewProxy(t, map[string]http.Handler{"secretsmanager.eu-central-1.amazonaws.com": fake})
	system.client = &http.Client{Transport: proxy.Transport()}
	storetest.WantValueOrError(t, system, "awssecrets://a", "1")
	storetest.WantValueOrError(t, system, "awssecrets://a?region=eu-centrl-1", "awssecrets://a?region=eu-centrl-1: cannot reach secretsmanager.eu-centrl-1.amazonaws.com; check VPN, proxy and firewall")
	untrusting := proxy.Transport()
	untrusting.TLSClientConfig.RootCAs = nil
	storetest.WantValueOrError(t, &Store{maxRetryDelay: 1, client: &http.Client{Transport: untrusting}}, "awssecrets://a", "awssecrets://a: secretsmanager.eu-central-1.amazonaws.com has a certificate from an untrusted authority; if your network intercepts TLS, set its CA certificate in AWS_CA_BUNDLE or SSL_CERT_FILE")
}

// A host that cannot be looked up, or that refuses connections, must be named.
func TestUnreachableHostIsNamed(t *testing.T) {
	system, _ := newStore(t)
	t.Setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://secretsmanager.invalid")
	system.client = &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "secretsmanager.invalid", IsNotFound: true}
	}}}
	storetest.WantValueOrError(t, system, "awssecrets://a", "awssecrets://a: no such host secretsmanager.invalid; check the name and the network")
	closed, _ := newStore(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	t.Setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://"+listener.Addr().String())
	storetest.WantValueOrError(t, closed, "awssecrets://a", "awssecrets://a: 127.0.0.1 refuses connections; check the address and that it runs")
}
