package source

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"

	"github.com/docker-secrets/docker-secrets/secret"
)

// azureVault is one vault.
type azureVault struct {
	client *azsecrets.Client
	host   string
	login  *azureLogin
	near   neighbours // for messages
}

// vault is the client of the vault at host, made once.
func (a *Azure) vault(host string) (*azureVault, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if made := a.vaults[host]; made != nil {
		return made, nil
	}
	if err := a.findLogin(); err != nil {
		return nil, err
	}
	options := a.options(&azureTransport{base: a.login.transport.base})
	client, err := azsecrets.NewClient("https://"+host, a.login, &azsecrets.ClientOptions{ClientOptions: options})
	if err != nil {
		return nil, fmt.Errorf("%s is no address of a vault", host)
	}
	if a.vaults == nil {
		a.vaults = map[string]*azureVault{}
	}
	a.vaults[host] = &azureVault{client: client, host: host, login: a.login}
	return a.vaults[host], nil
}

// findLogin makes the login that all vaults share.
func (a *Azure) findLogin() error {
	if a.login != nil {
		return nil
	}
	base := a.transport
	if base == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		own.Proxy = azureProxy
		base = own
	}
	a.login = &azureLogin{credential: a.credential, transport: &azureTransport{base: base}, faults: map[string]error{}}
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

// options are those of every client: our transport, the SDK's retries.
func (a *Azure) options(transport http.RoundTripper) azcore.ClientOptions {
	return azcore.ClientOptions{
		Transport: &http.Client{Transport: transport},
		Retry:     policy.RetryOptions{RetryDelay: a.wait},
	}
}

// read is the whole payload at place.
func (v *azureVault) read(ctx context.Context, place azurePlace) Result {
	answer, err := v.client.GetSecret(ctx, place.name, place.version, nil)
	switch {
	case azureStatus(err, http.StatusNotFound):
		return Result{Err: v.missing(ctx, place)}
	case err != nil:
		return Result{Err: v.refused(ctx, err, place.name, azureGet)}
	case answer.Value == nil || answer.ID == nil:
		return Result{Err: v.stranger()}
	}
	return Result{Value: secret.NewValue(*answer.Value), Version: answer.ID.Version()}
}

// version is the version that read would give. Who may not list is answered by a
// read.
func (v *azureVault) version(ctx context.Context, place azurePlace) Result {
	all, err := v.versions(ctx, place.name)
	switch {
	case azureStatus(err, http.StatusNotFound) || err == nil && len(all) == 0:
		return Result{Err: v.missing(ctx, place)}
	case azureStatus(err, http.StatusForbidden):
		result := v.read(ctx, place)
		return Result{Version: result.Version, Err: result.Err}
	case err != nil:
		return Result{Err: v.refused(ctx, err, place.name, azureList)}
	}
	chosen, clear := azureNewest(all)
	if place.version != "" {
		chosen = nil
		for _, one := range all {
			if one.ID.Version() == place.version {
				chosen, clear = one, true
			}
		}
	}
	switch {
	case chosen == nil:
		return Result{Err: v.noVersion(place)}
	case !clear: // only the vault knows
		result := v.read(ctx, place)
		return Result{Version: result.Version, Err: result.Err}
	case chosen.Attributes != nil && chosen.Attributes.Enabled != nil && !*chosen.Attributes.Enabled:
		return Result{Err: v.disabled(place.name)}
	}
	return Result{Version: chosen.ID.Version()}
}

// versions are all versions of a secret that have an ID.
func (v *azureVault) versions(ctx context.Context, name string) ([]*azsecrets.SecretProperties, error) {
	var all []*azsecrets.SecretProperties
	pager := v.client.NewListSecretPropertiesVersionsPager(name, nil)
	for pager.More() {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, one := range page.Value {
			if one != nil && one.ID != nil {
				all = append(all, one)
			}
		}
	}
	return all, nil
}

// azureNewest is the version that was made last. clear is false when another was
// made in the same second, which is how exact times are.
func azureNewest(all []*azsecrets.SecretProperties) (newest *azsecrets.SecretProperties, clear bool) {
	made := func(one *azsecrets.SecretProperties) time.Time {
		if one.Attributes == nil || one.Attributes.Created == nil {
			return time.Time{}
		}
		return *one.Attributes.Created
	}
	for _, one := range all {
		switch {
		case newest == nil || made(one).After(made(newest)):
			newest, clear = one, true
		case made(one).Equal(made(newest)):
			clear = false
		}
	}
	return newest, clear
}
