// Package azure reads and writes the secrets of Azure Key Vault, with the logins that the
// Azure SDK finds. Its errors quote nothing of the vault's answers.
//
// It does not know the other secret managers, and not what a secret is for.
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

// Store is Azure Key Vault. The zero value is ready. A reference is
//
//	azurekeyvault://VAULT/NAME[/VERSION][#/json/key]
//
// VAULT is the vault's name, or its host name.
//
// The Azure SDK finds the login. It tries, in this order, a service principal or a
// workload identity in the environment, a managed identity, az, azd and PowerShell.
// AZURE_TOKEN_CREDENTIALS limits it to some of them, AZURE_AUTHORITY_HOST selects another
// cloud.
type Store struct {
	transport  http.RoundTripper      // nil: one with the environment's proxy. Tests set it.
	credential azcore.TokenCredential // nil: the SDK's chain. Tests set it.
	retryDelay time.Duration          // before the first retry; 0: the SDK's 0.8 s. Tests set it.

	mu     sync.Mutex
	login  *login
	vaults map[string]*keyVault // by host
}

// Scheme returns "azurekeyvault".
func (a *Store) Scheme() string { return secret.SchemeAzure }

// Separators returns "-", the only one that Key Vault accepts in names.
func (a *Store) Separators() string { return "-" }

// Resolve reads each payload once, however many of refs select a key of it.
func (a *Store) Resolve(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.SelectKeys(refs, store.OncePerPayload(refs, locate, func(locs []location) []store.Result {
		return a.forEach(ctx, locs, (*keyVault).read)
	}))
}

// Versions lists the secrets' versions, which returns no value.
func (a *Store) Versions(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.OncePerPayload(refs, locate, func(locs []location) []store.Result {
		return a.forEach(ctx, locs, (*keyVault).version)
	})
}

// forEach calls ask for each of locs with the client of its vault, and returns the results
// in the order of locs.
func (a *Store) forEach(ctx context.Context, locs []location, ask func(*keyVault, context.Context, location) store.Result) []store.Result {
	return store.Each(locs, func(loc location) store.Result {
		vault, err := a.vault(loc.host)
		if err != nil {
			return store.Result{Err: err}
		}
		return ask(vault, ctx, loc)
	})
}

// location identifies one payload: the vault's host name, the secret, and its version, ""
// for the newest.
type location struct{ host, name, version string }

// isName reports whether text consists of letters, digits and "-", between least and most
// of them.
func isName(text string, least, most int) bool {
	strange := strings.IndexFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
	})
	return strange < 0 && len(text) >= least && len(text) <= most
}

// isVersion reports whether text is 32 hexadecimal digits.
func isVersion(text string) bool {
	_, err := hex.DecodeString(text)
	return err == nil && len(text) == 32
}

// isHost reports whether text is a host name with at least one dot.
func isHost(text string) bool {
	labels := strings.Split(text, ".")
	return len(labels) > 1 && !slices.ContainsFunc(labels, func(label string) bool { return !isName(label, 1, 63) })
}

var (
	errPath      = errors.New("write azurekeyvault://VAULT/NAME, or azurekeyvault://VAULT/NAME/VERSION for an older version")
	errVaultName = errors.New("a vault's name has 3 to 24 letters, digits and -; write that, or its whole host name")
	errName      = errors.New("a secret's name in Key Vault has letters, digits and - only")
	errVersion   = errors.New("a version in Key Vault has 32 hexadecimal digits; az keyvault secret list-versions shows them")
)

// locate returns the payload of ref. It fails if Key Vault cannot have such a secret.
func locate(ref secret.Reference) (location, error) {
	if err := store.CheckArguments(ref); err != nil {
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
	case !isName(name, 1, 127):
		return location{}, errName
	case versioned && !isVersion(version):
		return location{}, errVersion
	}
	return location{host: host, name: name, version: strings.ToLower(version)}, nil
}

// keyVaultHost returns the host name of vault, a name or already a host name.
func keyVaultHost(vault string) (string, error) {
	switch {
	case isHost(vault):
		return strings.ToLower(vault), nil
	case !isName(vault, 3, 24):
		return "", errVaultName
	}
	return strings.ToLower(vault) + "." + domain(getenv("AZURE_AUTHORITY_HOST")), nil
}

// domain returns the domain of the vaults in the cloud whose login server is authority, a
// URL or a host name. An unknown one, and "", mean the public cloud.
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
