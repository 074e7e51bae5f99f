package vault

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// The token must come from where the vault program finds it, or from AppRole. Without a
// token, and with a wrong one, the message must say how to log in.
func TestTokenIsFoundOrMessageSaysHowToLogIn(t *testing.T) {
	const text = "vault://secret/gym-ai#/port"
	for name, test := range map[string]struct {
		token, helper, role, secretID string
		want                          string
	}{
		"helper":         {helper: "hvs.storetest"},
		"approle":        {helper: "hvs.stale", role: "storetest", secretID: "storetest"},
		"token goes":     {token: "hvs.storetest", role: "storetest", secretID: "wrong"},
		"approle, wrong": {role: "storetest", secretID: "wrong", want: "the AppRole login is refused; VAULT_ROLE_ID or VAULT_SECRET_ID is invalid or has expired: vault write -f auth/approle/role/ROLE/secret-id makes a new secret ID"},
		"expired":        {token: "hvs.stale", want: "the token of VAULT_TOKEN is invalid or has expired; log in again"},
		"helper's":       {helper: "hvs.stale", want: "the token of vault login is invalid or has expired; log in again"},
		"unprintable":    {token: "hvs.\u200bstale", want: "the token of VAULT_TOKEN has characters that cannot be printed; log in again: vault login"},
		"none":           {want: "no Vault token; log in with vault login, or set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID (AppRole)"},
	} {
		t.Run(name, func(t *testing.T) {
			system, _ := newStore(t)
			t.Setenv("VAULT_TOKEN", test.token)
			t.Setenv("VAULT_ROLE_ID", test.role)
			t.Setenv("VAULT_SECRET_ID", test.secretID)
			tokenHelper(t, test.helper)
			result := system.Resolve(t.Context(), storetest.References(t, text))[0]
			if test.want != "" {
				wantError(t, text, test.want, result)
			} else if result.Err != nil {
				t.Error(result.Err)
			}
		})
	}
}

// A standby's redirect must be followed, the namespace sent, and wrapping never requested.
func TestRedirectNamespaceAndNoWrapping(t *testing.T) {
	system, fake := newStore(t)
	var namespace, wrapping string
	leader := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		namespace, wrapping = r.Header.Get("X-Vault-Namespace"), r.Header.Get("X-Vault-Wrap-TTL")
		fake.ServeHTTP(w, r)
	}))
	defer leader.Close()
	standby := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, leader.URL+r.URL.String(), http.StatusTemporaryRedirect)
	}))
	defer standby.Close()
	t.Setenv("VAULT_ADDR", standby.URL)
	t.Setenv("VAULT_NAMESPACE", "gym/prod")
	t.Setenv("VAULT_WRAP_TTL", "60")
	result := system.Resolve(t.Context(), storetest.References(t, "vault://secret/gym-ai#/port"))[0]
	if result.Err != nil || result.Value.Reveal() != "5432" {
		t.Errorf("value: %v", result.Err)
	}
	if namespace != "gym/prod" || wrapping != "" {
		t.Errorf("namespace %q, wrapping %q", namespace, wrapping)
	}
}
