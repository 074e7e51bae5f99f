package azure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"

	"github.com/docker-secrets/docker-secrets/source/store"
)

// trust is where Go finds other authorities.
const trust = "SSL_CERT_FILE"

// right is what a call needs, in the words of Azure's two ways to grant it.
type right struct{ role, permission string }

//nolint:gochecknoglobals // constants in all but name
var (
	get  = right{"Key Vault Secrets User", "get"}
	list = right{"Key Vault Secrets User", "list"}
	set  = right{"Key Vault Secrets Officer", "set"}
)

// status tells whether err is an answer of the vault with this status.
func status(err error, status int) bool {
	refused, isRefused := errors.AsType[*azcore.ResponseError](err)
	return isRefused && refused.StatusCode == status
}

// inner is the vault's finer word for what is wrong, "" when it gives none.
func inner(refused *azcore.ResponseError) string {
	if refused.RawResponse == nil {
		return ""
	}
	body, err := runtime.Payload(refused.RawResponse)
	var answer struct {
		Error struct {
			InnerError struct{ Code string } `json:"innererror"`
		}
	}
	if err != nil || json.Unmarshal(body, &answer) != nil {
		return ""
	}
	return answer.Error.InnerError.Code
}

// name is the vault's own, for az.
func (v *keyVault) name() string {
	name, _, _ := strings.Cut(v.host, ".")
	return name
}

// missing is about a name under which nothing is: never was, or is deleted.
func (v *keyVault) missing(ctx context.Context, place location) error {
	if place.version != "" {
		if all, err := v.versions(ctx, place.name); err == nil && len(all) > 0 {
			return v.noVersion(place)
		}
	}
	if _, err := v.client.GetDeletedSecret(ctx, place.name, nil); err == nil {
		return fmt.Errorf("the secret is deleted; az keyvault secret recover --vault-name %s --name %s brings it back", v.name(), place.name)
	}
	others := v.near.In(v.host, func() ([]string, error) { return v.names(ctx) })
	return fmt.Errorf("the vault has no such secret%s: %w", store.DidYouMean(place.name, others), store.ErrNotFound)
}

// stranger is about an answer that no vault gives.
func (v *keyVault) stranger() error {
	return fmt.Errorf("%s answers, but not as Key Vault does; check the vault's name", v.host)
}

func (v *keyVault) noVersion(place location) error {
	return fmt.Errorf("no such version; az keyvault secret list-versions --vault-name %s --name %s shows them", v.name(), place.name)
}

func (v *keyVault) disabled(name string) error {
	return fmt.Errorf("the version is disabled; az keyvault secret set-attributes --vault-name %s --name %s --enabled true enables it", v.name(), name)
}

// refused is why the vault did not do what it was asked for about name, which needs
// right.
func (v *keyVault) refused(ctx context.Context, err error, name string, right right) error {
	if fault, isLogin := errors.AsType[*loginError](err); isLogin {
		return fault.cause
	}
	refused, isRefused := errors.AsType[*azcore.ResponseError](err)
	if !isRefused || ctx.Err() != nil {
		return v.unanswered(ctx, err)
	}
	switch status := refused.StatusCode; {
	case status == http.StatusUnauthorized && refused.RawResponse != nil && refused.RawResponse.Header.Get("WWW-Authenticate") == "":
		return v.stranger()
	case status == http.StatusUnauthorized:
		return fmt.Errorf("%s does not accept the login%s; log in to the vault's own tenant: az login --tenant TENANT", v.host, v.login.holder())
	case status == http.StatusForbidden:
		return v.forbidden(inner(refused), name, right)
	case status == http.StatusConflict:
		return fmt.Errorf("a deleted secret has that name; az keyvault secret recover --vault-name %s --name %s brings it back, az keyvault secret purge with the same arguments frees the name", v.name(), name)
	case status == http.StatusTooManyRequests:
		return fmt.Errorf("%s still answers 429, too many requests, after some tries; try again later", v.host)
	case status >= 500:
		return fmt.Errorf("%s answers %d (%s); try again", v.host, status, strings.ToLower(http.StatusText(status)))
	case status == http.StatusBadRequest && right == set:
		return errors.New("the value is refused (400): Key Vault takes up to 25 KB of text")
	}
	return fmt.Errorf("%s refuses the request, status %d; az keyvault secret show says more", v.host, refused.StatusCode)
}

// forbidden is about the vault's 403, which has several reasons.
func (v *keyVault) forbidden(inner, name string, right right) error {
	switch inner {
	case "SecretDisabled":
		return v.disabled(name)
	case "ForbiddenByFirewall", "ForbiddenByConnection":
		return fmt.Errorf("the firewall of %s does not let this address in; add it under Networking, or come from a network that it allows", v.host)
	}
	return fmt.Errorf("access denied%s; it needs the role %q, or in an access policy the secret permission %q", v.login.holder(), right.role, right.permission)
}

// unanswered is why there is no answer.
func (v *keyVault) unanswered(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		for _, odd := range []string{"doesn't match the requested domain", "WWW-Authenticate", "unmarshalling type"} {
			if strings.Contains(err.Error(), odd) {
				return v.stranger()
			}
		}
	}
	if fault := store.Unreached(ctx, err, v.host, trust); fault != nil {
		return fault
	}
	return fmt.Errorf("the request to %s failed; az keyvault secret list --vault-name %s says more", v.host, v.name())
}
