package azure

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// List shows no value. Names that begin with base's are those of its vault.
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

func (a *Store) list(ctx context.Context, base secret.Reference, vault string) ([]string, error) {
	if err := store.Arguments(base); err != nil {
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
		return nil, client.refused(ctx, err, "", list)
	}
	return names, nil
}

// names is what the vault has, sorted.
func (v *keyVault) names(ctx context.Context) ([]string, error) {
	var names []string
	pager := v.client.NewListSecretPropertiesPager(nil)
	for pager.More() {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, one := range page.Value {
			if one != nil && one.ID != nil {
				names = append(names, one.ID.Name())
			}
		}
	}
	slices.Sort(names)
	return names, nil
}

// Write makes new versions, which keep the content type and the tags of the one
// before. Of two who write keys of one payload at the same time the later one wins:
// Key Vault cannot tell them apart.
func (a *Store) Write(ctx context.Context, entries []store.Entry) []store.Result {
	return store.ByEdit(entries, locate, func(place location, e store.Edit) store.Result {
		if place.version != "" {
			return store.Result{Err: errors.New("a write makes a new version; leave /VERSION out")}
		}
		vault, err := a.vault(place.host)
		if err != nil {
			return store.Result{Err: err}
		}
		return vault.write(ctx, place.name, e)
	})
}

func (v *keyVault) write(ctx context.Context, name string, e store.Edit) store.Result {
	now, err := v.client.GetSecret(ctx, name, "", nil)
	if err != nil && !status(err, http.StatusNotFound) && (e.NeedsPayload() || !status(err, http.StatusForbidden)) {
		return store.Result{Err: v.refused(ctx, err, name, get)}
	}
	payload := secret.Value{}
	if err == nil && now.Value != nil {
		payload = secret.NewValue(*now.Value)
	}
	after, changed, err := e.Of(payload)
	switch {
	case err != nil:
		return store.Result{Err: err}
	case !changed:
		return store.Result{Version: now.ID.Version()}
	case !utf8.ValidString(after.Reveal()):
		return store.Result{Err: errors.New("the value is not text (UTF-8), and Key Vault keeps only that; encode it, in base64 for example")}
	}
	text := after.Reveal()
	written, err := v.client.SetSecret(ctx, name, azsecrets.SetSecretParameters{Value: &text, ContentType: now.ContentType, Tags: now.Tags}, nil)
	switch {
	case err != nil:
		return store.Result{Err: v.refused(ctx, err, name, set)}
	case written.ID == nil:
		return store.Result{Err: v.stranger()}
	}
	return store.Result{Version: written.ID.Version()}
}
