package aws

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Versions must return the versions that Resolve returns, and read no value.
func TestVersionsReadsNoValue(t *testing.T) {
	system, fake := newStore(t)
	first := fake.Put("db", storetest.Canary)
	second := fake.Put("db", storetest.Canary)
	fake.Put("gone", storetest.Canary)
	fake.Delete("gone")
	fake.PutIn(storetest.AWSRegion, "hollow", "", "")
	refs := storetest.References(t, "awssecrets://db", "awssecrets://db#/k", "awssecrets://db?version_stage=AWSPREVIOUS", "awssecrets://db?version_id=x",
		"awssecrets://gone", "awssecrets://hollow", "awssecrets://none", "awssecrets://db?version_stage=S")
	want := []string{
		second, second, first, "x",
		"awssecrets://gone: the secret is scheduled for deletion; restore it with: aws secretsmanager restore-secret --secret-id gone --region eu-central-1",
		"awssecrets://hollow: the secret hollow exists but has no value: not found",
		"awssecrets://none: eu-central-1 has no secret none: not found",
		"awssecrets://db?version_stage=S: the secret db has no version S; see those it has with: aws secretsmanager list-secret-version-ids --secret-id db --region eu-central-1",
	}
	results := system.Versions(t.Context(), refs)
	if diff := cmp.Diff(want, storetest.VersionsOrErrors(results)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if fake.Calls("GetSecretValue")+fake.Calls("BatchGetSecretValue") != 0 || !results[0].Value.Empty() {
		t.Error("a value was read")
	}
	fake.Deny("secretsmanager:DescribeSecret", "db")
	deniedFault := "access denied: arn:aws:iam::123456789012:user/deploy may not do it; allow secretsmanager:DescribeSecret on db"
	if diff := cmp.Diff([]string{"awssecrets://db: " + deniedFault}, storetest.VersionsOrErrors(system.Versions(t.Context(), refs[:1]))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A list must be complete and sorted, and have only secrets with the prefix, by name or ARN
// as the base is.
func TestListHasAllSecretsOfPrefix(t *testing.T) {
	system, fake := newStore(t)
	for i := range 250 {
		fake.Put(fmt.Sprintf("gym/%03d", i), storetest.Canary)
	}
	fake.Put("other", storetest.Canary)
	fake.PutIn("us-east-1", "gym/far", storetest.Canary, "")
	for text, want := range map[string][]string{
		"awssecrets://gym/24":                {"awssecrets://gym/240", "awssecrets://gym/241", "awssecrets://gym/242", "awssecrets://gym/243", "awssecrets://gym/244", "awssecrets://gym/245", "awssecrets://gym/246", "awssecrets://gym/247", "awssecrets://gym/248", "awssecrets://gym/249"},
		"awssecrets://gym/?region=us-east-1": {"awssecrets://gym/far?region=us-east-1"},
		"awssecrets://nothing":               nil,
		"awssecrets://" + strings.TrimSuffix(fake.ARN("other"), fake.ARN("other")[len(fake.ARN("other"))-7:]): {"awssecrets://" + fake.ARN("other")},
	} {
		refs, err := system.List(t.Context(), storetest.References(t, text)[0])
		var got []string
		for _, ref := range refs {
			got = append(got, ref.String())
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", text, err, diff)
		}
	}
	all, err := system.List(t.Context(), secret.Reference{Scheme: "awssecrets"})
	if err != nil || len(all) != 251 {
		t.Errorf("%d of all, %v", len(all), err)
	}
	fake.Deny("secretsmanager:ListSecrets", "")
	want := "awssecrets://gym/: access denied: arn:aws:iam::123456789012:user/deploy may not do it; allow secretsmanager:ListSecrets on gym/"
	if _, err := system.List(t.Context(), storetest.References(t, "awssecrets://gym/")[0]); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// A written value must be read afterwards. Other keys must stay, each payload must become
// one version, and a payload whose keys have their values already must not be written.
func TestWrittenValueIsRead(t *testing.T) {
	system, fake := newStore(t)
	fake.Put("json", `{"a":"old","n":12345678901234567890}`)
	fake.Put("text", "old")
	fake.PutIn(storetest.AWSRegion, "hollow", "", "")
	entries := storetest.Entries(t,
		"awssecrets://json#/a", "new", "awssecrets://text", "new\n", "awssecrets://json#/b/c", "deep",
		"awssecrets://made", "\xff\x00", "awssecrets://made-json#/k", "v", "awssecrets://hollow", "full",
		"awssecrets://"+fake.ARN("text")+"?region=eu-central-1", "x", "awssecrets://hollow2#/k", "v",
	)
	entries = append(entries[:6], entries[7])
	results := system.Write(t.Context(), entries)
	refs := make([]secret.Reference, len(entries))
	var want []string
	for i, e := range entries {
		refs[i], want = e.Ref, append(want, e.Value.Reveal())
	}
	read := system.Resolve(t.Context(), refs)
	if diff := cmp.Diff(want, storetest.ValuesOrErrors(t, read)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(storetest.VersionsOrErrors(read), storetest.VersionsOrErrors(results)); diff != "" {
		t.Errorf("versions (-want +got)\n%s", diff)
	}
	if got := fake.Value("json"); got != `{"a":"new","b":{"c":"deep"},"n":12345678901234567890}` {
		t.Errorf("the payload is %s", got)
	}
	before := fake.Calls("PutSecretValue")
	again := system.Write(t.Context(), []store.Entry{entries[0], entries[2]})
	if diff := cmp.Diff([]string{results[0].Version, results[0].Version}, storetest.VersionsOrErrors(again)); diff != "" || fake.Calls("PutSecretValue") != before {
		t.Errorf("the same was written again (-want +got)\n%s", diff)
	}
}

// A write that is refused must be an error of its entry, and change nothing.
func TestRefusedWriteChangesNothing(t *testing.T) {
	system, fake := newStore(t)
	for _, name := range []string{"text", "gone", "closed", "unread"} {
		fake.Put(name, storetest.Canary)
	}
	fake.Delete("gone")
	fake.Deny("secretsmanager:PutSecretValue", "closed")
	fake.Deny("secretsmanager:GetSecretValue", "unread")
	fake.Deny("secretsmanager:CreateSecret", "new")
	me := "access denied: arn:aws:iam::123456789012:user/deploy may not do it; allow secretsmanager:"
	deleted := "the secret is scheduled for deletion; restore it with: aws secretsmanager restore-secret --secret-id gone --region eu-central-1"
	large := strings.Repeat("x", 65537)
	for _, test := range []struct{ text, value, want string }{
		{"awssecrets://text#/k", storetest.Canary, "the existing payload is not a JSON object, so no key can be set in it"},
		{"awssecrets://gone", storetest.Canary, deleted},
		{"awssecrets://gone#/k", storetest.Canary, deleted},
		{"awssecrets://closed", storetest.Canary, me + "PutSecretValue on closed"},
		{"awssecrets://unread#/k", storetest.Canary, me + "GetSecretValue on unread"},
		{"awssecrets://new", storetest.Canary, me + "CreateSecret on new"},
		{"awssecrets://text", "", "the value is empty, and an empty value cannot be read back; give it a value"},
		{"awssecrets://text", large, "it would have 65537 bytes, and the limit of AWS is 65536"},
		{"awssecrets://text?version_stage=S", storetest.Canary, "what is written becomes the current version; leave version_stage and version_id out"},
		{"awssecrets://" + fake.ARN("none"), storetest.Canary, "eu-central-1 has no secret of this ARN, and an ARN cannot be chosen; write it under its name: not found"},
	} {
		got := storetest.ValuesOrErrors(t, system.Write(t.Context(), storetest.Entries(t, test.text, test.value)))
		if diff := cmp.Diff([]string{test.text + ": " + test.want}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if fake.Value("text") != storetest.Canary || fake.Value("closed") != storetest.Canary {
		t.Error("what was there has changed")
	}
}
