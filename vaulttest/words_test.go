package vaulttest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
	"github.com/docker-secrets/docker-secrets/source/vault"
)

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

// said is each result in words: value and version, or the error without the
// reference that it has to begin with.
func said(t *testing.T, refs []secret.Reference, results []store.Result) map[string]string {
	t.Helper()
	words := map[string]string{}
	for i, result := range results {
		ref := refs[i].String()
		words[ref] = fmt.Sprintf("%s @%s", result.Value.Reveal(), result.Version)
		if result.Err == nil {
			continue
		}
		text, begins := strings.CutPrefix(result.Err.Error(), ref+": ")
		if !begins || strings.Contains(text, "\n") {
			t.Errorf("%q: not one line that begins with the reference", result.Err)
		}
		words[ref] = text
	}
	return words
}

func resolved(t *testing.T, system *vault.Store, texts ...string) map[string]string {
	t.Helper()
	refs := references(t, texts...)
	return said(t, refs, system.Resolve(t.Context(), refs))
}

func entries(t *testing.T, pairs ...string) []store.Entry {
	t.Helper()
	var all []store.Entry
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, store.Entry{Ref: references(t, pairs[i])[0], Value: secret.NewValue(pairs[i+1])})
	}
	return all
}
