package aws

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// A version that an existing secret does not have must not be reported as a missing secret.
func TestMissingVersionIsNotMissingSecret(t *testing.T) {
	system, fake := newStore(t)
	fake.Put("db", storetest.Canary)
	storetest.WantValueOrError(t, system, "awssecrets://db?version_stage=OTHER", "awssecrets://db?version_stage=OTHER: the secret db has no version OTHER; see those it has with: aws secretsmanager list-secret-version-ids --secret-id db --region eu-central-1")
	storetest.WantValueOrError(t, system, "awssecrets://db?version_id=3", "awssecrets://db?version_id=3: the secret db has no version 3; see those it has with: aws secretsmanager list-secret-version-ids --secret-id db --region eu-central-1")
	storetest.WantValueOrError(t, system, "awssecrets://dbs?version_id=3", "awssecrets://dbs?version_id=3: eu-central-1 has no secret dbs, but has db: not found")
	fake.Deny("secretsmanager:ListSecrets", "")
	storetest.WantValueOrError(t, system, "awssecrets://dbs", "awssecrets://dbs: eu-central-1 has no secret dbs: not found")
}

// Each refusal of AWS must become one line that says what to do and quotes nothing of the
// answer.
func TestRefusalSaysWhatToDo(t *testing.T) {
	for code, want := range map[string]string{
		"ExpiredTokenException":       "the AWS credentials have expired; log in again (aws sso login), or renew AWS_SESSION_TOKEN",
		"UnrecognizedClientException": "AWS does not accept the credentials (UnrecognizedClientException); check them with aws sts get-caller-identity, and the clock",
		"InvalidSignatureException":   "AWS does not accept the credentials (InvalidSignatureException); check them with aws sts get-caller-identity, and the clock",
		"AccessDeniedException":       "access denied: you may not do it; allow secretsmanager:GetSecretValue on a",
		"ThrottlingException":         "AWS still throttled the calls after all retries; try again, or set AWS_MAX_ATTEMPTS higher",
		"DecryptionFailure":           "the KMS key of a does not decrypt it; check that the key is enabled",
		"InternalServiceError":        "AWS failed (InternalServiceError) after all retries; try again later",
		"InvalidParameterException":   "AWS refuses the name or an argument (InvalidParameterException); check the reference",
		"InvalidRequestException":     "AWS cannot do this to a in its current state (InvalidRequestException); see: aws secretsmanager describe-secret --secret-id a --region eu-central-1",
		"OptInRequired":               "the AWS account does not use eu-central-1 (OptInRequired); check the region",
		"SomethingNew":                "AWS refuses it (SomethingNew); look that code up in AWS's documentation of Secrets Manager",
	} {
		system, fake := newStore(t)
		fake.Put("a", storetest.Canary)
		body := fmt.Sprintf(`{"__type":%q,"Message":"%s\nsecond line"}`, code, storetest.Canary)
		fake.Next("GetSecretValue", slices.Repeat([]storetest.Answer{{Status: 400, Body: body}}, 3)...)
		storetest.WantValueOrError(t, system, "awssecrets://a", "awssecrets://a: "+want)
	}
}

// An answer that is not AWS's must become one line too, and must not be quoted.
func TestAnswerOfAnotherServerIsNotQuoted(t *testing.T) {
	for want, answer := range map[string]storetest.Answer{
		"AWS failed (HTTP status 503) after all retries; try again later":                                                     {Status: 503, Body: "<html>" + storetest.Canary},
		"AWS answers with HTTP status 403; check the endpoint and the proxy":                                                  {Status: 403, Body: "<html>" + storetest.Canary},
		"secretsmanager.eu-central-1.amazonaws.com does not answer as AWS does; check the region, the endpoint and the proxy": {Status: 200, Body: "<html>" + storetest.Canary},
		"AWS answers with neither text nor bytes; write the value again":                                                      {Status: 200, Body: `{}`},
	} {
		system, fake := newStore(t)
		fake.Next("GetSecretValue", slices.Repeat([]storetest.Answer{answer}, 3)...)
		storetest.WantValueOrError(t, system, "awssecrets://a", "awssecrets://a: "+want)
	}
}

// The message for an explicit deny must not be "allow it".
func TestExplicitDenyIsNotAnsweredWithAllow(t *testing.T) {
	system, fake := newStore(t)
	message := "User: arn:aws:sts::123456789012:assumed-role/ci/session is not authorized to perform: secretsmanager:GetSecretValue on resource: a with an explicit deny in a service control policy"
	fake.Next("GetSecretValue", storetest.Answer{Status: 400, Body: `{"__type":"AccessDeniedException","Message":"` + message + `"}`})
	storetest.WantValueOrError(t, system, "awssecrets://a", "awssecrets://a: access denied: a policy explicitly denies secretsmanager:GetSecretValue on a to arn:aws:sts::123456789012:assumed-role/ci/session; ask the owner of the policy to change it")
}

// A role that may not be assumed, and a token service that cannot be reached, must be
// explained for all references.
func TestRoleFaultIsReportedForEachReference(t *testing.T) {
	profile := filepath.Join(t.TempDir(), "config")
	content := "[profile role]\nrole_arn=arn:aws:iam::123456789012:role/deploy\nsource_profile=keys\n[profile keys]\naws_access_key_id=AKIAFAKEFAKEFAKEFAKE\naws_secret_access_key=invented\n"
	if err := os.WriteFile(profile, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte("<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>" + storetest.Canary + "</Message></Error></ErrorResponse>"))
	}))
	over := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	closed := httptest.NewServer(nil)
	closed.Close()
	defer refusing.Close()
	defer slow.Close()
	defer close(over) // the SDK asks on for credentials when the caller has gone
	for want, endpoint := range map[string]string{
		"AWS gives no credentials: STS answers AccessDenied to AssumeRole; check the profile's role, or log in again": refusing.URL,
		"127.0.0.1 refuses connections; check the address and that it runs":                                           closed.URL,
		"no answer in time from AWS's credential service; try again, or check VPN, proxy and firewall":                slow.URL,
	} {
		system, _ := newStore(t)
		storetest.Setenv(t, []string{"AWS_CONFIG_FILE=" + profile, "AWS_PROFILE=role", "AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "AWS_ENDPOINT_URL_STS=" + endpoint})
		timeout := time.Minute
		if endpoint == slow.URL {
			timeout = 300 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		got := storetest.ValuesOrErrors(t, system.Resolve(ctx, storetest.References(t, "awssecrets://a", "awssecrets://b?region=us-east-1")))
		cancel()
		if diff := cmp.Diff([]string{"awssecrets://a: " + want, "awssecrets://b?region=us-east-1: " + want}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}
