package store

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
)

const payloadText = `{"key": "line\nend\n", "number": 12345678901234567890, "float": 1.50, "true": true,
	"nested": {"a/b": "slash", "x": {"y": "deep"}}, "list": [1, "two"], "nothing": null, "empty": "", "<html>": "&"}`

// A key of a payload must be returned as it is there: strings as text, numbers to the last
// digit.
func TestSelectKeyKeepsBytes(t *testing.T) {
	for fragment, want := range map[string]string{
		"/key": "line\nend\n", "key": "line\nend\n", "/number": "12345678901234567890", "/float": "1.50", "/true": "true",
		"/nested/a~1b": "slash", "/nested/x/y": "deep", "/list": `[1, "two"]`, "": payloadText, "/<html>": "&",
	} {
		got, err := SelectKey(secret.NewValue(payloadText), fragment)
		if err != nil || got.Reveal() != want {
			t.Errorf("%q: %q, %v; want %q", fragment, got.Reveal(), err, want)
		}
	}
}

// A key that the payload does not have must be named, with similar keys and without a
// value.
func TestMissingKeyIsNamedWithSimilarKeys(t *testing.T) {
	for fragment, want := range map[string]string{
		"/Keys": "has no key Keys, but has key", "/nested/z": "has no key z", "/nothing": "null", "/nested/A_B": "has no key A_B",
	} {
		_, err := SelectKey(secret.NewValue(payloadText), fragment)
		if err == nil || !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q and not found", fragment, err, want)
		}
	}
	for _, payload := range []string{"hunter2", `["hunter2"]`, `"hunter2"`, "null"} {
		_, err := SelectKey(secret.NewValue(payload), "/key")
		if err == nil || errors.Is(err, ErrNotFound) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", payload, err)
		}
	}
}

// Setting keys in a payload must not change the others.
func TestMergeKeepsOtherKeys(t *testing.T) {
	values := map[string]secret.Value{
		"/key": secret.NewValue("new\n"), "/nested/x/y": secret.NewValue("<new>"), "/more/deep": secret.NewValue("made"), "/a~1b": secret.NewValue("slash"),
	}
	got, err := merge(secret.NewValue(payloadText), values)
	if err != nil {
		t.Fatal(err)
	}
	for fragment, want := range map[string]string{
		"/key": "new\n", "/nested/x/y": "<new>", "/more/deep": "made", "/a~1b": "slash", "/number": "12345678901234567890", "/float": "1.50", "/nested/a~1b": "slash",
	} {
		value, err := SelectKey(got, fragment)
		if err != nil || value.Reveal() != want {
			t.Errorf("%s: %q, %v; want %q", fragment, value.Reveal(), err, want)
		}
	}
	if merged, err := merge(secret.Value{}, map[string]secret.Value{"/a": secret.NewValue("b")}); err != nil || merged.Reveal() != `{"a":"b"}` {
		t.Errorf("into nothing: %v", err)
	}
	if _, err := merge(secret.NewValue("hunter2"), values); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("into no object: %v", err)
	}
}

// Names that differ in a separator, case or a letter must be found, and no others.
func TestSimilarNames(t *testing.T) {
	names := []string{"gym-ai-prod/openai_api_key", "gym-ai-prod/openai-api-key", "gym-ai-prod/db_password", "other"}
	if diff := cmp.Diff([]string{"gym-ai-prod/openai-api-key", "gym-ai-prod/openai_api_key"}, similarNames("gym-ai-prod/openai_api_kye", names)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if similar := similarNames("something/else", names); similar != nil {
		t.Errorf("similar to nothing: %v", similar)
	}
}

// A payload of any bytes must be refused or read. Reading it must not panic.
func FuzzSelectKey(f *testing.F) {
	f.Add(payloadText, "/nested/x/y")
	f.Add("hunter2hunter2", "/key")
	f.Add(`{"a":{"b":`, "/a/b")
	f.Fuzz(func(t *testing.T, payload, fragment string) {
		value, err := SelectKey(secret.NewValue(payload), fragment)
		if err == nil && value.Len() > len(payload)*3 {
			t.Errorf("%d bytes came out of %d", value.Len(), len(payload))
		}
	})
}

// A write that would change the bytes of a value, or remove a value, must be refused.
func TestMergeRefusesToLoseBytes(t *testing.T) {
	for name, values := range map[string]map[string]secret.Value{
		"bytes that are no text": {"/a": secret.NewValue("\xff\xfe")},
		"a key below a value":    {"/plain/below": secret.NewValue("x")},
	} {
		if merged, err := merge(secret.NewValue(`{"plain":"hunter2"}`), values); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %d bytes are made, %v", name, merged.Len(), err)
		}
	}
	for _, payload := range []string{`{"plain":"hunter2"}{"other":"hunter3"}`, `{"plain":"hunter2"} hunter3`} {
		if merged, err := merge(secret.NewValue(payload), map[string]secret.Value{"/a": secret.NewValue("x")}); err == nil || strings.Contains(err.Error(), "hunter") {
			t.Errorf("an object with more after it: %d bytes are made, %v", merged.Len(), err)
		}
	}
}
