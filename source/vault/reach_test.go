package vault

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// A Vault that cannot be reached must be explained, with the variable that helps.
func TestUnreachableVaultNamesItsVariable(t *testing.T) {
	const text = "vault://secret/gym-ai#/port"
	fake := storetest.NewVault(t)
	plain, encrypted := httptest.NewServer(fake), httptest.NewUnstartedServer(fake)
	encrypted.Config.ErrorLog = log.New(io.Discard, "", 0)
	encrypted.StartTLS()
	defer plain.Close()
	defer encrypted.Close()
	closed := httptest.NewServer(fake)
	closed.Close()
	host := func(server *httptest.Server) string { return server.Listener.Addr().String() }
	for address, want := range map[string]string{
		"https://" + host(plain):              host(plain) + " serves http, not https; set VAULT_ADDR to http://" + host(plain) + " if that is intended",
		"http://" + host(encrypted):           host(encrypted) + " serves https, not http; set VAULT_ADDR to https://" + host(encrypted),
		encrypted.URL:                         "127.0.0.1 has a certificate from an untrusted authority; if your network intercepts TLS, set its CA certificate in VAULT_CACERT",
		closed.URL:                            "127.0.0.1 refuses connections; check the address and that it runs",
		"https://vault.invalid:8200":          "no such host vault.invalid; check the name and the network",
		"https://u:" + storetest.Canary + "@": "a VAULT_… variable of the environment cannot be used; for details: vault status",
	} {
		if strings.HasSuffix(address, "@") {
			address += "%zz"
		}
		environment(t, address)
		t.Setenv("VAULT_TOKEN", fake.Token)
		system := &Store{retryDelay: time.Millisecond}
		wantError(t, text, want, system.Resolve(t.Context(), storetest.References(t, text))[0])
	}
}

// Without VAULT_ADDR the message must say so.
func TestMissingAddressIsNamed(t *testing.T) {
	if conn, err := net.Dial("tcp", "127.0.0.1:8200"); err == nil { //nolint:noctx // loopback, and no more than a look
		_ = conn.Close()
		t.Skip("something listens at Vault's default address")
	}
	const text = "vault://secret/gym-ai#/port"
	environment(t, "")
	t.Setenv("VAULT_TOKEN", "hvs.storetest")
	system := &Store{retryDelay: time.Millisecond}
	wantError(t, text, "VAULT_ADDR is not set, and no Vault answers at its default, https://127.0.0.1:8200; set it to the address of yours", system.Resolve(t.Context(), storetest.References(t, text))[0])
}

// A setting whose file does not exist must be named.
func TestSettingWithoutFileIsNamed(t *testing.T) {
	const text = "vault://secret/gym-ai#/port"
	environment(t, "https://127.0.0.1:1")
	t.Setenv("VAULT_CACERT", "/nowhere/ca.pem")
	system := &Store{}
	wantError(t, text, "VAULT_CACERT names a file that cannot be read: /nowhere/ca.pem", system.Resolve(t.Context(), storetest.References(t, text))[0])
}

// The vault program's own proxy and CA certificate must be used.
func TestVaultsOwnProxyAndAuthority(t *testing.T) {
	fake := storetest.NewVault(t)
	fake.Put("gym-ai", `{"port":5432}`)
	proxy := storetest.NewProxy(t, map[string]http.Handler{"vault.example": fake})
	environment(t, "https://vault.example:8200")
	t.Setenv("VAULT_TOKEN", fake.Token)
	t.Setenv("VAULT_PROXY_ADDR", proxy.URL)
	t.Setenv("VAULT_CACERT", proxy.CAFile)
	system := &Store{}
	if result := system.Resolve(t.Context(), storetest.References(t, "vault://secret/gym-ai#/port"))[0]; result.Err != nil {
		t.Error(result.Err)
	}
	if asked := proxy.Asked(); len(asked) != 1 {
		t.Errorf("asked are %v", asked)
	}
}
