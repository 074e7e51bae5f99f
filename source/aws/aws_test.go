package aws

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// newStore returns a store whose SDK asks a fake, and nothing else.
func newStore(t *testing.T) (*Store, *storetest.AWS) {
	t.Helper()
	fake := storetest.NewAWS(t)
	for _, name := range []string{"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE", "AWS_DEFAULT_REGION", "AWS_MAX_ATTEMPTS"} {
		t.Setenv(name, "")
	}
	storetest.Setenv(t, fake.Env())
	return &Store{maxRetryDelay: time.Millisecond}, fake
}

// Every form of reference must resolve to its value, byte for byte.
func TestEveryFormOfReferenceHasItsValue(t *testing.T) {
	system, fake := newStore(t)
	first := fake.Put("gym/db", "old"+storetest.Canary)
	fake.Put("gym/db", "new"+storetest.Canary+"\n")
	fake.Put("gym/json", `{"a":"1","n":12345678901234567890,"o":{"p/q":"deep"}}`)
	fake.PutBinary("gym/bin", "\x00\xff\n")
	fake.PutIn("us-east-1", "far", "far away", "")
	wants := map[string]string{
		"awssecrets://gym/db":                           "new" + storetest.Canary + "\n",
		"awssecrets://gym/db?version_stage=AWSPREVIOUS": "old" + storetest.Canary,
		"awssecrets://gym/db?version_stage=AWSCURRENT":  "new" + storetest.Canary + "\n",
		"awssecrets://gym/db?version_id=" + first:       "old" + storetest.Canary,
		"awssecrets://" + fake.ARN("gym/db"):            "new" + storetest.Canary + "\n",
		"awssecrets://" + strings.TrimSuffix(fake.ARN("gym/db"), fake.ARN("gym/db")[len(fake.ARN("gym/db"))-7:]): "new" + storetest.Canary + "\n",
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
		storetest.WantValueOrError(t, system, text, value)
	}
	if diff := cmp.Diff(want, storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, texts...)))); diff != "" {
		t.Errorf("all at once (-want +got)\n%s", diff)
	}
	results := system.Resolve(t.Context(), storetest.References(t, "awssecrets://gym/db?version_stage=AWSPREVIOUS"))
	if results[0].Version != first {
		t.Errorf("the version is %s, want %s", results[0].Version, first)
	}
}

// A reference that AWS cannot have must fail before any call.
func TestBadReferenceFailsBeforeAnyCall(t *testing.T) {
	system, fake := newStore(t)
	for text, want := range map[string]string{
		"awssecrets://a?verson=3":                             "unknown argument ?verson=; supported: region, version_stage, version_id",
		"awssecrets://a?region=":                              "the argument ?region= is empty; give it a value or leave it out",
		"awssecrets://a?region=x&region=y":                    "the argument ?region= is repeated; keep one",
		"awssecrets://a?region=evil.example/":                 "not a region (example: eu-central-1)",
		"awssecrets://#/a":                                    "not a secret name: AWS allows 1 to 512 letters, digits and /_+=.@!-",
		"awssecrets://a b":                                    "not a secret name: AWS allows 1 to 512 letters, digits and /_+=.@!-",
		"awssecrets://arn:aws:s3:::bucket":                    "not the ARN of a secret; write arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME",
		"awssecrets://" + fake.ARN("a") + "?region=us-east-1": "the ARN is one of eu-central-1, and ?region= says us-east-1; leave ?region= out",
	} {
		storetest.WantValueOrError(t, system, text, text+": "+want)
	}
	if fake.Calls("GetSecretValue") != 0 {
		t.Error("the system was asked")
	}
}
