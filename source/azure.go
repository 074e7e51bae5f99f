package source

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
)

// Azure is Azure Key Vault: azurekeyvault://VAULT/NAME[/VERSION][#/json/key]. VAULT is
// the vault's name, or its whole host name.
//
// Logins are those of the Azure SDK: a service principal or a workload identity of
// the environment, a managed identity, az, azd, PowerShell, in this order, or what
// AZURE_TOKEN_CREDENTIALS narrows it to. AZURE_AUTHORITY_HOST chooses another cloud.
type Azure struct {
	transport  http.RoundTripper      // nil: one with the environment's proxy; tests set it
	credential azcore.TokenCredential // nil: the SDK's chain; tests set it
	wait       time.Duration          // before the second try; 0: the SDK's 0.8 s; tests set it

	mu     sync.Mutex
	login  *azureLogin
	vaults map[string]*azureVault // by host
}

// Scheme is what the references begin with.
func (a *Azure) Scheme() string { return "azurekeyvault" }

// Resolve reads each payload once, however many refs have keys of it.
func (a *Azure) Resolve(ctx context.Context, refs []secret.Reference) []Result {
	return chosen(refs, byPayload(refs, azureLocate, func(places []azurePlace) []Result {
		return a.each(ctx, places, (*azureVault).read)
	}))
}

// Versions lists the secrets' versions, which shows no value.
func (a *Azure) Versions(ctx context.Context, refs []secret.Reference) []Result {
	return byPayload(refs, azureLocate, func(places []azurePlace) []Result {
		return a.each(ctx, places, (*azureVault).version)
	})
}

func (a *Azure) each(ctx context.Context, places []azurePlace, ask func(*azureVault, context.Context, azurePlace) Result) []Result {
	results := make([]Result, len(places))
	fan(len(places), calls, func(i int) {
		vault, err := a.vault(places[i].host)
		if err != nil {
			results[i].Err = err
			return
		}
		results[i] = ask(vault, ctx, places[i])
	})
	return results
}

// azurePlace is a secret of a vault, and the version that is asked for, "" for the
// newest.
type azurePlace struct{ host, name, version string }

// azureWord tells whether text has letters, digits and "-" only, as many as that.
func azureWord(text string, least, most int) bool {
	strange := strings.IndexFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
	})
	return strange < 0 && len(text) >= least && len(text) <= most
}

// azureIsVersion tells whether text is 32 hexadecimal digits.
func azureIsVersion(text string) bool {
	_, err := hex.DecodeString(text)
	return err == nil && len(text) == 32
}

// azureIsHost tells whether text is a host name with dots.
func azureIsHost(text string) bool {
	labels := strings.Split(text, ".")
	return len(labels) > 1 && !slices.ContainsFunc(labels, func(label string) bool { return !azureWord(label, 1, 63) })
}

var (
	errAzurePath      = errors.New("write azurekeyvault://VAULT/NAME, with /VERSION behind it for one that is not the newest")
	errAzureVaultName = errors.New("a vault's name has 3 to 24 letters, digits and -; write that, or its whole host name")
	errAzureName      = errors.New("a secret's name in Key Vault has letters, digits and - only")
	errAzureVersion   = errors.New("a version in Key Vault has 32 hexadecimal digits; az keyvault secret list-versions shows them")
)

// azureLocate says which payload ref is a part of.
func azureLocate(ref secret.Reference) (azurePlace, error) {
	if err := arguments(ref); err != nil {
		return azurePlace{}, err
	}
	vault, rest, _ := strings.Cut(ref.Path, "/")
	name, version, versioned := strings.Cut(rest, "/")
	host, err := azureVaultHost(vault)
	switch {
	case name == "" || versioned && strings.Contains(version, "/"):
		return azurePlace{}, errAzurePath
	case err != nil:
		return azurePlace{}, err
	case !azureWord(name, 1, 127):
		return azurePlace{}, errAzureName
	case versioned && !azureIsVersion(version):
		return azurePlace{}, errAzureVersion
	}
	return azurePlace{host: host, name: name, version: strings.ToLower(version)}, nil
}

// azureVaultHost is the host name of vault, which is one already when it has dots.
func azureVaultHost(vault string) (string, error) {
	switch {
	case azureIsHost(vault):
		return strings.ToLower(vault), nil
	case !azureWord(vault, 3, 24):
		return "", errAzureVaultName
	}
	return strings.ToLower(vault) + "." + azureDomain(azureVariable("AZURE_AUTHORITY_HOST")), nil
}

// azureDomain is the domain of the vaults of the cloud whose logins are at authority,
// a URL or a host name.
func azureDomain(authority string) string {
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
