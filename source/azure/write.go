package azure

import (
	"context"
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azsecrets"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Write adds versions, which keep the content type and the tags of the version before. Key
// Vault has no compare-and-set: if two people set keys of a payload at the same time, the
// later write wins.
func (a *Store) Write(ctx context.Context, entries []store.Entry) []store.Result {
	return store.WritePerPayload(entries, locate, func(loc location, edit store.Edit) store.Result {
		if loc.version != "" {
			return store.Result{Err: errors.New("a write makes a new version; leave /VERSION out")}
		}
		vault, err := a.vault(loc.host)
		if err != nil {
			return store.Result{Err: err}
		}
		return vault.write(ctx, loc.name, edit)
	})
}

// write reads the newest version for its content type and tags, and for its payload if the
// edit needs that, and adds a version.
func (v *keyVault) write(ctx context.Context, name string, edit store.Edit) store.Result {
	before, err := v.client.GetSecret(ctx, name, "", nil)
	if err != nil && !hasStatus(err, http.StatusNotFound) && (edit.NeedsPayload() || !hasStatus(err, http.StatusForbidden)) {
		return store.Result{Err: v.fault(ctx, err, name, rightGet)}
	}
	payload := secret.Value{}
	if err == nil && before.Value != nil {
		payload = secret.NewValue(*before.Value)
	}
	after, changed, err := edit.ApplyTo(payload)
	switch {
	case err != nil:
		return store.Result{Err: err}
	case !changed:
		return store.Result{Version: before.ID.Version()}
	case !utf8.ValidString(after.Reveal()):
		return store.Result{Err: errors.New("the value is not text (UTF-8), and Key Vault keeps only that; encode it, in base64 for example")}
	}
	text := after.Reveal()
	written, err := v.client.SetSecret(ctx, name, azsecrets.SetSecretParameters{Value: &text, ContentType: before.ContentType, Tags: before.Tags}, nil)
	switch {
	case err != nil:
		return store.Result{Err: v.fault(ctx, err, name, rightSet)}
	case written.ID == nil:
		return store.Result{Err: v.notKeyVaultFault()}
	}
	return store.Result{Version: written.ID.Version()}
}
