package vaulttest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/docker-secrets/docker-secrets/source/vault"
)

// A write must make one version of each path and keep its other keys, over a deleted
// version and on version 1 of the engine too.
func TestWriteKeepsOtherKeys(t *testing.T) {
	s := filled(t)
	system := s.store(t, s.token)
	all := entries(t,
		"vault://secret/app#/password", "third", "vault://secret/app#/added", "<&>\n",
		"vault://secret/deleted#/key", "back",
		"vault://secret/new/path#/key", "made",
		"vault://team/kv/app#/key", "team",
		"vault://old/app#/added", "two",
		"vault://old/new", "made",
		"vault://nowhere/app#/key", "x",
	)
	words := map[string]string{}
	for i, result := range system.Write(t.Context(), all) {
		words[all[i].Ref.String()] = fmt.Sprint(result.Version, " ", result.Err)
	}
	compare(t, map[string]string{
		"vault://secret/app#/password": "3 <nil>",
		"vault://secret/app#/added":    "3 <nil>",
		"vault://secret/deleted#/key":  "3 <nil>",
		"vault://secret/new/path#/key": "1 <nil>",
		"vault://team/kv/app#/key":     "1 <nil>",
		"vault://old/app#/added":       " <nil>",
		"vault://old/new":              " <nil>",
		"vault://nowhere/app#/key":     " vault://nowhere/app#/key: there is no such mount; vault secrets list shows them all",
	}, words)
	compare(t, map[string]string{
		"vault://secret/app#/password": "third @3",
		"vault://secret/app#/added":    "<&>\n @3",
		"vault://secret/app#/port":     "5432 @3",
		"vault://secret/app#/deep/key": "d @3",
		"vault://secret/deleted#/key":  "back @3",
		"vault://old/app#/key":         "one @",
		"vault://old/app#/added":       "two @",
		"vault://old/new":              "made @",
	}, resolved(t, system, "vault://secret/app#/password", "vault://secret/app#/added", "vault://secret/app#/port",
		"vault://secret/app#/deep/key", "vault://secret/deleted#/key", "vault://old/app#/key", "vault://old/app#/added", "vault://old/new"))
}

// Of people who write keys of one path at the same time, none may lose a key that the
// store said was written.
func TestWritersTogetherLoseNoKey(t *testing.T) {
	s := filled(t)
	var mu sync.Mutex
	var all sync.WaitGroup
	want := map[string]string{}
	_ = s.store(t, s.token)
	for i := range 8 {
		all.Go(func() {
			text := fmt.Sprintf("vault://secret/together#/key%d", i)
			result := new(vault.Store).Write(t.Context(), entries(t, text, "x"))[0]
			mu.Lock()
			defer mu.Unlock()
			if result.Err == nil {
				want[text] = "x"
			}
		})
	}
	all.Wait()
	if len(want) == 0 {
		t.Fatal("nobody could write")
	}
	for text := range want {
		refs := references(t, text)
		if result := new(vault.Store).Resolve(t.Context(), refs)[0]; result.Err != nil || result.Value.Reveal() != "x" {
			t.Errorf("%s: %v", text, result.Err)
		}
	}
}
