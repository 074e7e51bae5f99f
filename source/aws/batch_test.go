package aws

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// Twenty secrets must be read with one call, and each payload once.
func TestTwentySecretsAreOneCall(t *testing.T) {
	for n, calls := range map[int]map[string]int{
		1: {"GetSecretValue": 1}, 2: {"BatchGetSecretValue": 1}, 20: {"BatchGetSecretValue": 1},
		21: {"BatchGetSecretValue": 2}, 200: {"BatchGetSecretValue": 10},
	} {
		system, fake := newStore(t)
		var texts, want []string
		for i := range n {
			fake.Put(fmt.Sprintf("gym/%d", i), fmt.Sprintf(`{"k":"value %d","l":"other %d"}`, i, i))
			texts = append(texts, fmt.Sprintf("awssecrets://gym/%d#/k", i), fmt.Sprintf("awssecrets://gym/%d#/l", i))
			want = append(want, fmt.Sprintf("value %d", i), fmt.Sprintf("other %d", i))
		}
		if diff := cmp.Diff(want, storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, texts...)))); diff != "" {
			t.Errorf("%d (-want +got)\n%s", n, diff)
		}
		for _, operation := range []string{"GetSecretValue", "BatchGetSecretValue"} {
			if got := fake.Calls(operation); got != calls[operation] {
				t.Errorf("%d secrets: %d calls of %s, want %d", n, got, operation, calls[operation])
			}
		}
	}
}

// The secret of another account, referenced by its ARN, must not be mistaken for the
// caller's own secret of the same name, nor the other way round.
func TestForeignSecretOfSameName(t *testing.T) {
	system, fake := newStore(t)
	fake.Put("db", "mine")
	fake.Put("other", "mine too")
	arn := fake.PutForeign("db", "theirs")
	texts := []string{"awssecrets://" + arn, "awssecrets://db", "awssecrets://" + fake.ARN("db"), "awssecrets://other"}
	if diff := cmp.Diff([]string{"theirs", "mine", "mine", "mine too"}, storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, texts...)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := fake.Calls("BatchGetSecretValue"); got != 2 {
		t.Errorf("%d batches, want one of names and one of ARNs", got)
	}
}

// All pages of a batch's answer must be read.
func TestBatchIsReadToLastPage(t *testing.T) {
	system, fake := newStore(t)
	fake.PageSize = 3
	var texts, want []string
	for i := range 10 {
		fake.Put(fmt.Sprintf("gym/%d", i), fmt.Sprintf("value %d", i))
		texts, want = append(texts, fmt.Sprintf("awssecrets://gym/%d", i)), append(want, fmt.Sprintf("value %d", i))
	}
	if diff := cmp.Diff(want, storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, texts...)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if batches, ones := fake.Calls("BatchGetSecretValue"), fake.Calls("GetSecretValue"); batches != 4 || ones != 0 {
		t.Errorf("%d pages and %d single calls", batches, ones)
	}
}

// If a batch is denied, unknown or made invalid by one name, each secret must be read by a
// call of its own, without a message.
func TestFailedBatchFallsBackToSingleReads(t *testing.T) {
	deniedFault := `{"__type":"AccessDeniedException","Message":"User: x is not authorized to perform: secretsmanager:BatchGetSecretValue"}`
	for name, answer := range map[string]storetest.Answer{
		"denied":          {Status: 400, Body: deniedFault},
		"unknown":         {Status: 400, Body: `{"__type":"UnknownOperationException"}`},
		"not answered":    {Status: 404, Body: "<html>"},
		"not implemented": {Status: 501, Body: `{"__type":"InternalFailure","message":"not implemented"}`},
		"invalid":         {Status: 400, Body: `{"__type":"ValidationException","Message":"Invalid name."}`},
		"partial":         {Status: 200, Body: `{"SecretValues":[],"Errors":[]}`},
	} {
		system, fake := newStore(t)
		fake.Put("a", "1")
		fake.Put("b", "2")
		fake.Next("BatchGetSecretValue", slices.Repeat([]storetest.Answer{answer}, 3)...)
		got := storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, "awssecrets://a", "awssecrets://b", "awssecrets://c")))
		if diff := cmp.Diff([]string{"1", "2", "awssecrets://c: eu-central-1 has no secret c, but has a, b: not found"}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// An error of one secret in a batch must be reported for that secret only.
func TestBatchErrorConcernsOneSecret(t *testing.T) {
	system, fake := newStore(t)
	for _, name := range []string{"fine", "gym/db_password", "gone", "closed", "locked"} {
		fake.Put(name, storetest.Canary)
	}
	fake.PutIn(storetest.AWSRegion, "hollow", "", "")
	fake.Delete("gone")
	fake.Deny("secretsmanager:GetSecretValue", "closed")
	fake.Deny("kms:Decrypt", "locked")
	got := storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, "awssecrets://fine", "awssecrets://gym/db-pasword", "awssecrets://gone",
		"awssecrets://closed", "awssecrets://locked", "awssecrets://hollow", "awssecrets://fine#/key")))
	want := []string{
		storetest.Canary,
		"awssecrets://gym/db-pasword: eu-central-1 has no secret gym/db-pasword, but has gym/db_password: not found",
		"awssecrets://gone: the secret is scheduled for deletion; restore it with: aws secretsmanager restore-secret --secret-id gone --region eu-central-1",
		"awssecrets://closed: access denied: arn:aws:iam::123456789012:user/deploy may not do it; allow secretsmanager:GetSecretValue on closed",
		"awssecrets://locked: access denied: KMS denies the use of the key of locked; allow kms:Decrypt on it (and kms:GenerateDataKey to write)",
		"awssecrets://hollow: the secret hollow exists but has no value: not found",
		"awssecrets://fine#/key: the payload is not a JSON object; omit #/… to use the whole payload",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := fake.Calls("GetSecretValue"); got != 0 {
		t.Errorf("%d calls besides the batch", got)
	}
	for i, text := range []string{"awssecrets://gone", "awssecrets://closed", "awssecrets://locked", "awssecrets://hollow"} {
		storetest.WantValueOrError(t, system, text, want[i+2])
	}
}

// A temporary error of one secret in a batch must be retried.
func TestTemporaryErrorInBatchIsRetried(t *testing.T) {
	system, fake := newStore(t)
	fake.Put("a", "1")
	fake.Put("b", "2")
	fake.Next("BatchGetSecretValue", storetest.Answer{Status: 200, Body: `{"SecretValues":[],"Errors":[
		{"SecretId":"a","ErrorCode":"ThrottlingException","Message":"Rate exceeded"},{"SecretId":"b","ErrorCode":"InternalServiceError"}]}`})
	if diff := cmp.Diff([]string{"1", "2"}, storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, "awssecrets://a", "awssecrets://b")))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
