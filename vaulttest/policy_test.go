package vaulttest

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/vault/api"

	"github.com/docker-secrets/docker-secrets/source/store"
)

// A refusal must name the policy that is missing, and with it there must be none.
func TestRefusalNamesThePolicy(t *testing.T) {
	s := filled(t)
	needs := regexp.MustCompile(`path "[^"]+" \{ capabilities = \[[^]]+\] \}`)
	policy := `path "secret/data/shop/*" { capabilities = ["read"] }`
	for _, text := range []string{port, "vault://team/kv/app#/key", "vault://old/app#/key"} {
		got := resolved(t, s.store(t, s.allowed(t, policy)), text)[text]
		line := needs.FindString(got)
		if line == "" || !strings.HasPrefix(got, "access denied to the token token-ci (policies default, shop); its policy needs: ") {
			t.Fatalf("%s: %s", text, got)
		}
		// Of a mount that the token may reach nothing in, the server tells nothing.
		if strings.Contains(text, "team/kv") {
			line = `path "team/kv/data/app" { capabilities = ["read"] }`
		}
		if strings.Contains(text, "old") {
			line = `path "old/app" { capabilities = ["read"] }`
		}
		policy += "\n" + line
		if got := resolved(t, s.store(t, s.allowed(t, policy)), text)[text]; !strings.Contains(got, " @") {
			t.Errorf("%s: with the policy: %s", text, got)
		}
	}
	const nowhere = "vault://nowhere/app#/key"
	compare(t, map[string]string{
		nowhere: `access denied to the token token-ci (policies default, shop); its policy needs: path "nowhere/data/app" { capabilities = ["read"] } (or there is no mount nowhere/)`,
	}, resolved(t, s.store(t, s.allowed(t, policy)), nowhere))
}

// A token that may not even ask for its own name must not be called invalid.
func TestTokenWithoutDefaultPolicyIsValid(t *testing.T) {
	s := filled(t)
	_ = s.allowed(t, `path "secret/data/shop/*" { capabilities = ["read"] }`)
	made, err := s.root.Auth().Token().Create(&api.TokenCreateRequest{Policies: []string{"shop"}, NoDefaultPolicy: true})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, map[string]string{
		port: `access denied to the token of VAULT_TOKEN, if it is still valid; its policy needs: path "secret/data/app" { capabilities = ["read"] }`,
	}, resolved(t, s.store(t, made.Auth.ClientToken), port))
}

// The policies that the documentation gives must be enough for what it says.
func TestDocumentedPoliciesAreEnough(t *testing.T) {
	page, err := os.ReadFile("../docs/vault.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```hcl\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(blocks) != 3 {
		t.Fatalf("%d policies, want those of deploy, diff and push", len(blocks))
	}
	deploy, diff, push := blocks[0][1], blocks[1][1], blocks[2][1]
	s := filled(t)
	const text, missing = "vault://secret/shop/db_password", "vault://secret/shop/db-password"
	compare(t, map[string]string{text: "v @1", missing: "no such path in secret/shop/: not found"},
		resolved(t, s.store(t, s.allowed(t, deploy)), text, missing))
	system := s.store(t, s.allowed(t, deploy+diff))
	compare(t, map[string]string{missing: "no such path in secret/shop/, but has db_password: not found"}, resolved(t, system, missing))
	refs := references(t, text)
	compare(t, map[string]string{text: " @1"}, said(t, refs, system.Versions(t.Context(), refs)))
	if _, err := system.List(t.Context(), references(t, "vault://secret/shop/")[0]); err != nil {
		t.Error(err)
	}
	refused := system.Write(t.Context(), entries(t, text, "new"))[0]
	want := text + `: access denied to the token token-ci (policies default, shop); its policy needs: path "secret/data/shop/db_password" { capabilities = ["create", "read", "update"] }`
	if refused.Err == nil || refused.Err.Error() != want {
		t.Errorf("got  %v\nwant %s", refused.Err, want)
	}
	system = s.store(t, s.allowed(t, push))
	for _, result := range system.Write(t.Context(), entries(t, text, "new", "vault://secret/shop/fresh", "made")) {
		if result.Err != nil {
			t.Error(result.Err)
		}
	}
	if errors.Is(refused.Err, store.ErrNotFound) {
		t.Error("a refusal is ErrNotFound")
	}
}
