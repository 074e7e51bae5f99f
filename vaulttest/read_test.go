package vaulttest

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// filled is a Vault with one of everything.
func filled(t *testing.T) *server {
	t.Helper()
	s := start(t, nil)
	s.fill(t)
	return s
}

func (s *server) fill(t *testing.T) {
	t.Helper()
	s.engine(t, "secret", "2")
	s.engine(t, "team/kv", "2")
	s.engine(t, "old", "1")
	s.put(t, "secret", "app", map[string]any{"password": "first"})
	s.put(t, "secret", "app", map[string]any{"password": "second\n", "port": 5432, "markup": "<&>", "deep": map[string]any{"key": "d"}})
	s.put(t, "secret", "shop/db_password", map[string]any{"value": "v"})
	s.put(t, "team/kv", "app", map[string]any{"key": "team"})
	s.write(t, "old/app", map[string]any{"key": "one"})
	for _, name := range []string{"deleted", "destroyed", "undone"} {
		s.put(t, "secret", name, map[string]any{"key": "1"})
		s.put(t, "secret", name, map[string]any{"key": "2"})
	}
	s.write(t, "secret/delete/deleted", map[string]any{"versions": []int{2}})
	s.write(t, "secret/destroy/destroyed", map[string]any{"versions": []int{2}})
	s.write(t, "secret/delete/undone", map[string]any{"versions": []int{2}})
	s.write(t, "secret/undelete/undone", map[string]any{"versions": []int{2}})
}

func compare(t *testing.T, want, got map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A real Vault's values must come byte for byte, of both versions of the engine, and
// what has no value must say why.
func TestRealValuesComeExactly(t *testing.T) {
	s := filled(t)
	const gone = "version 2 is deleted; vault kv undelete -mount=secret -versions=2 deleted brings it back"
	want := map[string]string{
		"vault://secret/app#/password":             "second\n @2",
		"vault://secret/app#/port":                 "5432 @2",
		"vault://secret/app#/markup":               "<&> @2",
		"vault://secret/app#/deep/key":             "d @2",
		"vault://secret/app?version=1#/password":   "first @1",
		"vault://secret/shop/db_password":          "v @1",
		"vault://team/kv/app#/key":                 "team @1",
		"vault://old/app#/key":                     "one @",
		"vault://secret/deleted#/key":              gone,
		"vault://secret/deleted?version=2#/key":    gone,
		"vault://secret/deleted?version=1#/key":    "1 @1",
		"vault://secret/destroyed#/key":            "version 2 is destroyed permanently; write a new value",
		"vault://secret/undone#/key":               "2 @2",
		"vault://secret/app?version=9#/password":   "no version 9 is kept; the newest is 2",
		"vault://secret/deleted?version=9#/key":    "no version 9 is kept; the newest is 2",
		"vault://secret/nothing?version=9#/key":    "no such path in secret/: not found",
		"vault://secret/apq#/key":                  "no such path in secret/, but has app: not found",
		"vault://secret/shop/db-password":          "no such path in secret/shop/, but has db_password: not found",
		"vault://secret/shop#/key":                 "no such path in secret/, but has shop/: not found",
		"vault://secret/data/app#/key":             "no such path in secret/; write it as vault kv does, without data/: vault://secret/app: not found",
		"vault://old/data/app#/key":                "no such path in old/; write it as vault kv does, without data/: vault://old/app: not found",
		"vault://old/apq#/key":                     "no such path in old/, but has app: not found",
		"vault://old/app?version=1#/key":           "old/ is a KV version 1 mount, which keeps no versions; leave ?version= out",
		"vault://team/kv#/key":                     "names the mount team/kv/ and no path in it; write vault://MOUNT/PATH#/KEY",
		"vault://nowhere/app#/key":                 "there is no mount nowhere/; vault secrets list shows them all",
		"vault://sys/internal/ui/mounts#/x":        "sys/ is not a KV mount (type system); vault secrets list shows them all",
		"vault://secret/app":                       "choose one of its keys with #/KEY: deep, markup, password, port",
		"vault://secret/app#/passwort":             "the payload has no key passwort, but has password: not found",
		"vault://secret/with blank%2f/ä#/key":      "no such path in secret/with blank%2f/: not found",
		"vault://secret/app#/password/below":       "the payload is not a JSON object; omit #/… to use the whole payload",
		"vault://secret/undone?version=2#/missing": "the payload has no key missing: not found",
	}
	got := resolved(t, s.store(t, s.token), slices.Sorted(maps.Keys(want))...)
	compare(t, want, got)
}

// Versions must be those that a read would give.
func TestVersionsAreThoseOfRead(t *testing.T) {
	s := filled(t)
	want := map[string]string{
		"vault://secret/app":           " @2",
		"vault://secret/app?version=1": " @1",
		"vault://secret/app?version=9": "no version 9 is kept; the newest is 2",
		"vault://secret/undone":        " @2",
		"vault://old/app":              " @",
		"vault://old/nothing":          "no such path in old/: not found",
		"vault://secret/deleted":       "version 2 is deleted; vault kv undelete -mount=secret -versions=2 deleted brings it back",
		"vault://secret/destroyed":     "version 2 is destroyed permanently; write a new value",
		"vault://secret/nothing":       "no such path in secret/: not found",
		"vault://team/kv/app":          " @1",
	}
	refs := references(t, slices.Sorted(maps.Keys(want))...)
	compare(t, want, said(t, refs, s.store(t, s.token).Versions(t.Context(), refs)))
}

// Lists must hold the paths of both versions of the engine, in folders too.
func TestListHoldsFoldersToo(t *testing.T) {
	s := filled(t)
	system := s.store(t, s.token)
	for base, want := range map[string][]string{
		"vault://secret/":      {"vault://secret/app", "vault://secret/deleted", "vault://secret/destroyed", "vault://secret/shop/db_password", "vault://secret/undone"},
		"vault://secret/shop/": {"vault://secret/shop/db_password"},
		"vault://secret/de":    {"vault://secret/deleted", "vault://secret/destroyed"},
		"vault://team/kv/":     {"vault://team/kv/app"},
		"vault://old/":         {"vault://old/app"},
		"vault://old/none/":    nil,
	} {
		refs, err := system.List(t.Context(), references(t, base)[0])
		var got []string
		for _, ref := range refs {
			got = append(got, ref.String())
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", base, err, diff)
		}
	}
}

// The namespace must be sent with every request. Only the Enterprise server heeds it.
func TestNamespaceIsAlwaysSent(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]bool{}
	s := start(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			seen[r.Header.Get("X-Vault-Namespace")] = true
			mu.Unlock()
			r.Header.Del("X-Vault-Namespace")
			next.ServeHTTP(w, r)
		})
	})
	s.fill(t)
	clear(seen)
	system := s.store(t, s.token)
	t.Setenv("VAULT_NAMESPACE", "shop/prod")
	compare(t, map[string]string{"vault://secret/app#/port": "5432 @2"}, resolved(t, system, "vault://secret/app#/port"))
	if diff := cmp.Diff(map[string]bool{"shop/prod": true}, seen); diff != "" {
		t.Errorf("namespaces (-want +got)\n%s", diff)
	}
}
