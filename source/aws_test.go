package source

import (
	"errors"
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
