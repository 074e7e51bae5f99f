package vaulttest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/vault/api"
)

// TestMain gives the vault program's token file a home of its own; the SDK looks for
// the home once.
func TestMain(m *testing.M) {
	home, err := os.MkdirTemp("", "vaulttest")
	if err != nil {
		panic(err)
	}
	if err := os.Setenv("HOME", home); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(home)
	os.Exit(code)
}

const (
	port    = "vault://secret/app#/port"
	invalid = "is invalid or has expired; log in again"
)

// The token that vault login leaves in a file must be used, and one that is revoked
// must be told from one that may not.
func TestTokenOfVaultLoginIsUsed(t *testing.T) {
	s := filled(t)
	system := s.store(t, "")
	token := s.allowed(t, `path "secret/data/app" { capabilities = ["read"] }`)
	file := filepath.Join(os.Getenv("HOME"), ".vault-token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(file) })
	compare(t, map[string]string{port: "5432 @2"}, resolved(t, system, port))
	if err := s.root.Auth().Token().RevokeTree(token); err != nil {
		t.Fatal(err)
	}
	compare(t, map[string]string{port: "the token of vault login " + invalid}, resolved(t, s.store(t, ""), port))
	compare(t, map[string]string{port: "the token of VAULT_TOKEN " + invalid}, resolved(t, s.store(t, "hvs.invented"), port))
	_ = os.Remove(file)
	compare(t, map[string]string{port: "no Vault token; log in with vault login, or set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID (AppRole)"}, resolved(t, s.store(t, ""), port))
}

// AppRole must log in, say whose token it is where that may not, and say when the
// secret ID is used up.
func TestAppRoleLogsIn(t *testing.T) {
	s := filled(t)
	if err := s.root.Sys().PutPolicy("shop", `path "secret/data/app" { capabilities = ["read"] }`); err != nil {
		t.Fatal(err)
	}
	const refused = "the AppRole login is refused; VAULT_ROLE_ID or VAULT_SECRET_ID is invalid or has expired: vault write -f auth/approle/role/ROLE/secret-id makes a new secret ID"
	system := s.store(t, "")
	t.Setenv("VAULT_ROLE_ID", "no mount yet")
	compare(t, map[string]string{port: refused}, resolved(t, system, port))

	if err := s.root.Sys().EnableAuthWithOptions("approle", &api.EnableAuthOptions{Type: "approle"}); err != nil {
		t.Fatal(err)
	}
	s.write(t, "auth/approle/role/shop", map[string]any{"token_policies": "shop", "secret_id_num_uses": 1, "token_ttl": "5m"})
	role, err := s.root.Logical().Read("auth/approle/role/shop/role-id")
	if err != nil {
		t.Fatal(err)
	}
	id := s.write(t, "auth/approle/role/shop/secret-id", nil)
	system = s.store(t, "")
	t.Setenv("VAULT_ROLE_ID", role.Data["role_id"].(string))
	t.Setenv("VAULT_SECRET_ID", id.Data["secret_id"].(string))
	const other = "vault://secret/shop/db_password"
	compare(t, map[string]string{
		port:  "5432 @2",
		other: `access denied to the token approle (policies default, shop); its policy needs: path "secret/data/shop/db_password" { capabilities = ["read"] }`,
	}, resolved(t, system, port, other))

	again := s.store(t, "")
	t.Setenv("VAULT_ROLE_ID", role.Data["role_id"].(string))
	t.Setenv("VAULT_SECRET_ID", id.Data["secret_id"].(string))
	compare(t, map[string]string{port: refused}, resolved(t, again, port))
}
