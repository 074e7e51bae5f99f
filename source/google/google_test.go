package google

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// newStore returns a store that reaches a fake under Google's own host names, through a
// CONNECT proxy, with a service account's key, and nothing else.
func newStore(t *testing.T) (*Store, *storetest.Google) {
	t.Helper()
	fake := storetest.NewGoogle(t)
	storetest.Setenv(t, fake.Env())
	return &Store{retryDelay: time.Millisecond, transport: storetest.NewProxy(t, fake.Hosts()).Transport()}, fake
}

// Every form of reference must resolve to its value, byte for byte.
func TestEveryFormOfReferenceHasItsValue(t *testing.T) {
	system, fake := newStore(t)
	fake.Put("gym/db", "old"+storetest.Canary, "\x00\xffnew"+storetest.Canary+"\n")
	fake.Put("gym/json", `{"a":"1","o":{"p/q":"deep"}}`)
	fake.Put("other-1/db_2", "else")
	wants := map[string]string{
		"gcpsecrets://gym/db":                "\x00\xffnew" + storetest.Canary + "\n",
		"gcpsecrets://gym/db?version=latest": "\x00\xffnew" + storetest.Canary + "\n",
		"gcpsecrets://gym/db?version=1":      "old" + storetest.Canary,
		"gcpsecrets://gym/json#/a":           "1",
		"gcpsecrets://gym/json#/o/p~1q":      "deep",
		"gcpsecrets://other-1/db_2":          "else",
	}
	var texts, want []string
	for text, value := range wants {
		texts, want = append(texts, text), append(want, value)
	}
	results := system.Resolve(t.Context(), storetest.References(t, texts...))
	if diff := cmp.Diff(want, storetest.ValuesOrErrors(t, results)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := results[slices.Index(texts, "gcpsecrets://gym/db")].Version; got != "2" {
		t.Errorf("the version is %s, want 2", got)
	}
	if reads, logins := fake.Calls("access"), fake.Calls("token"); reads != 4 || logins != 1 {
		t.Errorf("%d reads and %d logins", reads, logins)
	}
}

// Two hundred secrets at once must all be answered, in order, each read once.
func TestManySecretsAreReadOnceEach(t *testing.T) {
	for _, n := range []int{1, 20, 21, 200} {
		system, fake := newStore(t)
		var texts, want []string
		for i := range n {
			fake.Put(fmt.Sprintf("gym/s%d", i), fmt.Sprintf(`{"k":"value %d","l":"other %d"}`, i, i))
			texts = append(texts, fmt.Sprintf("gcpsecrets://gym/s%d#/k", i), fmt.Sprintf("gcpsecrets://gym/s%d#/l", i))
			want = append(want, fmt.Sprintf("value %d", i), fmt.Sprintf("other %d", i))
		}
		if diff := cmp.Diff(want, storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, texts...)))); diff != "" {
			t.Errorf("%d (-want +got)\n%s", n, diff)
		}
		if got := fake.Calls("access"); got != n {
			t.Errorf("%d secrets: %d reads", n, got)
		}
	}
}

// An error must be reported for its reference only, with what to do.
func TestErrorConcernsOneReference(t *testing.T) {
	system, fake := newStore(t)
	for _, name := range []string{"gym/fine", "gym/closed", "gym/off", "gym/gone"} {
		fake.Put(name, storetest.Canary, storetest.Canary)
	}
	fake.Put("gym/hollow")
	fake.State("gym/off", 2, "DISABLED")
	fake.State("gym/gone", 2, "DESTROYED")
	fake.Deny("access", "gym/closed", "")
	fake.Deny("access", "asleep/db", "SERVICE_DISABLED")
	wants := [][2]string{
		{"gcpsecrets://gym/fine", storetest.Canary},
		{"gcpsecrets://gym/Fine", "the project gym has no secret Fine with a version, but has fine: not found"},
		{"gcpsecrets://gym/hollow", "the project gym has no secret hollow with a version: not found"},
		{"gcpsecrets://gym/fine?version=9", "the secret fine has no version 9; see those it has with: gcloud secrets versions list fine --project gym"},
		{"gcpsecrets://gym/closed", "access denied, or there is no such secret; grant roles/secretmanager.secretAccessor to deploy@gym.iam.gserviceaccount.com on closed"},
		{"gcpsecrets://asleep/db", "the Secret Manager API is not enabled; enable it with: gcloud services enable secretmanager.googleapis.com --project asleep"},
		{"gcpsecrets://gym/off", "its newest version 2 is disabled; enable it with: gcloud secrets versions enable 2 --secret off --project gym"},
		{"gcpsecrets://gym/off?version=2", "version 2 is disabled; enable it with: gcloud secrets versions enable 2 --secret off --project gym"},
		{"gcpsecrets://gym/off?version=1", storetest.Canary},
		{"gcpsecrets://gym/gone", "its newest version 2 is destroyed permanently; add a new one, or choose another with ?version="},
		{"gcpsecrets://gym/fine#/k", "the payload is not a JSON object; omit #/… to use the whole payload"},
	}
	var texts, want []string
	for _, pair := range wants {
		texts = append(texts, pair[0])
		if pair[1] != storetest.Canary {
			pair[1] = pair[0] + ": " + pair[1]
		}
		want = append(want, pair[1])
	}
	if diff := cmp.Diff(want, storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, texts...)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := fake.Calls("list"); got != 1 {
		t.Errorf("the names were listed %d times", got)
	}
}

// A reference that Google cannot have must fail before any call.
func TestBadReferenceFailsBeforeAnyCall(t *testing.T) {
	system, fake := newStore(t)
	for text, want := range map[string]string{
		"gcpsecrets://gym/db?verson=3":                    "unknown argument ?verson=; supported: version",
		"gcpsecrets://gym/db?version=":                    "the argument ?version= is empty; give it a value or leave it out",
		"gcpsecrets://gym/db?version=1/":                  "not a version; write a number, an alias or latest",
		"gcpsecrets:///db":                                "there is no project in it; write gcpsecrets://PROJECT/NAME, with the project's id or number",
		"gcpsecrets://gym":                                "not a secret name: Google allows 1 to 255 letters, digits, _ and -",
		"gcpsecrets://projects/gym/secrets/db/versions/1": "Google's full resource name is not supported; write gcpsecrets://PROJECT/NAME?version=N",
		"gcpsecrets://gym/a/b":                            "not a secret name: Google allows 1 to 255 letters, digits, _ and -",
		"gcpsecrets://gym/../x:access":                    "not a secret name: Google allows 1 to 255 letters, digits, _ and -",
	} {
		storetest.WantValueOrError(t, system, text, text+": "+want)
	}
	if fake.Calls("access")+fake.Calls("token") != 0 {
		t.Error("Google was asked")
	}
}

// A wrong checksum must be an error, and a missing one must not.
func TestWrongChecksumIsAnError(t *testing.T) {
	system, fake := newStore(t)
	body := `{"name":"projects/1/secrets/db/versions/3","payload":{"data":"dmFsdWU="%s}}`
	for checksum, want := range map[string]string{
		"":                           "value",
		`,"dataCrc32c":"1234"`:       "gcpsecrets://gym/db: the value was corrupted in transit (checksum mismatch); run it again",
		`,"dataCrc32c":"4072461951"`: "",
	} {
		if want == "" {
			checksum, want = `,"dataCrc32c":"`+checksumOf([]byte("value"))+`"`, "value"
		}
		fake.Next("access", storetest.Answer{Status: 200, Body: fmt.Sprintf(body, checksum)})
		storetest.WantValueOrError(t, system, "gcpsecrets://gym/db", want)
	}
	if got := checksumOf([]byte("123456789")); got != "3808858755" { // the check value of CRC-32C, 0xE3069283
		t.Errorf("the checksum is %s", got)
	}
}

// Each refusal of Google must become one line that says what to do and quotes nothing of
// the answer.
func TestRefusalSaysWhatToDo(t *testing.T) {
	status := func(status int, code, reason string) storetest.Answer {
		return storetest.Answer{Status: status, Body: fmt.Sprintf(`{"error":{"code":%d,"message":"%s\nmore","status":%q,"details":[{"reason":%q}]}}`, status, storetest.Canary, code, reason)}
	}
	for want, answer := range map[string]storetest.Answer{
		"Google does not accept the credentials; log in again with: gcloud auth application-default login":                                     status(401, "UNAUTHENTICATED", ""),
		"Google still throttled the calls after all retries; try again in a minute":                                                            status(429, "RESOURCE_EXHAUSTED", ""),
		"Google failed (HTTP status 503); try again later":                                                                                     status(503, "UNAVAILABLE", ""),
		"Google failed (HTTP status 500); try again later":                                                                                     status(500, "INTERNAL", ""),
		"Google failed (HTTP status 502); try again later":                                                                                     {Status: 502, Body: "<html>" + storetest.Canary},
		"Google refuses it (INVALID_ARGUMENT); check the reference":                                                                            status(400, "INVALID_ARGUMENT", ""),
		"Google cannot do this to db in its current state; see: gcloud secrets describe db --project gym":                                      status(400, "FAILED_PRECONDITION", ""),
		"the project gym has no billing account; link one to it":                                                                               status(403, "PERMISSION_DENIED", "BILLING_DISABLED"),
		"this machine's service account lacks the cloud-platform scope; add that scope":                                                        status(403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
		"there is no project gym, or you may not use it; check its id with: gcloud projects list":                                              status(403, "PERMISSION_DENIED", "CONSUMER_INVALID"),
		"the project that is to pay for the calls may not be used; choose another with: gcloud auth application-default set-quota-project gym": status(403, "PERMISSION_DENIED", "USER_PROJECT_DENIED"),
		"there is no project gym, or you may not see it; check its id with: gcloud projects list":                                              {Status: 404, Body: `{"error":{"status":"NOT_FOUND","message":"Project gym not found."}}`},
		"secretmanager.googleapis.com does not answer as Google does (HTTP status 404); check the proxy":                                       {Status: 404, Body: "<html>" + storetest.Canary},
		"secretmanager.googleapis.com does not answer as Google does (HTTP status 200); check the proxy":                                       {Status: 200, Body: "<html>" + storetest.Canary},
	} {
		system, fake := newStore(t)
		fake.Put("gym/db", storetest.Canary)
		fake.Next("access", slices.Repeat([]storetest.Answer{answer}, attempts)...)
		storetest.WantValueOrError(t, system, "gcpsecrets://gym/db", "gcpsecrets://gym/db: "+want)
	}
}
