package plugin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// shelf is a manager with some values, by reference; "!" cannot be read.
type shelf map[string]string

func (s shelf) Scheme() string { return "vault" }

func (s shelf) Resolve(_ context.Context, refs []secret.Reference) []store.Result {
	results := make([]store.Result, len(refs))
	for i, ref := range refs {
		switch value, there := s[ref.String()]; {
		case !there:
			results[i].Err = fmt.Errorf("%s: no such path: %w", ref, store.ErrNotFound)
		case value == "!":
			results[i].Err = fmt.Errorf("%s: access denied", ref)
		default:
			results[i].Value, results[i].Version = secret.NewValue(value), "3"
		}
	}
	return results
}

// Several places of one secret must agree where they have a value; one without any
// is none, one that cannot be read is an error, and no value is ever quoted.
func TestPlacesOfOneSecretMustAgree(t *testing.T) {
	l := finder{within: lookupTime, systems: []store.System{shelf{
		"vault://a#/one": "canary-1", "vault://b#/one": "canary-1", "vault://a#/two": "canary-2", "vault://a#/locked": "!",
	}}}
	for _, tt := range []struct{ from, value, err, nowhere string }{
		{"vault://a#/one vault://b#/one", "canary-1", "", ""},
		{"vault://a#/none vault://b#/one", "canary-1", "", ""},
		{"vault://a#/one vault://a#/two", "", "key: its sources no longer agree: vault://a#/one and vault://a#/two have different values", ""},
		{"vault://a#/one vault://a#/locked", "", "key: vault://a#/locked: access denied", ""},
		{"vault://a#/none vault://b#/none", "", "", "vault://a#/none: no such path: not found"},
	} {
		one := lookup{name: "key"}
		for text := range strings.FieldsSeq(tt.from) {
			ref, err := secret.ParseReference(text)
			if err != nil {
				t.Fatal(err)
			}
			one.from = append(one.from, ref)
		}
		answers, err := l.all(t.Context(), []lookup{one})
		if (err == nil) != (tt.err == "") || err != nil && (!strings.HasPrefix(err.Error(), tt.err) || strings.Contains(err.Error(), "canary")) {
			t.Errorf("%s: %v; want %q", tt.from, err, tt.err)
		}
		if err != nil {
			continue
		}
		if got := answers[0].Value.Reveal(); got != tt.value {
			t.Errorf("%s: another value", tt.from)
		}
		if tt.nowhere != "" && (!errors.Is(answers[0].Err, store.ErrNotFound) || answers[0].nowhere() != tt.nowhere) {
			t.Errorf("%s: %s", tt.from, answers[0].nowhere())
		}
	}
}
