package azure

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
	"github.com/docker-secrets/docker-secrets/source/store"
)

// keyVault is one vault.
type keyVault struct {
	client *azsecrets.Client
	host   string
	login  *login
	near   store.Neighbours // for messages
}

// vault is the client of the vault at host, made once.
func (a *Store) vault(host string) (*keyVault, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if made := a.vaults[host]; made != nil {
		return made, nil
	}
	if err := a.findLogin(); err != nil {
		return nil, err
	}
	options := a.options(&transport{base: a.login.transport.base})
	client, err := azsecrets.NewClient("https://"+host, a.login, &azsecrets.ClientOptions{ClientOptions: options})
	if err != nil {
		return nil, fmt.Errorf("%s is no address of a vault", host)
	}
	if a.vaults == nil {
		a.vaults = map[string]*keyVault{}
	}
	a.vaults[host] = &keyVault{client: client, host: host, login: a.login}
	return a.vaults[host], nil
}

// findLogin makes the login that all vaults share.
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

// options are those of every client: our transport, the SDK's retries.
func (a *Store) options(transport http.RoundTripper) azcore.ClientOptions {
	return azcore.ClientOptions{
		Transport: &http.Client{Transport: transport},
		Retry:     policy.RetryOptions{RetryDelay: a.wait},
	}
}

// read is the whole payload at place.
func (v *keyVault) read(ctx context.Context, place location) store.Result {
	answer, err := v.client.GetSecret(ctx, place.name, place.version, nil)
	switch {
	case status(err, http.StatusNotFound):
		return store.Result{Err: v.missing(ctx, place)}
	case err != nil:
		return store.Result{Err: v.refused(ctx, err, place.name, get)}
	case answer.Value == nil || answer.ID == nil:
		return store.Result{Err: v.stranger()}
	}
	return store.Result{Value: secret.NewValue(*answer.Value), Version: answer.ID.Version()}
}

// version is the version that read would give. Who may not list is answered by a
// read.
func (v *keyVault) version(ctx context.Context, place location) store.Result {
	all, err := v.versions(ctx, place.name)
	switch {
	case status(err, http.StatusNotFound) || err == nil && len(all) == 0:
		return store.Result{Err: v.missing(ctx, place)}
	case status(err, http.StatusForbidden):
		result := v.read(ctx, place)
		return store.Result{Version: result.Version, Err: result.Err}
	case err != nil:
		return store.Result{Err: v.refused(ctx, err, place.name, list)}
	}
	chosen, clear := newest(all)
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
		return store.Result{Err: v.noVersion(place)}
	case !clear: // only the vault knows
		result := v.read(ctx, place)
		return store.Result{Version: result.Version, Err: result.Err}
	case chosen.Attributes != nil && chosen.Attributes.Enabled != nil && !*chosen.Attributes.Enabled:
		return store.Result{Err: v.disabled(place.name)}
	}
	return store.Result{Version: chosen.ID.Version()}
}

// versions are all versions of a secret that have an ID.
func (v *keyVault) versions(ctx context.Context, name string) ([]*azsecrets.SecretProperties, error) {
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

// newest is the version that was made last. clear is false when another was
// made in the same second, which is how exact times are.
func newest(all []*azsecrets.SecretProperties) (newest *azsecrets.SecretProperties, clear bool) {
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
