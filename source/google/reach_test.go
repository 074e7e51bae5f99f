package google

import (
	"context"
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
	fake.Put("gym/db", "1")
	fake.Next("access", storetest.Answer{Status: 429}, storetest.Answer{Status: 503}, storetest.Answer{Status: 504}, storetest.Answer{Status: 429})
	storetest.WantValueOrError(t, system, "gcpsecrets://gym/db", "1")
	if got := fake.Calls("access"); got != 5 {
		t.Errorf("%d calls, want 5", got)
	}
}

// A retry must not come before the time that Google asks for, which is limited.
func TestRetryWaitsAsLongAsGoogleAsks(t *testing.T) {
	s := session{retryDelay: time.Millisecond}
	for header, want := range map[string]time.Duration{"": 0, "2": 2 * time.Second, "3600": maxRetryDelay, "soon": 0} {
		answer := newAPIError(&http.Response{Header: http.Header{"Retry-After": {header}}}, nil)
		if got := s.delay(1, answer); got < want || got > want+time.Millisecond {
			t.Errorf("Retry-After %q: %s, want %s", header, got, want)
		}
	}
}

// When the deadline ends, in a call or before a retry, each reference must say that it has
// no answer.
func TestDeadlineIsReportedForEachReference(t *testing.T) {
	for name, make := range map[string]func(*Store, *storetest.Google){
		"call": func(_ *Store, fake *storetest.Google) { fake.Slow(time.Minute) },
		"pause": func(system *Store, fake *storetest.Google) {
			system.retryDelay = time.Hour
			fake.Next("access", storetest.Answer{Status: 429}, storetest.Answer{Status: 429})
		},
	} {
		system, fake := newStore(t)
		fake.Put("gym/a", storetest.Canary)
		if _, err := system.open(t.Context()); err != nil {
			t.Fatal(err)
		}
		make(system, fake)
		ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
		got := storetest.ValuesOrErrors(t, system.Resolve(ctx, storetest.References(t, "gcpsecrets://gym/a", "gcpsecrets://gym/b")))
		cancel()
		for i, text := range []string{"gcpsecrets://gym/a", "gcpsecrets://gym/b"} {
			if want := text + ": no answer in time from secretmanager.googleapis.com; try again, or check VPN, proxy and firewall"; got[i] != want {
				t.Errorf("%s: %q, want %q", name, got[i], want)
			}
		}
	}
}

// Credentials that cannot be used must be reported for all references, with how to log in.
func TestBadCredentialsSayHowToLogIn(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.json")
	if err := os.WriteFile(broken, []byte(`{"type":"`+storetest.Canary), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, test := range map[string]func(*Store, *storetest.Google){
		"the file that GOOGLE_APPLICATION_CREDENTIALS names cannot be read, or holds no credentials; check it": func(*Store, *storetest.Google) {
			t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", broken)
		},
		"the Google credentials have expired or are withdrawn (invalid_grant); log in again with: gcloud auth application-default login": func(_ *Store, fake *storetest.Google) {
			storetest.Setenv(t, fake.UserEnv("", false))
		},
		"the Google credentials have expired or are withdrawn (invalid_grant); check the key of deploy@gym.iam.gserviceaccount.com, and the clock": func(_ *Store, fake *storetest.Google) {
			fake.Next("token", storetest.Answer{Status: 400, Body: `{"error":"invalid_grant","error_description":"` + storetest.Canary + `"}`})
		},
		"the login at Google failed (HTTP status 503); try again later": func(_ *Store, fake *storetest.Google) {
			fake.Next("token", storetest.Answer{Status: 503, Body: storetest.Canary})
		},
		"cannot reach oauth2.googleapis.com; check VPN, proxy and firewall": func(system *Store, _ *storetest.Google) {
			system.transport = storetest.NewProxy(t, map[string]http.Handler{}).Transport()
		},
	} {
		system, fake := newStore(t)
		test(system, fake)
		got := storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, "gcpsecrets://gym/a", "gcpsecrets://gym/b")))
		if diff := cmp.Diff([]string{"gcpsecrets://gym/a: " + want, "gcpsecrets://gym/b: " + want}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// The login of a person must name the project that pays, and an untrusted authority must be
// explained.
func TestQuotaProjectAndUntrustedAuthority(t *testing.T) {
	system, fake := newStore(t)
	storetest.Setenv(t, fake.UserEnv("payer", true))
	fake.Put("gym/db", "1")
	storetest.WantValueOrError(t, system, "gcpsecrets://gym/db", "1")
	if got := fake.Header().Get("X-Goog-User-Project"); got != "payer" {
		t.Errorf("the project that pays is %q", got)
	}
	t.Setenv("GOOGLE_CLOUD_QUOTA_PROJECT", "other")
	again := &Store{transport: system.transport}
	storetest.WantValueOrError(t, again, "gcpsecrets://gym/db", "1")
	if got := fake.Header().Get("X-Goog-User-Project"); got != "other" {
		t.Errorf("the project that pays is %q", got)
	}
	untrusting := storetest.NewProxy(t, fake.Hosts()).Transport()
	untrusting.TLSClientConfig.RootCAs = nil
	storetest.WantValueOrError(t, &Store{transport: untrusting}, "gcpsecrets://gym/db", "gcpsecrets://gym/db: oauth2.googleapis.com has a certificate from an untrusted authority; if your network intercepts TLS, set its CA certificate in SSL_CERT_FILE")
}

// A connection that breaks while a value is read must be retried.
func TestBrokenConnectionIsRetried(t *testing.T) {
	fake := storetest.NewGoogle(t)
	storetest.Setenv(t, fake.Env())
	fake.Put("gym/db", "1")
	broken := 0
	hosts := fake.Hosts()
	hosts["secretmanager.googleapis.com"] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken++; broken <= 2 {
			panic(http.ErrAbortHandler)
		}
		fake.ServeHTTP(w, r)
	})
	for _, http2 := range []bool{true, false} {
		transport := storetest.NewProxy(t, hosts).Transport()
		transport.ForceAttemptHTTP2, broken = http2, 0
		storetest.WantValueOrError(t, &Store{retryDelay: time.Millisecond, transport: transport}, "gcpsecrets://gym/db", "1")
	}
}

// Without credentials the message must say how to log in.
func TestNoCredentialsSaysHowToLogIn(t *testing.T) {
	storetest.Setenv(t, []string{"GOOGLE_APPLICATION_CREDENTIALS=", "HOME=" + t.TempDir(), "APPDATA=" + t.TempDir(), "GCE_METADATA_HOST="})
	_, err := findIdentity(&faultRecorder{base: http.DefaultTransport})
	if err == nil {
		t.Skip("this is a machine of Google's")
	}
	if got, want := findFault(t.Context(), err).Error(), "no Google credentials are found; log in with: gcloud auth application-default login"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
