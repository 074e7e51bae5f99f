package google

import (
	"fmt"
	"net/http"
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
	fake.Put("gym/db", storetest.Canary, storetest.Canary)
	fake.Put("gym/off", storetest.Canary)
	fake.State("gym/off", 1, "DISABLED")
	refs := storetest.References(t, "gcpsecrets://gym/db", "gcpsecrets://gym/db#/k", "gcpsecrets://gym/db?version=1", "gcpsecrets://gym/off", "gcpsecrets://gym/none", "gcpsecrets://gym/db?version=7")
	want := []string{
		"2", "2", "1",
		"gcpsecrets://gym/off: its newest version 1 is disabled; enable it with: gcloud secrets versions enable 1 --secret off --project gym",
		"gcpsecrets://gym/none: the project gym has no secret none with a version: not found",
		"gcpsecrets://gym/db?version=7: the secret db has no version 7; see those it has with: gcloud secrets versions list db --project gym",
	}
	if diff := cmp.Diff(want, storetest.VersionsOrErrors(system.Versions(t.Context(), refs))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if fake.Calls("access") != 0 {
		t.Error("a value was read")
	}
	fake.Deny("get", "", "")
	denied := "gcpsecrets://gym/db: access denied, or there is no such secret; grant roles/secretmanager.viewer to deploy@gym.iam.gserviceaccount.com on db"
	if diff := cmp.Diff([]string{denied}, storetest.VersionsOrErrors(system.Versions(t.Context(), refs[:1]))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A list must be complete and sorted, and have only secrets with the prefix, which Google's
// filter does not ensure.
func TestListHasAllSecretsOfPrefix(t *testing.T) {
	system, fake := newStore(t)
	fake.PageSize = 7
	var all []string
	for i := range 30 {
		fake.Put(fmt.Sprintf("gym/gym-ai_%02d", i), storetest.Canary)
		all = append(all, fmt.Sprintf("gcpsecrets://gym/gym-ai_%02d", i))
	}
	fake.Put("gym/my-gym-ai", storetest.Canary)
	fake.Put("gym/Gym-ai", storetest.Canary)
	fake.Put("other/gym-ai", storetest.Canary)
	for text, want := range map[string][]string{
		"gcpsecrets://gym/gym-ai":  all,
		"gcpsecrets://gym/my-":     {"gcpsecrets://gym/my-gym-ai"},
		"gcpsecrets://gym/nothing": nil,
		"gcpsecrets://other/":      {"gcpsecrets://other/gym-ai"},
		"gcpsecrets://gym/":        append(append([]string{"gcpsecrets://gym/Gym-ai"}, all...), "gcpsecrets://gym/my-gym-ai"),
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
	fake.Deny("list", "", "")
	want := "gcpsecrets://gym/: access denied, or there is no such project; grant roles/secretmanager.viewer to deploy@gym.iam.gserviceaccount.com on the project gym"
	if _, err := system.List(t.Context(), storetest.References(t, "gcpsecrets://gym/")[0]); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// A written value must be read afterwards. Other keys must stay, each payload must become
// one version, and a payload whose keys have their values already must not be written.
func TestWrittenValueIsRead(t *testing.T) {
	system, fake := newStore(t)
	fake.Put("gym/json", `{"a":"old","n":12345678901234567890}`)
	fake.Put("gym/text", "old")
	fake.Put("gym/hollow")
	entries := storetest.Entries(t,
		"gcpsecrets://gym/json#/a", "new", "gcpsecrets://gym/text", "new\n", "gcpsecrets://gym/json#/b/c", "deep",
		"gcpsecrets://gym/made", "\xff\x00", "gcpsecrets://gym/made-json#/k", "v", "gcpsecrets://gym/hollow#/k", "v",
	)
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
	if diff := cmp.Diff([]string{"2", "2", "2", "1", "1", "1"}, storetest.VersionsOrErrors(results)); diff != "" {
		t.Errorf("versions (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(storetest.VersionsOrErrors(read), storetest.VersionsOrErrors(results)); diff != "" {
		t.Errorf("versions read (-want +got)\n%s", diff)
	}
	if got := fake.Value("gym/json"); got != `{"a":"new","b":{"c":"deep"},"n":12345678901234567890}` {
		t.Errorf("the payload is %s", got)
	}
	again := system.Write(t.Context(), []store.Entry{entries[0], entries[2]})
	if diff := cmp.Diff([]string{"2", "2"}, storetest.VersionsOrErrors(again)); diff != "" {
		t.Errorf("the same was written again (-want +got)\n%s", diff)
	}
}

// A write that is refused must be an error of its entry, and change nothing.
func TestRefusedWriteChangesNothing(t *testing.T) {
	system, fake := newStore(t)
	for _, name := range []string{"gym/text", "gym/off", "gym/closed", "gym/unread"} {
		fake.Put(name, storetest.Canary)
	}
	fake.State("gym/off", 1, "DISABLED")
	fake.Deny("addVersion", "gym/closed", "")
	fake.Deny("access", "gym/unread", "")
	fake.Deny("create", "gym/new", "")
	fake.Next("create", storetest.Answer{Status: http.StatusBadRequest, Body: `{"error":{"status":"FAILED_PRECONDITION","message":"Constraint constraints/gcp.resourceLocations violated"}}`})
	me := "access denied, or there is no such secret; grant roles/secretmanager."
	for _, test := range []struct{ text, value, want string }{
		{"gcpsecrets://gym/bound", storetest.Canary, "your organization requires a location for secrets; create it with: gcloud secrets create bound --project gym --replication-policy user-managed --locations LOCATION"},
		{"gcpsecrets://gym/text#/k", storetest.Canary, "the existing payload is not a JSON object, so no key can be set in it"},
		{"gcpsecrets://gym/off#/k", storetest.Canary, "its newest version 1 is disabled; enable it with: gcloud secrets versions enable 1 --secret off --project gym"},
		{"gcpsecrets://gym/closed", storetest.Canary, me + "secretVersionAdder to deploy@gym.iam.gserviceaccount.com on closed"},
		{"gcpsecrets://gym/unread#/k", storetest.Canary, me + "secretAccessor to deploy@gym.iam.gserviceaccount.com on unread"},
		{"gcpsecrets://gym/new", storetest.Canary, me + "admin (or secretmanager.secrets.create alone) to deploy@gym.iam.gserviceaccount.com on new"},
		{"gcpsecrets://gym/text", "", "the value is empty, and an empty value cannot be read back; give it a value"},
		{"gcpsecrets://gym/text", strings.Repeat("x", 65537), "it would have 65537 bytes, and the limit of Google is 65536"},
		{"gcpsecrets://gym/text?version=1", storetest.Canary, "what is written becomes the newest version; leave ?version= out"},
	} {
		got := storetest.ValuesOrErrors(t, system.Write(t.Context(), storetest.Entries(t, test.text, test.value)))
		if diff := cmp.Diff([]string{test.text + ": " + test.want}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if fake.Value("gym/text") != storetest.Canary || fake.Value("gym/closed") != storetest.Canary {
		t.Error("what was there has changed")
	}
}
