package source

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
	"github.com/docker-secrets/docker-secrets/secret"
)

// canary is in every value of these tests, and may be in no error.
const canary = "cAnArY-8kQ2"

// newAWS is a store that asks a fake with the SDK as it is, and nobody else.
func newAWS(t *testing.T) (*AWS, *storetest.AWS) {
	t.Helper()
	fake := storetest.NewAWS(t)
	for _, name := range []string{"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE", "AWS_DEFAULT_REGION", "AWS_MAX_ATTEMPTS"} {
		t.Setenv(name, "")
	}
	setenv(t, fake.Env())
	return &AWS{backoff: time.Millisecond}, fake
}

func setenv(t *testing.T, environ []string) {
	t.Helper()
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		t.Setenv(name, value)
	}
}

func references(t *testing.T, texts ...string) []secret.Reference {
	t.Helper()
	refs := make([]secret.Reference, len(texts))
	for i, text := range texts {
		ref, err := secret.ParseReference(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		refs[i] = ref
	}
	return refs
}

// said is what results say, one line each, with values and errors; no error may have
// a canary or a second line in it.
func said(t *testing.T, results []Result) []string {
	t.Helper()
	lines := make([]string, len(results))
	for i, result := range results {
		lines[i] = result.Value.Reveal()
		if result.Err != nil {
			lines[i] = result.Err.Error()
			if strings.Contains(lines[i], canary) || strings.Contains(lines[i], "\n") || !result.Value.Empty() {
				t.Errorf("result %d: an error of more than one line, or with a value", i)
			}
			if errors.Is(result.Err, ErrNotFound) != strings.HasSuffix(lines[i], "not found") {
				t.Errorf("%q: is ErrNotFound: %t", lines[i], errors.Is(result.Err, ErrNotFound))
			}
		}
	}
	return lines
}

// wantOne resolves text and compares what is said.
func wantOne(t *testing.T, system System, text, want string) {
	t.Helper()
	if diff := cmp.Diff([]string{want}, said(t, system.Resolve(t.Context(), references(t, text)))); diff != "" {
		t.Errorf("%s (-want +got)\n%s", text, diff)
	}
}

// Every form of reference must give its value, byte for byte.
func TestAWSResolve(t *testing.T) {
	store, fake := newAWS(t)
	first := fake.Put("gym/db", "old"+canary)
	fake.Put("gym/db", "new"+canary+"\n")
	fake.Put("gym/json", `{"a":"1","n":12345678901234567890,"o":{"p/q":"deep"}}`)
	fake.PutBinary("gym/bin", "\x00\xff\n")
	fake.PutIn("us-east-1", "far", "far away", "")
	wants := map[string]string{
		"awssecrets://gym/db":                           "new" + canary + "\n",
		"awssecrets://gym/db?version_stage=AWSPREVIOUS": "old" + canary,
		"awssecrets://gym/db?version_stage=AWSCURRENT":  "new" + canary + "\n",
		"awssecrets://gym/db?version_id=" + first:       "old" + canary,
		"awssecrets://" + fake.ARN("gym/db"):            "new" + canary + "\n",
		"awssecrets://" + strings.TrimSuffix(fake.ARN("gym/db"), fake.ARN("gym/db")[len(fake.ARN("gym/db"))-7:]): "new" + canary + "\n",
		"awssecrets://gym/json#/a":          "1",
		"awssecrets://gym/json#/n":          "12345678901234567890",
		"awssecrets://gym/json#/o/p~1q":     "deep",
		"awssecrets://gym/bin":              "\x00\xff\n",
		"awssecrets://far?region=us-east-1": "far away",
		"awssecrets://" + strings.Replace(fake.ARN("far"), storetest.AWSRegion, "us-east-1", 1): "far away",
	}
	var texts, want []string
	for text, value := range wants {
		texts, want = append(texts, text), append(want, value)
		wantOne(t, store, text, value)
	}
	if diff := cmp.Diff(want, said(t, store.Resolve(t.Context(), references(t, texts...)))); diff != "" {
		t.Errorf("all at once (-want +got)\n%s", diff)
	}
	results := store.Resolve(t.Context(), references(t, "awssecrets://gym/db?version_stage=AWSPREVIOUS"))
	if results[0].Version != first {
		t.Errorf("the version is %s, want %s", results[0].Version, first)
	}
}

// Twenty secrets must be one call, and each payload must be read once.
func TestAWSBatches(t *testing.T) {
	for n, calls := range map[int]map[string]int{
		1: {"GetSecretValue": 1}, 2: {"BatchGetSecretValue": 1}, 20: {"BatchGetSecretValue": 1},
		21: {"BatchGetSecretValue": 2}, 200: {"BatchGetSecretValue": 10},
	} {
		store, fake := newAWS(t)
		var texts, want []string
		for i := range n {
			fake.Put(fmt.Sprintf("gym/%d", i), fmt.Sprintf(`{"k":"value %d","l":"other %d"}`, i, i))
			texts = append(texts, fmt.Sprintf("awssecrets://gym/%d#/k", i), fmt.Sprintf("awssecrets://gym/%d#/l", i))
			want = append(want, fmt.Sprintf("value %d", i), fmt.Sprintf("other %d", i))
		}
		if diff := cmp.Diff(want, said(t, store.Resolve(t.Context(), references(t, texts...)))); diff != "" {
			t.Errorf("%d (-want +got)\n%s", n, diff)
		}
		for _, operation := range []string{"GetSecretValue", "BatchGetSecretValue"} {
			if got := fake.Calls(operation); got != calls[operation] {
				t.Errorf("%d secrets: %d calls of %s, want %d", n, got, operation, calls[operation])
			}
		}
	}
}

// Another account's secret of the same name, asked for by its ARN, must not be taken
// for one's own, nor the other way round.
func TestAWSForeignSecret(t *testing.T) {
	store, fake := newAWS(t)
	fake.Put("db", "mine")
	fake.Put("other", "mine too")
	arn := fake.PutForeign("db", "theirs")
	texts := []string{"awssecrets://" + arn, "awssecrets://db", "awssecrets://" + fake.ARN("db"), "awssecrets://other"}
	if diff := cmp.Diff([]string{"theirs", "mine", "mine", "mine too"}, said(t, store.Resolve(t.Context(), references(t, texts...)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := fake.Calls("BatchGetSecretValue"); got != 2 {
		t.Errorf("%d batches, want one of names and one of ARNs", got)
	}
}

// A batch that comes in pages must be read to its end.
func TestAWSBatchPages(t *testing.T) {
	store, fake := newAWS(t)
	fake.PageSize = 3
	var texts, want []string
	for i := range 10 {
		fake.Put(fmt.Sprintf("gym/%d", i), fmt.Sprintf("value %d", i))
		texts, want = append(texts, fmt.Sprintf("awssecrets://gym/%d", i)), append(want, fmt.Sprintf("value %d", i))
	}
	if diff := cmp.Diff(want, said(t, store.Resolve(t.Context(), references(t, texts...)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if batches, ones := fake.Calls("BatchGetSecretValue"), fake.Calls("GetSecretValue"); batches != 4 || ones != 0 {
		t.Errorf("%d pages and %d single calls", batches, ones)
	}
}

// Where batches are denied, unknown, or spoilt by one name, each secret must be read
// by a call of its own, and nothing be said of it.
func TestAWSWithoutBatches(t *testing.T) {
	denied := `{"__type":"AccessDeniedException","Message":"User: x is not authorized to perform: secretsmanager:BatchGetSecretValue"}`
	for name, answer := range map[string]storetest.Answer{
		"denied":          {Status: 400, Body: denied},
		"unknown":         {Status: 400, Body: `{"__type":"UnknownOperationException"}`},
		"not answered":    {Status: 404, Body: "<html>"},
		"not implemented": {Status: 501, Body: `{"__type":"InternalFailure","message":"not implemented"}`},
		"invalid":         {Status: 400, Body: `{"__type":"ValidationException","Message":"Invalid name."}`},
		"partial":         {Status: 200, Body: `{"SecretValues":[],"Errors":[]}`},
	} {
		store, fake := newAWS(t)
		fake.Put("a", "1")
		fake.Put("b", "2")
		fake.Next("BatchGetSecretValue", slices.Repeat([]storetest.Answer{answer}, 3)...)
		got := said(t, store.Resolve(t.Context(), references(t, "awssecrets://a", "awssecrets://b", "awssecrets://c")))
		if diff := cmp.Diff([]string{"1", "2", "awssecrets://c: eu-central-1 has no secret c, but has a, b: not found"}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// What goes wrong for one secret of a batch must be said of that one only.
func TestAWSBatchErrors(t *testing.T) {
	store, fake := newAWS(t)
	for _, name := range []string{"fine", "gym/db_password", "gone", "closed", "locked"} {
		fake.Put(name, canary)
	}
	fake.PutIn(storetest.AWSRegion, "hollow", "", "")
	fake.Delete("gone")
	fake.Deny("secretsmanager:GetSecretValue", "closed")
	fake.Deny("kms:Decrypt", "locked")
	got := said(t, store.Resolve(t.Context(), references(t, "awssecrets://fine", "awssecrets://gym/db-pasword", "awssecrets://gone",
		"awssecrets://closed", "awssecrets://locked", "awssecrets://hollow", "awssecrets://fine#/key")))
	want := []string{
		canary,
		"awssecrets://gym/db-pasword: eu-central-1 has no secret gym/db-pasword, but has gym/db_password: not found",
		"awssecrets://gone: the secret is scheduled for deletion; restore it with: aws secretsmanager restore-secret --secret-id gone --region eu-central-1",
		"awssecrets://closed: access denied: arn:aws:iam::123456789012:user/deploy may not do it; allow secretsmanager:GetSecretValue on closed",
		"awssecrets://locked: access denied: KMS does not let you use the key of locked; allow kms:Decrypt on it (and kms:GenerateDataKey to write)",
		"awssecrets://hollow: the secret hollow is there but was never given a value: not found",
		"awssecrets://fine#/key: the payload is no JSON object; leave the #/… out to take it whole",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := fake.Calls("GetSecretValue"); got != 0 {
		t.Errorf("%d calls besides the batch", got)
	}
	for i, text := range []string{"awssecrets://gone", "awssecrets://closed", "awssecrets://locked", "awssecrets://hollow"} {
		wantOne(t, store, text, want[i+2])
	}
}

// A fault of one secret in a batch that passes must be tried again.
func TestAWSBatchThrottledEntry(t *testing.T) {
	store, fake := newAWS(t)
	fake.Put("a", "1")
	fake.Put("b", "2")
	fake.Next("BatchGetSecretValue", storetest.Answer{Status: 200, Body: `{"SecretValues":[],"Errors":[
		{"SecretId":"a","ErrorCode":"ThrottlingException","Message":"Rate exceeded"},{"SecretId":"b","ErrorCode":"InternalServiceError"}]}`})
	if diff := cmp.Diff([]string{"1", "2"}, said(t, store.Resolve(t.Context(), references(t, "awssecrets://a", "awssecrets://b")))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A reference that AWS could not take must be an error before any call.
func TestAWSReferences(t *testing.T) {
	store, fake := newAWS(t)
	for text, want := range map[string]string{
		"awssecrets://a?verson=3":                             "no argument ?verson= is known; there are region, version_stage, version_id",
		"awssecrets://a?region=":                              "the argument ?region= is empty; give it a value or leave it out",
		"awssecrets://a?region=x&region=y":                    "the argument ?region= is there twice; leave one",
		"awssecrets://a?region=evil.example/":                 "the region is none; write it as eu-central-1 is written",
		"awssecrets://#/a":                                    "the name is none of a secret: AWS takes 1 to 512 letters, digits and /_+=.@!-",
		"awssecrets://a b":                                    "the name is none of a secret: AWS takes 1 to 512 letters, digits and /_+=.@!-",
		"awssecrets://arn:aws:s3:::bucket":                    "the ARN is none of a secret; write arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME",
		"awssecrets://" + fake.ARN("a") + "?region=us-east-1": "the ARN is one of eu-central-1, and ?region= says us-east-1; leave ?region= out",
	} {
		wantOne(t, store, text, text+": "+want)
	}
	if fake.Calls("GetSecretValue") != 0 {
		t.Error("the store was asked")
	}
}

// A missing version of a secret that is there is no missing secret.
func TestAWSNoVersion(t *testing.T) {
	store, fake := newAWS(t)
	fake.Put("db", canary)
	wantOne(t, store, "awssecrets://db?version_stage=OTHER", "awssecrets://db?version_stage=OTHER: the secret db has no version OTHER; see those it has with: aws secretsmanager list-secret-version-ids --secret-id db --region eu-central-1")
	wantOne(t, store, "awssecrets://db?version_id=3", "awssecrets://db?version_id=3: the secret db has no version 3; see those it has with: aws secretsmanager list-secret-version-ids --secret-id db --region eu-central-1")
	wantOne(t, store, "awssecrets://dbs?version_id=3", "awssecrets://dbs?version_id=3: eu-central-1 has no secret dbs, but has db: not found")
	fake.Deny("secretsmanager:ListSecrets", "")
	wantOne(t, store, "awssecrets://dbs", "awssecrets://dbs: eu-central-1 has no secret dbs: not found")
}

// What AWS refuses must be said in a line of its own, with what to do, and nothing
// of the answer quoted.
func TestAWSRefusals(t *testing.T) {
	for code, want := range map[string]string{
		"ExpiredTokenException":       "the AWS credentials have expired; log in again (aws sso login), or renew AWS_SESSION_TOKEN",
		"UnrecognizedClientException": "AWS does not accept the credentials (UnrecognizedClientException); check them with aws sts get-caller-identity, and the clock",
		"InvalidSignatureException":   "AWS does not accept the credentials (InvalidSignatureException); check them with aws sts get-caller-identity, and the clock",
		"AccessDeniedException":       "access denied: you may not do it; allow secretsmanager:GetSecretValue on a",
		"ThrottlingException":         "AWS throttled the calls to the end of the retries; try again, or set AWS_MAX_ATTEMPTS higher",
		"DecryptionFailure":           "the KMS key of a does not decrypt it; check that the key is enabled",
		"InternalServiceError":        "AWS failed (InternalServiceError) to the end of the retries; try again later",
		"InvalidParameterException":   "AWS refuses the name or an argument (InvalidParameterException); check the reference",
		"InvalidRequestException":     "AWS does not do this to a in the state that it is in (InvalidRequestException); look at it with: aws secretsmanager describe-secret --secret-id a --region eu-central-1",
		"OptInRequired":               "the AWS account does not use eu-central-1 (OptInRequired); check the region",
		"SomethingNew":                "AWS refuses it (SomethingNew); look that code up in AWS's documentation of Secrets Manager",
	} {
		store, fake := newAWS(t)
		fake.Put("a", canary)
		body := fmt.Sprintf(`{"__type":%q,"Message":"%s\nsecond line"}`, code, canary)
		fake.Next("GetSecretValue", slices.Repeat([]storetest.Answer{{Status: 400, Body: body}}, 3)...)
		wantOne(t, store, "awssecrets://a", "awssecrets://a: "+want)
	}
}

// An answer that is not AWS's must be one line too, and none of it.
func TestAWSStrangeAnswers(t *testing.T) {
	for want, answer := range map[string]storetest.Answer{
		"AWS failed (HTTP status 503) to the end of the retries; try again later":                                             {Status: 503, Body: "<html>" + canary},
		"AWS answers with HTTP status 403; check the endpoint and the proxy":                                                  {Status: 403, Body: "<html>" + canary},
		"secretsmanager.eu-central-1.amazonaws.com does not answer as AWS does; check the region, the endpoint and the proxy": {Status: 200, Body: "<html>" + canary},
		"AWS answers with neither text nor bytes; write the value again":                                                      {Status: 200, Body: `{}`},
	} {
		store, fake := newAWS(t)
		fake.Next("GetSecretValue", slices.Repeat([]storetest.Answer{answer}, 3)...)
		wantOne(t, store, "awssecrets://a", "awssecrets://a: "+want)
	}
}

// Calls that are throttled must be tried again.
func TestAWSThrottledThenAnswered(t *testing.T) {
	store, fake := newAWS(t)
	throttled := storetest.Answer{Status: 400, Body: `{"__type":"ThrottlingException","message":"Rate exceeded"}`}
	var texts, want []string
	for i := range 60 {
		fake.Put(fmt.Sprintf("s%d", i), fmt.Sprintf("value %d", i))
		texts, want = append(texts, fmt.Sprintf("awssecrets://s%d", i)), append(want, fmt.Sprintf("value %d", i))
	}
	fake.Next("BatchGetSecretValue", throttled, throttled)
	if diff := cmp.Diff(want, said(t, store.Resolve(t.Context(), references(t, texts...)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := fake.Calls("BatchGetSecretValue"); got != 5 {
		t.Errorf("%d calls, want 5", got)
	}
}

// When the deadline ends, each reference must say that it has no answer, and no
// sooner-answered one be lost.
func TestAWSDeadline(t *testing.T) {
	store, fake := newAWS(t)
	fake.Put("a", canary)
	fake.Slow(time.Minute)
	if _, err := store.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	got := said(t, store.Resolve(ctx, references(t, "awssecrets://a", "awssecrets://b", "awssecrets://a?region=us-east-1")))
	for i, text := range []string{"awssecrets://a", "awssecrets://b", "awssecrets://a?region=us-east-1"} {
		host := "secretsmanager.eu-central-1.amazonaws.com"
		if i == 2 {
			host = "secretsmanager.us-east-1.amazonaws.com"
		}
		if want := text + ": no answer in time from " + host + "; try again, or look into the way there (VPN, proxy, firewall)"; got[i] != want {
			t.Errorf("%q, want %q", got[i], want)
		}
	}
}

// Without credentials, a region or a profile, the line must say how to come by them.
func TestAWSConfiguration(t *testing.T) {
	folder := t.TempDir()
	broken := filepath.Join(folder, "config")
	if err := os.WriteFile(broken, []byte("[default\n"+canary), 0o600); err != nil {
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
		"the file that AWS_CA_BUNDLE names is no list of PEM certificates; check it":                                     {"AWS_CA_BUNDLE=" + broken},
		"the AWS session has expired or there is none; log in with: aws sso login":                                       {"AWS_CONFIG_FILE=" + session, "AWS_PROFILE=work", "AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "HOME=" + t.TempDir()},
		"the credential_process of the AWS profile gives no credentials; try it by hand":                                 {"AWS_CONFIG_FILE=" + session, "AWS_PROFILE=program", "AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="},
	} {
		store, _ := newAWS(t)
		setenv(t, environ)
		for _, text := range []string{"awssecrets://a", "awssecrets://a#/k"} {
			wantOne(t, store, text, text+": "+want)
		}
	}
}

// The SDK must reach AWS's own host names through a CONNECT proxy, and an authority
// that is not trusted, a proxy that refuses, a host that is none must be plain words.
func TestAWSProxy(t *testing.T) {
	store, fake := newAWS(t)
	t.Setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "")
	fake.Put("a", "1")
	proxy := storetest.NewProxy(t, map[string]http.Handler{"secretsmanager.eu-central-1.amazonaws.com": fake})
	store.client = &http.Client{Transport: proxy.Transport()}
	wantOne(t, store, "awssecrets://a", "1")
	wantOne(t, store, "awssecrets://a?region=eu-centrl-1", "awssecrets://a?region=eu-centrl-1: secretsmanager.eu-centrl-1.amazonaws.com is not reached; look into the way there (VPN, proxy, firewall)")
	untrusting := proxy.Transport()
	untrusting.TLSClientConfig.RootCAs = nil
	wantOne(t, &AWS{backoff: 1, client: &http.Client{Transport: untrusting}}, "awssecrets://a", "awssecrets://a: secretsmanager.eu-central-1.amazonaws.com shows a certificate whose authority is not trusted here; if your network opens TLS, name its CA certificate in AWS_CA_BUNDLE or SSL_CERT_FILE")
}

// A host that cannot be looked up or refuses must be said with its name.
func TestAWSUnreached(t *testing.T) {
	store, _ := newAWS(t)
	t.Setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://secretsmanager.invalid")
	store.client = &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "secretsmanager.invalid", IsNotFound: true}
	}}}
	wantOne(t, store, "awssecrets://a", "awssecrets://a: no such host secretsmanager.invalid; check the name and the network")
	closed, _ := newAWS(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	t.Setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://"+listener.Addr().String())
	wantOne(t, closed, "awssecrets://a", "awssecrets://a: 127.0.0.1 refuses connections; check the address and that it runs")
}

// A denial that a policy spells out must not be answered with "allow it".
func TestAWSExplicitDeny(t *testing.T) {
	store, fake := newAWS(t)
	message := "User: arn:aws:sts::123456789012:assumed-role/ci/session is not authorized to perform: secretsmanager:GetSecretValue on resource: a with an explicit deny in a service control policy"
	fake.Next("GetSecretValue", storetest.Answer{Status: 400, Body: `{"__type":"AccessDeniedException","Message":"` + message + `"}`})
	wantOne(t, store, "awssecrets://a", "awssecrets://a: access denied: a policy denies secretsmanager:GetSecretValue on a to arn:aws:sts::123456789012:assumed-role/ci/session explicitly; whoever keeps that policy can change it")
}

// A role that may not be taken on, and a token service that is not reached, must be
// said as that, once for all references.
func TestAWSRole(t *testing.T) {
	profile := filepath.Join(t.TempDir(), "config")
	content := "[profile role]\nrole_arn=arn:aws:iam::123456789012:role/deploy\nsource_profile=keys\n[profile keys]\naws_access_key_id=AKIAFAKEFAKEFAKEFAKE\naws_secret_access_key=invented\n"
	if err := os.WriteFile(profile, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte("<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>" + canary + "</Message></Error></ErrorResponse>"))
	}))
	over := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	closed := httptest.NewServer(nil)
	closed.Close()
	defer refusing.Close()
	defer slow.Close()
	defer close(over) // the SDK asks on for credentials when the caller has gone
	for want, endpoint := range map[string]string{
		"AWS gives no credentials: STS answers AccessDenied to AssumeRole; check the profile's role, or log in again":   refusing.URL,
		"127.0.0.1 refuses connections; check the address and that it runs":                                             closed.URL,
		"no answer in time from AWS's credential service; try again, or look into the way there (VPN, proxy, firewall)": slow.URL,
	} {
		store, _ := newAWS(t)
		setenv(t, []string{"AWS_CONFIG_FILE=" + profile, "AWS_PROFILE=role", "AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "AWS_ENDPOINT_URL_STS=" + endpoint})
		timeout := time.Minute
		if endpoint == slow.URL {
			timeout = 300 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		got := said(t, store.Resolve(ctx, references(t, "awssecrets://a", "awssecrets://b?region=us-east-1")))
		cancel()
		if diff := cmp.Diff([]string{"awssecrets://a: " + want, "awssecrets://b?region=us-east-1: " + want}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}
