package azure

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Store is Azure Key Vault: azurekeyvault://VAULT/NAME[/VERSION][#/json/key]. VAULT is
// the vault's name, or its whole host name.
//
// Logins are those of the Azure SDK: a service principal or a workload identity of
// the environment, a managed identity, az, azd, PowerShell, in this order, or what
// AZURE_TOKEN_CREDENTIALS narrows it to. AZURE_AUTHORITY_HOST chooses another cloud.
type Store struct {
	transport  http.RoundTripper      // nil: one with the environment's proxy; tests set it
	credential azcore.TokenCredential // nil: the SDK's chain; tests set it
	wait       time.Duration          // before the second try; 0: the SDK's 0.8 s; tests set it

	mu     sync.Mutex
	login  *login
	vaults map[string]*keyVault // by host
}

// Scheme is what the references begin with.
func (a *Store) Scheme() string { return "azurekeyvault" }

// Resolve reads each payload once, however many refs have keys of it.
func (a *Store) Resolve(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.Chosen(refs, store.ByPayload(refs, locate, func(places []location) []store.Result {
		return a.each(ctx, places, (*keyVault).read)
	}))
}

// Versions lists the secrets' versions, which shows no value.
func (a *Store) Versions(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.ByPayload(refs, locate, func(places []location) []store.Result {
		return a.each(ctx, places, (*keyVault).version)
	})
}

func (a *Store) each(ctx context.Context, places []location, ask func(*keyVault, context.Context, location) store.Result) []store.Result {
	results := make([]store.Result, len(places))
	store.Fan(len(places), store.Calls, func(i int) {
		vault, err := a.vault(places[i].host)
		if err != nil {
			results[i].Err = err
			return
		}
		results[i] = ask(vault, ctx, places[i])
	})
	return results
}

// location is a secret of a vault, and the version that is asked for, "" for the
// newest.
type location struct{ host, name, version string }

// word tells whether text has letters, digits and "-" only, as many as that.
func word(text string, least, most int) bool {
	strange := strings.IndexFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
	})
	return strange < 0 && len(text) >= least && len(text) <= most
}

// isVersion tells whether text is 32 hexadecimal digits.
func isVersion(text string) bool {
	_, err := hex.DecodeString(text)
	return err == nil && len(text) == 32
}

// isHost tells whether text is a host name with dots.
func isHost(text string) bool {
	labels := strings.Split(text, ".")
	return len(labels) > 1 && !slices.ContainsFunc(labels, func(label string) bool { return !word(label, 1, 63) })
}

var (
	errPath      = errors.New("write azurekeyvault://VAULT/NAME, with /VERSION behind it for one that is not the newest")
	errVaultName = errors.New("a vault's name has 3 to 24 letters, digits and -; write that, or its whole host name")
	errName      = errors.New("a secret's name in Key Vault has letters, digits and - only")
	errVersion   = errors.New("a version in Key Vault has 32 hexadecimal digits; az keyvault secret list-versions shows them")
)

// locate says which payload ref is a part of.
func locate(ref secret.Reference) (location, error) {
	if err := store.Arguments(ref); err != nil {
		return location{}, err
	}
	vault, rest, _ := strings.Cut(ref.Path, "/")
	name, version, versioned := strings.Cut(rest, "/")
	host, err := keyVaultHost(vault)
	switch {
	case name == "" || versioned && strings.Contains(version, "/"):
		return location{}, errPath
	case err != nil:
		return location{}, err
	case !word(name, 1, 127):
		return location{}, errName
	case versioned && !isVersion(version):
		return location{}, errVersion
	}
	return location{host: host, name: name, version: strings.ToLower(version)}, nil
}

// keyVaultHost is the host name of vault, which is one already when it has dots.
func keyVaultHost(vault string) (string, error) {
	switch {
	case isHost(vault):
		return strings.ToLower(vault), nil
	case !word(vault, 3, 24):
		return "", errVaultName
	}
	return strings.ToLower(vault) + "." + domain(variable("AZURE_AUTHORITY_HOST")), nil
}

// domain is the domain of the vaults of the cloud whose logins are at authority,
// a URL or a host name.
func domain(authority string) string {
	for login, domain := range map[string]string{
		"login.microsoftonline.us":         "vault.usgovcloudapi.net",
		"login.chinacloudapi.cn":           "vault.azure.cn",
		"login.partner.microsoftonline.cn": "vault.azure.cn",
	} {
		if strings.Contains(authority, login) {
			return domain
		}
	}
	return "vault.azure.net"
}
