package azure

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// Keys of one secret must become one version, which keeps the other keys, the content type
// and the tags. A payload that has the values already must not be written.
func TestKeysOfOneSecretBecomeOneVersion(t *testing.T) {
	system, fake := newStore(t)
	got := storetest.VersionsAndErrors(system.Write(t.Context(), storetest.Entries(t,
		"azurekeyvault://gym-ai/app#/user", "new", "azurekeyvault://gym-ai/app#/more", "x",
		"azurekeyvault://gym-ai/db-password", storetest.Canary+"\n",
		"azurekeyvault://gym-ai/fresh", "made",
		"azurekeyvault://gym-ai/app/00000000000000000000000000000003", "x",
		"azurekeyvault://gym-ai/binary", "\xff\xfe",
	)))
	if got[0] != got[1] || len(got[0]) != 32+len(" <nil>") || len(got[3]) != len(got[0]) {
		t.Errorf("answers %v", got)
	}
	want := []string{
		"00000000000000000000000000000002 <nil>",
		"azurekeyvault://gym-ai/app/00000000000000000000000000000003: a write makes a new version; leave /VERSION out",
		"azurekeyvault://gym-ai/binary: the value is not text (UTF-8), and Key Vault keeps only that; encode it, in base64 for example",
	}
	if diff := cmp.Diff(want, []string{got[2], got[4], got[5]}); diff != "" {
		t.Errorf("answers (-want +got)\n%s", diff)
	}
	value, contentType, tag := fake.Newest("gym-ai", "app")
	if value != `{"deep":{"key":"`+storetest.Canary+`"},"more":"x","user":"new"}` || contentType != "text/plain" || tag != "storetest" {
		t.Errorf("app is not as it should be: %d bytes, content type %s, tag %s", len(value), contentType, tag)
	}
	if writes := fake.Calls("SetSecret"); writes != 2 {
		t.Errorf("%d writes, want 2", writes)
	}
}

// A write that is refused must say why and what to do.
func TestRefusedWriteSaysWhatToDo(t *testing.T) {
	system, fake := newStore(t)
	fake.Put("gym-ai", "gone", "x")
	fake.Delete("gym-ai", "gone")
	fake.Put("gym-ai", "off", "x")
	fake.Disable("gym-ai", "off")
	for _, test := range []struct{ text, value, want string }{
		{"azurekeyvault://gym-ai/gone", "y", "a deleted secret has that name; az keyvault secret recover --vault-name gym-ai --name gone brings it back, az keyvault secret purge with the same arguments frees the name"},
		{"azurekeyvault://gym-ai/off#/key", "y", "the version is disabled; az keyvault secret set-attributes --vault-name gym-ai --name off --enabled true enables it"},
		{"azurekeyvault://gym-ai/big", string(make([]byte, 26*1024)), "the value is refused (400): Key Vault takes up to 25 KB of text"},
		{"azurekeyvault://gym-ai/db-password#/key", "y", "the existing payload is not a JSON object, so no key can be set in it"},
	} {
		want := []string{test.text + ": " + test.want}
		if diff := cmp.Diff(want, storetest.ValuesOrErrors(t, system.Write(t.Context(), storetest.Entries(t, test.text, test.value)))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if got := storetest.VersionsAndErrors(system.Write(t.Context(), storetest.Entries(t, "azurekeyvault://gym-ai/off", "y"))); len(got[0]) != 32+len(" <nil>") {
		t.Errorf("a disabled version is not written over: %v", got)
	}
	fake.Next("SetSecret", storetest.Answer{Status: 403, Body: storetest.Canary})
	want := []string{`azurekeyvault://gym-ai/no: access denied to the application 22222222-2222-2222-2222-222222222222; it needs the role "Key Vault Secrets Officer", or in an access policy the secret permission "set"`}
	if diff := cmp.Diff(want, storetest.ValuesOrErrors(t, system.Write(t.Context(), storetest.Entries(t, "azurekeyvault://gym-ai/no", "y")))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A version must be found in all pages without reading a value, unless only the vault
// knows which version of one second is the newest.
func TestVersionsReadsNoValue(t *testing.T) {
	system, fake := newStore(t)
	for i := range 60 {
		fake.Put("gym-ai", "often", fmt.Sprint(i))
	}
	got := storetest.VersionsAndErrors(system.Versions(t.Context(), storetest.References(t, "azurekeyvault://gym-ai/often", "azurekeyvault://gym-ai/db-password/00000000000000000000000000000001")))
	want := []string{fmt.Sprintf("%032x <nil>", 63), "00000000000000000000000000000001 <nil>"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("versions (-want +got)\n%s", diff)
	}
	if reads := fake.Calls("GetSecret"); reads != 0 {
		t.Errorf("%d reads", reads)
	}
	fake.Next("GetSecretVersions", storetest.Answer{Status: 403})
	if diff := cmp.Diff(want[:1], storetest.VersionsAndErrors(system.Versions(t.Context(), storetest.References(t, "azurekeyvault://gym-ai/often")))); diff != "" {
		t.Errorf("versions of who may only read (-want +got)\n%s", diff)
	}
	fake.Instant()
	fake.Put("gym-ai", "quick", "a", "b")
	if diff := cmp.Diff([]string{fmt.Sprintf("%032x <nil>", 65)}, storetest.VersionsAndErrors(system.Versions(t.Context(), storetest.References(t, "azurekeyvault://gym-ai/quick")))); diff != "" {
		t.Errorf("versions of one second (-want +got)\n%s", diff)
	}
}

// A list must have the secrets of all pages whose names begin with the base's.
func TestListHasAllSecretsOfPrefix(t *testing.T) {
	system, fake := newStore(t)
	for i := range 60 {
		fake.Put("gym-ai", fmt.Sprintf("shop-%02d", i), "x")
	}
	for base, want := range map[string]int{"azurekeyvault://gym-ai/": 62, "azurekeyvault://gym-ai/shop-": 60, "azurekeyvault://gym-ai/SHOP-0": 10, "azurekeyvault://gym-ai/none-": 0} {
		refs, err := system.List(t.Context(), storetest.References(t, base)[0])
		if err != nil || len(refs) != want {
			t.Errorf("%s: %d, %v; want %d", base, len(refs), err, want)
		}
		if want == 10 && refs[9].String() != "azurekeyvault://gym-ai/shop-09" {
			t.Errorf("the last is %s", refs[9])
		}
	}
	fake.Next("GetSecrets", storetest.Answer{Status: 403})
	const refused = `azurekeyvault://gym-ai/: access denied to the application 22222222-2222-2222-2222-222222222222; it needs the role "Key Vault Secrets User", or in an access policy the secret permission "list"`
	if _, err := system.List(t.Context(), storetest.References(t, "azurekeyvault://gym-ai/")[0]); err == nil || err.Error() != refused {
		t.Errorf("got  %v\nwant %s", err, refused)
	}
}
