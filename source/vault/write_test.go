package vault

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// Keys of one path must become one new version, which keeps the other keys. A payload that
// has the values already must not be written.
func TestKeysOfOnePathBecomeOneVersion(t *testing.T) {
	system, fake := newStore(t)
	fake.Put("app", `{"kept":1.50,"changed":"before"}`)
	got := storetest.VersionsAndErrors(system.Write(t.Context(), storetest.Entries(t,
		"vault://secret/app#/changed", "after", "vault://secret/app#/new", "<&>",
		"vault://secret/shop/db_password", storetest.Canary,
		"vault://secret/shop/fresh", "made",
		"vault://secret/app?version=1#/x", "x",
		"vault://secret/app2#/x", "",
	)))
	want := []string{
		"2 <nil>", "2 <nil>", "1 <nil>", "1 <nil>",
		"vault://secret/app?version=1#/x: a write makes a new version; leave ?version= out",
		"vault://secret/app2#/x: the value is empty, and an empty value cannot be read back; give it a value",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got)\n%s", diff)
	}
	if got := fake.Newest("app"); got != `{"changed":"after","kept":1.50,"new":"<&>"}` && got != `{"changed":"after","kept":1.50,"new":"\u003c\u0026\u003e"}` {
		t.Errorf("app is %s", got)
	}
	if got := fake.Newest("shop/fresh"); got != `{"value":"made"}` {
		t.Errorf("shop/fresh is %s", got)
	}
	if writes := fake.Calls("write"); writes != 2 {
		t.Errorf("%d writes, want 2", writes)
	}
}

// A write that came after someone else's must be repeated, but not for ever.
func TestRacingWriteIsRepeatedAFewTimes(t *testing.T) {
	stale := storetest.Answer{Status: 400, Body: `{"errors":["check-and-set parameter did not match the current version"]}`}
	system, fake := newStore(t)
	fake.Next("write", stale, stale)
	if diff := cmp.Diff([]string{"3 <nil>"}, storetest.VersionsAndErrors(system.Write(t.Context(), storetest.Entries(t, "vault://secret/gym-ai#/x", "y")))); diff != "" {
		t.Errorf("answers (-want +got)\n%s", diff)
	}
	fake.Next("write", stale, stale, stale, stale)
	want := []string{"vault://secret/gym-ai#/x: another client is writing to the path; try again"}
	if diff := cmp.Diff(want, storetest.VersionsAndErrors(system.Write(t.Context(), storetest.Entries(t, "vault://secret/gym-ai#/x", "z")))); diff != "" {
		t.Errorf("answers (-want +got)\n%s", diff)
	}
}

// A version must be found without reading a value.
func TestVersionsReadsNoValue(t *testing.T) {
	system, fake := newStore(t)
	got := storetest.VersionsAndErrors(system.Versions(t.Context(), storetest.References(t,
		"vault://secret/gym-ai#/x", "vault://secret/gym-ai", "vault://secret/gym-ai?version=1", "vault://secret/gym-ai?version=9")))
	want := []string{"2 <nil>", "2 <nil>", "1 <nil>", "vault://secret/gym-ai?version=9: no version 9 is kept; the newest is 2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("versions (-want +got)\n%s", diff)
	}
	if reads := fake.Calls("read"); reads != 0 {
		t.Errorf("%d reads", reads)
	}
	fake.Next("metadata", storetest.Answer{Status: 403})
	if diff := cmp.Diff([]string{"2 <nil>"}, storetest.VersionsAndErrors(system.Versions(t.Context(), storetest.References(t, "vault://secret/gym-ai")))); diff != "" {
		t.Errorf("versions of a token that may only read (-want +got)\n%s", diff)
	}
	want = []string{"vault://secret/gym-ay: no such path in secret/, but has gym-ai: not found"}
	if diff := cmp.Diff(want, storetest.VersionsAndErrors(system.Versions(t.Context(), storetest.References(t, "vault://secret/gym-ay")))); diff != "" {
		t.Errorf("versions of nothing (-want +got)\n%s", diff)
	}
}

// A list must have every path below the base, in folders too, and no other.
func TestListHasAllPathsBelowBase(t *testing.T) {
	system, fake := newStore(t)
	for base, want := range map[string][]string{
		"vault://secret/":         {"vault://secret/gym-ai", "vault://secret/shop/api/key", "vault://secret/shop/db_password"},
		"vault://secret/shop/":    {"vault://secret/shop/api/key", "vault://secret/shop/db_password"},
		"vault://secret/shop/db_": {"vault://secret/shop/db_password"},
		"vault://secret/sh":       {"vault://secret/shop/api/key", "vault://secret/shop/db_password"},
		"vault://secret/none/":    nil,
	} {
		refs, err := system.List(t.Context(), storetest.References(t, base)[0])
		if err != nil {
			t.Errorf("%s: %v", base, err)
		}
		var got []string
		for _, ref := range refs {
			got = append(got, ref.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", base, diff)
		}
	}
	fake.Next("list", storetest.Answer{Status: 403})
	want := `vault://secret/shop/: access denied to the token token-storetest (policies default); its policy needs: path "secret/metadata/shop/" { capabilities = ["list"] }`
	if _, err := system.List(t.Context(), storetest.References(t, "vault://secret/shop/")[0]); err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}
