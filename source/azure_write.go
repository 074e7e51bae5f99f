package source

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
)

// List shows no value. Names that begin with base's are those of its vault.
func (a *Azure) List(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
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

func (a *Azure) list(ctx context.Context, base secret.Reference, vault string) ([]string, error) {
	if err := arguments(base); err != nil {
		return nil, err
	}
	host, err := azureVaultHost(vault)
	if err != nil {
		return nil, err
	}
	client, err := a.vault(host)
	if err != nil {
		return nil, err
	}
	names, err := client.names(ctx)
	if err != nil {
		return nil, client.refused(ctx, err, "", azureList)
	}
	return names, nil
}

// names is what the vault has, sorted.
func (v *azureVault) names(ctx context.Context) ([]string, error) {
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
func (a *Azure) Write(ctx context.Context, entries []Entry) []Result {
	return byEdit(entries, azureLocate, func(place azurePlace, e edit) Result {
		if place.version != "" {
			return Result{Err: errors.New("a write makes a new version; leave /VERSION out")}
		}
		vault, err := a.vault(place.host)
		if err != nil {
			return Result{Err: err}
		}
		return vault.write(ctx, place.name, e)
	})
}

func (v *azureVault) write(ctx context.Context, name string, e edit) Result {
	now, err := v.client.GetSecret(ctx, name, "", nil)
	if err != nil && !azureStatus(err, http.StatusNotFound) && (e.needsPayload() || !azureStatus(err, http.StatusForbidden)) {
		return Result{Err: v.refused(ctx, err, name, azureGet)}
	}
	payload := secret.Value{}
	if err == nil && now.Value != nil {
		payload = secret.NewValue(*now.Value)
	}
	after, changed, err := e.of(payload)
	switch {
	case err != nil:
		return Result{Err: err}
	case !changed:
		return Result{Version: now.ID.Version()}
	case !utf8.ValidString(after.Reveal()):
		return Result{Err: errors.New("the value is not text (UTF-8), and Key Vault keeps only that; encode it, in base64 for example")}
	}
	text := after.Reveal()
	written, err := v.client.SetSecret(ctx, name, azsecrets.SetSecretParameters{Value: &text, ContentType: now.ContentType, Tags: now.Tags}, nil)
	switch {
	case err != nil:
		return Result{Err: v.refused(ctx, err, name, azureSet)}
	case written.ID == nil:
		return Result{Err: v.stranger()}
	}
	return Result{Version: written.ID.Version()}
}
