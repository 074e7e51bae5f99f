package vault

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// environment removes the Vault settings of the person who runs the tests, and sets the
// address and a token helper that has no token.
func environment(t *testing.T, address string) {
	t.Helper()
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "VAULT_") {
			t.Setenv(name, "")
		}
	}
	t.Setenv("VAULT_ADDR", address)
	tokenHelper(t, "")
}

// tokenHelper makes the vault program's settings name a helper that prints token.
func tokenHelper(t *testing.T, token string) {
	t.Helper()
	helper, config := filepath.Join(t.TempDir(), "helper"), filepath.Join(t.TempDir(), "config")
	for path, content := range map[string]string{
		helper: "#!/bin/sh\n[ \"$1\" = get ] && printf '%s' '" + token + "'\nexit 0\n",
		config: fmt.Sprintf("token_helper = %q\n", helper),
	} {
		if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("VAULT_CONFIG_PATH", config)
}

// newStore returns a store that asks a fake with some paths.
func newStore(t *testing.T) (*Store, *storetest.Vault) {
	t.Helper()
	fake := storetest.NewVault(t)
	fake.Put("gym-ai", `{"old":"gone"}`, `{"db_password":"`+storetest.Canary+`","port":5432,"pem":"a\nb\n","deep":{"a/b":"c"},"empty":"","none":null}`)
	fake.Put("shop/db_password", `{"value":"`+storetest.Canary+`"}`)
	fake.Put("shop/api/key", `{"value":"x","other":"y"}`)
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	environment(t, server.URL)
	t.Setenv("VAULT_TOKEN", fake.Token)
	return &Store{retryDelay: time.Millisecond}, fake
}

// A key must resolve to the text that a program wants to read, and its version.
func TestKeyHasTextAndVersion(t *testing.T) {
	system, fake := newStore(t)
	want := map[string]string{
		"vault://secret/gym-ai#/db_password":   storetest.Canary + " 2",
		"vault://secret/gym-ai#/port":          "5432 2",
		"vault://secret/gym-ai#pem":            "a\nb\n 2",
		"vault://secret/gym-ai#/deep/a~1b":     "c 2",
		"vault://secret/gym-ai#/empty":         " 2",
		"vault://secret/gym-ai?version=1#/old": "gone 1",
		"vault://secret/shop/db_password":      storetest.Canary + " 1",
		"vault://secret/shop/api/key#/other":   "y 1",
	}
	var texts []string
	for text := range want {
		texts = append(texts, text)
	}
	got := map[string]string{}
	for i, result := range system.Resolve(t.Context(), storetest.References(t, texts...)) {
		if result.Err != nil {
			t.Error(result.Err)
		}
		got[texts[i]] = result.Value.Reveal() + " " + result.Version
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got)\n%s", diff)
	}
	if reads, mounts := fake.Calls("read"), fake.Calls("mount"); reads != 4 || mounts != 1 {
		t.Errorf("4 payloads in one mount took %d reads and %d questions for the mount", reads, mounts)
	}
}

// Each fault must be one line that begins with the reference, says what to do, and quotes
// no value.
func TestFaultSaysWhatToDo(t *testing.T) {
	system, _ := newStore(t)
	for text, want := range map[string]string{
		"vault://secret/gym-ay#/db_password":           "no such path in secret/, but has gym-ai: not found",
		"vault://secret/shop/db-password":              "no such path in secret/shop/, but has db_password: not found",
		"vault://secret/far/away#/x":                   "no such path in secret/far/: not found",
		"vault://secret/data/gym-ai#/x":                "no such path in secret/; write it as vault kv does, without data/: vault://secret/gym-ai: not found",
		"vault://secret/gym-ai#/db-password":           "the payload has no key db-password, but has db_password: not found",
		"vault://secret/gym-ai#/none":                  "the key's value is null: not found",
		"vault://secret/gym-ai":                        "choose one of its keys with #/KEY: db_password, deep, empty, none, pem, port",
		"vault://secret/gym-ai?version=7#/db_password": "no version 7 is kept; the newest is 2",
		"vault://secret/gym-ay?version=7#/db_password": "no such path in secret/, but has gym-ai: not found",
		"vault://secret/gym-ai?version=0#/db_password": "?version= must be a number from 1",
		"vault://secret/gym-ai?version=x#/db_password": "?version= must be a number from 1",
		"vault://secret/gym-ai?verson=1#/db_password":  "unknown argument ?verson=; supported: version",
		"vault://secret#/db_password":                  "write vault://MOUNT/PATH#/KEY",
		"vault://secret/../sys/raw#/x":                 "write vault://MOUNT/PATH#/KEY",
		"vault://secret/gym-ai/#/x":                    "write vault://MOUNT/PATH#/KEY",
		"vault://nowhere/gym-ai#/x":                    "there is no mount nowhere/; vault secrets list shows them all",
	} {
		result := system.Resolve(t.Context(), storetest.References(t, text))[0]
		wantError(t, text, want, result)
	}
}

// wantError fails the test if result is not the error want. The last words of want say
// whether it wraps ErrNotFound.
func wantError(t *testing.T, text, want string, result store.Result) {
	t.Helper()
	if result.Err == nil || result.Err.Error() != text+": "+want {
		t.Errorf("%s: %v\nwant %s", text, result.Err, want)
	}
	if errors.Is(result.Err, store.ErrNotFound) != strings.HasSuffix(want, ": not found") {
		t.Errorf("%s: is ErrNotFound is %v", text, errors.Is(result.Err, store.ErrNotFound))
	}
	if result.Value.Len() != 0 {
		t.Errorf("%s: a value with the error", text)
	}
}

// An error of the server must become one line that says what is wrong and quotes nothing
// of the answer.
func TestServerErrorIsExplainedNotQuoted(t *testing.T) {
	const text = "vault://secret/gym-ai#/db_password"
	body := func(text string) string { return `{"errors":["` + text + `"],"data":"` + storetest.Canary + `"}` }
	for name, test := range map[string]struct {
		operation string
		answer    storetest.Answer
		times     int
		want      string
	}{
		"denied":     {"read", storetest.Answer{Status: 403, Body: body("permission denied")}, 1, `access denied to the token token-storetest (policies default); its policy needs: path "secret/data/gym-ai" { capabilities = ["read"] }`},
		"sealed":     {"mount", storetest.Answer{Status: 503, Body: body("Vault is sealed")}, 3, "the Vault at HOST is sealed; vault operator unseal opens it"},
		"throttled":  {"read", storetest.Answer{Status: 429, Body: body("rate limit quota exceeded")}, 3, "HOST still answers 429, too many requests, after some tries; try again later, or have its rate limit raised"},
		"error":      {"read", storetest.Answer{Status: 500, Body: body(storetest.Canary)}, 3, "HOST answers 500 (internal server error); try again, and check its log"},
		"bad":        {"read", storetest.Answer{Status: 400, Body: body(storetest.Canary)}, 1, "HOST refuses the request, status 400; for details: vault kv get"},
		"upgrading":  {"read", storetest.Answer{Status: 400, Body: body("Upgrading from non-versioned to versioned data.")}, 1, "the mount is being made one of KV version 2; try again in a minute"},
		"a portal":   {"read", storetest.Answer{Status: 200, Body: "<html>" + storetest.Canary}, 1, "HOST answers, but not as Vault does; check VAULT_ADDR"},
		"other type": {"mount", storetest.Answer{Status: 200, Body: `{"data":{"path":"secret/","type":"pki"}}`}, 1, "secret/ is not a KV mount (type pki); vault secrets list shows them all"},
		"deleted":    {"read", storetest.Answer{Status: 404, Body: `{"data":{"data":null,"metadata":{"version":2,"deletion_time":"2026-01-02T03:04:05Z"}}}`}, 1, "version 2 is deleted; vault kv undelete -mount=secret -versions=2 gym-ai brings it back"},
		"destroyed":  {"read", storetest.Answer{Status: 404, Body: `{"data":{"data":null,"metadata":{"version":2,"destroyed":true}}}`}, 1, "version 2 is destroyed permanently; write a new value"},
		"null":       {"read", storetest.Answer{Status: 200, Body: `{"data":{"data":null,"metadata":{"version":2,"deletion_time":"2026-01-02T03:04:05Z"}}}`}, 1, "version 2 is deleted; vault kv undelete -mount=secret -versions=2 gym-ai brings it back"},
	} {
		t.Run(name, func(t *testing.T) {
			system, fake := newStore(t)
			for range test.times {
				fake.Next(test.operation, test.answer)
			}
			host := strings.TrimPrefix(os.Getenv("VAULT_ADDR"), "http://")
			wantError(t, text, strings.ReplaceAll(test.want, "HOST", host), system.Resolve(t.Context(), storetest.References(t, text))[0])
			if calls := fake.Calls(test.operation); calls != test.times {
				t.Errorf("%d calls, want %d", calls, test.times)
			}
		})
	}
}

// A server that is busy for a moment must not be an error.
func TestBusyServerIsAskedAgain(t *testing.T) {
	system, fake := newStore(t)
	fake.Next("read", storetest.Answer{Status: 429}, storetest.Answer{Status: 503, Body: `{"errors":["Vault is sealed"]}`})
	if result := system.Resolve(t.Context(), storetest.References(t, "vault://secret/gym-ai#/port"))[0]; result.Err != nil {
		t.Error(result.Err)
	}
}

// If the server does not say which mount it is, KV version 2 must be assumed.
func TestUnknownMountIsTakenForVersion2(t *testing.T) {
	for _, status := range []int{403, 404} {
		system, fake := newStore(t)
		fake.Next("mount", storetest.Answer{Status: status}, storetest.Answer{Status: status})
		refs := storetest.References(t, "vault://secret/gym-ai#/port", "vault://secret/shop/db_password")
		for _, result := range system.Resolve(t.Context(), refs) {
			if result.Err != nil {
				t.Error(result.Err)
			}
		}
	}
}

// 200 paths must be read in parallel, but not all at once, and each must report a deadline.
func TestManyPathsAreReadInParallel(t *testing.T) {
	system, fake := newStore(t)
	var texts []string
	for i := range 200 {
		fake.Put(fmt.Sprintf("many/%d", i), `{"value":"many"}`)
		texts = append(texts, fmt.Sprintf("vault://secret/many/%d", i))
	}
	fake.Slow(20 * time.Millisecond)
	for _, result := range system.Resolve(t.Context(), storetest.References(t, texts...)) {
		if result.Err != nil {
			t.Fatal(result.Err)
		}
	}
	if peak := fake.Peak(); peak < 2 || peak > store.MaxCalls {
		t.Errorf("%d at the same time", peak)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	fake.Slow(time.Minute)
	host, _, _ := strings.Cut(strings.TrimPrefix(os.Getenv("VAULT_ADDR"), "http://"), ":")
	for i, result := range system.Resolve(ctx, storetest.References(t, texts...)) {
		wantError(t, texts[i], "no answer in time from "+host+"; try again, or check VPN, proxy and firewall", result)
	}
}
