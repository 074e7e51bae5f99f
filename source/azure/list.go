package azure

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// List returns the secrets of base's vault whose names begin with the rest of base's path,
// in any case.
func (a *Store) List(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	vault, prefix, _ := strings.Cut(base.Path, "/")
	names, err := a.list(ctx, base, vault)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", base, err)
	}
	var refs []secret.Reference
	for _, name := range names {
		if strings.HasPrefix(strings.ToLower(name), strings.ToLower(prefix)) { // names have no case
			refs = append(refs, secret.Reference{Scheme: a.Scheme(), Path: vault + "/" + name})
		}
	}
	return refs, nil
}

// list returns the names of all secrets in vault, sorted.
func (a *Store) list(ctx context.Context, base secret.Reference, vault string) ([]string, error) {
	if err := store.CheckArguments(base); err != nil {
		return nil, err
	}
	host, err := keyVaultHost(vault)
	if err != nil {
		return nil, err
	}
	client, err := a.vault(host)
	if err != nil {
		return nil, err
	}
	names, err := client.names(ctx)
	if err != nil {
		return nil, client.fault(ctx, err, "", rightList)
	}
	return names, nil
}

// names returns the names of all secrets in the vault, sorted.
func (v *keyVault) names(ctx context.Context) ([]string, error) {
	var names []string
	pager := v.client.NewListSecretPropertiesPager(nil)
	for pager.More() {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, found := range page.Value {
			if found != nil && found.ID != nil {
				names = append(names, found.ID.Name())
			}
		}
	}
	slices.Sort(names)
	return names, nil
}
