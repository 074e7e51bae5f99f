package azure

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"

	"github.com/docker-secrets/docker-secrets/source/store"
)

// keyVault asks one vault.
type keyVault struct {
	client    *azsecrets.Client
	host      string
	login     *login
	nameCache store.NameCache // for suggestions
}

// vault returns the client of the vault at host, which the first call makes.
func (a *Store) vault(host string) (*keyVault, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if vault := a.vaults[host]; vault != nil {
		return vault, nil
	}
	if err := a.findLogin(); err != nil {
		return nil, err
	}
	options := a.options(&transport{base: a.login.transport.base})
	client, err := azsecrets.NewClient("https://"+host, a.login, &azsecrets.ClientOptions{ClientOptions: options})
	if err != nil {
		return nil, fmt.Errorf("%s is not the host name of a vault", host)
	}
	if a.vaults == nil {
		a.vaults = map[string]*keyVault{}
	}
	a.vaults[host] = &keyVault{client: client, host: host, login: a.login}
	return a.vaults[host], nil
}

// findLogin makes the login that all vaults share, once. The caller holds a.mu.
func (a *Store) findLogin() error {
	if a.login != nil {
		return nil
	}
	base := a.transport
	if base == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		own.Proxy = proxy
		base = own
	}
	a.login = &login{credential: a.credential, transport: &transport{base: base}, faults: map[string]error{}}
	if a.credential != nil {
		return nil
	}
	chain, err := azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{ClientOptions: a.options(a.login.transport)})
	if err != nil {
		a.login = nil
		return errors.New("AZURE_TOKEN_CREDENTIALS cannot be used; write dev, prod, or the name of one credential, such as AzureCLICredential")
	}
	a.login.credential = chain
	return nil
}

// options returns the settings of every client: the given transport and the SDK's retries.
func (a *Store) options(transport http.RoundTripper) azcore.ClientOptions {
	return azcore.ClientOptions{
		Transport: &http.Client{Transport: transport},
		Retry:     policy.RetryOptions{RetryDelay: a.retryDelay},
	}
}
