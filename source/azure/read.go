package azure

import (
	"context"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// read returns the whole payload at loc.
func (v *keyVault) read(ctx context.Context, loc location) store.Result {
	answer, err := v.client.GetSecret(ctx, loc.name, loc.version, nil)
	switch {
	case hasStatus(err, http.StatusNotFound):
		return store.Result{Err: v.missingFault(ctx, loc)}
	case err != nil:
		return store.Result{Err: v.fault(ctx, err, loc.name, rightGet)}
	case answer.Value == nil || answer.ID == nil:
		return store.Result{Err: v.notKeyVaultFault()}
	}
	return store.Result{Value: secret.NewValue(*answer.Value), Version: answer.ID.Version()}
}

// version returns the version that read would return now, without the value. It reads the
// value if the login may not list versions, or if the list leaves open which one is newest.
func (v *keyVault) version(ctx context.Context, loc location) store.Result {
	all, err := v.versions(ctx, loc.name)
	switch {
	case hasStatus(err, http.StatusNotFound) || err == nil && len(all) == 0:
		return store.Result{Err: v.missingFault(ctx, loc)}
	case hasStatus(err, http.StatusForbidden):
		result := v.read(ctx, loc)
		return store.Result{Version: result.Version, Err: result.Err}
	case err != nil:
		return store.Result{Err: v.fault(ctx, err, loc.name, rightList)}
	}
	chosen, clear := newest(all)
	if loc.version != "" {
		chosen, clear = withID(all, loc.version), true
	}
	switch {
	case chosen == nil:
		return store.Result{Err: v.noVersionFault(loc)}
	case !clear:
		result := v.read(ctx, loc)
		return store.Result{Version: result.Version, Err: result.Err}
	case chosen.Attributes != nil && chosen.Attributes.Enabled != nil && !*chosen.Attributes.Enabled:
		return store.Result{Err: v.disabledFault(loc.name)}
	}
	return store.Result{Version: chosen.ID.Version()}
}

// withID returns the version with this ID, nil if there is none.
func withID(versions []*azsecrets.SecretProperties, id string) *azsecrets.SecretProperties {
	for _, version := range versions {
		if version.ID.Version() == id {
			return version
		}
	}
	return nil
}

// versions returns all versions of a secret that have an ID, in the vault's order.
func (v *keyVault) versions(ctx context.Context, name string) ([]*azsecrets.SecretProperties, error) {
	var all []*azsecrets.SecretProperties
	pager := v.client.NewListSecretPropertiesVersionsPager(name, nil)
	for pager.More() {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, version := range page.Value {
			if version != nil && version.ID != nil {
				all = append(all, version)
			}
		}
	}
	return all, nil
}

// newest returns the version that was created last, nil if there is none. clear is false
// if another was created in the same second: Key Vault's times have no fractions.
func newest(versions []*azsecrets.SecretProperties) (newest *azsecrets.SecretProperties, clear bool) {
	for _, version := range versions {
		switch {
		case newest == nil || created(version).After(created(newest)):
			newest, clear = version, true
		case created(version).Equal(created(newest)):
			clear = false
		}
	}
	return newest, clear
}

func created(version *azsecrets.SecretProperties) time.Time {
	if version.Attributes == nil || version.Attributes.Created == nil {
		return time.Time{}
	}
	return *version.Attributes.Created
}
