package store

import (
	"errors"
	"testing"

	"github.com/docker-secrets/docker-secrets/secret"
)

func entry(t *testing.T, text, value string) Entry {
	t.Helper()
	ref, err := secret.ParseReference(text)
	if err != nil {
		t.Fatal(err)
	}
	return Entry{Ref: ref, Value: secret.NewValue(value)}
}

// Entries of one payload must become one edit, and contradictory entries an error.
func TestEntriesOfOnePayloadBecomeOneEdit(t *testing.T) {
	for name, test := range map[string]struct {
		entries   []Entry
		now, want string
		same      bool
		err       error
	}{
		"whole":                {entries: []Entry{entry(t, "x://a", "new")}, now: "old", want: "new"},
		"whole, the same":      {entries: []Entry{entry(t, "x://a", "new")}, now: "new", want: "new", same: true},
		"two keys":             {entries: []Entry{entry(t, "x://a#/k", "1"), entry(t, "x://a#/l", "2")}, now: `{"k":"0","m":3}`, want: `{"k":"1","l":"2","m":3}`},
		"keys, the same":       {entries: []Entry{entry(t, "x://a#/k", "1")}, now: `{ "k": "1" }`, want: `{ "k": "1" }`, same: true},
		"key of nothing":       {entries: []Entry{entry(t, "x://a#/k", "1")}, want: `{"k":"1"}`},
		"the same value twice": {entries: []Entry{entry(t, "x://a", "1"), entry(t, "x://a", "1")}, want: "1"},
		"empty":                {entries: []Entry{entry(t, "x://a", "")}, err: errEmptyWrite},
		"two values":           {entries: []Entry{entry(t, "x://a", "1"), entry(t, "x://a", "2")}, err: errTwoWrites},
		"two values of a key":  {entries: []Entry{entry(t, "x://a#/k", "1"), entry(t, "x://a#/k", "2")}, err: errTwoWrites},
		"key in a whole":       {entries: []Entry{entry(t, "x://a", "1"), entry(t, "x://a#/k", "2")}, err: errMixedWrite},
		"whole over a key":     {entries: []Entry{entry(t, "x://a#/k", "2"), entry(t, "x://a", "1")}, err: errMixedWrite},
	} {
		e, err := newEdit(test.entries)
		if !errors.Is(err, test.err) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		after, changed, err := e.ApplyTo(secret.NewValue(test.now))
		if err != nil || after.Reveal() != test.want || changed == test.same {
			t.Errorf("%s: %q, changed %t, %v; want %q", name, after.Reveal(), changed, err, test.want)
		}
	}
}

// A payload must be read once, however many references select a key of it, and each
// reference must get its own key, in order.
func TestPayloadIsReadOnce(t *testing.T) {
	refs := []secret.Reference{}
	for _, text := range []string{"x://a#/k", "x://b", "x://bad", "x://a#/l", "x://gone", "x://a#/none"} {
		refs = append(refs, entry(t, text, "").Ref)
	}
	reads := 0
	locate := func(ref secret.Reference) (string, error) {
		if ref.Path == "bad" {
			return "", errors.New("no such name")
		}
		return ref.Path, nil
	}
	results := SelectKeys(refs, OncePerPayload(refs, locate, func(payloads []string) []Result {
		results := make([]Result, len(payloads))
		for i, payload := range payloads {
			reads++
			results[i] = map[string]Result{
				"a": {Value: secret.NewValue(`{"k":"1","l":"2"}`), Version: "7"}, "b": {Value: secret.NewValue("3")}, "gone": {Err: ErrNotFound},
			}[payload]
		}
		return results
	}))
	want := []string{"1", "3", "x://bad: no such name", "2", "x://gone: not found", "x://a#/none: the payload has no key none: not found"}
	for i, result := range results {
		got := result.Value.Reveal()
		if result.Err != nil {
			got = result.Err.Error()
		}
		if got != want[i] {
			t.Errorf("%s: %q, want %q", refs[i], got, want[i])
		}
	}
	if reads != 3 || results[0].Version != "7" || results[3].Version != "7" {
		t.Errorf("%d reads, versions %q and %q", reads, results[0].Version, results[3].Version)
	}
}
