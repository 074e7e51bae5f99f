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

// caVariable is the variable that names CA certificates.
const caVariable = "SSL_CERT_FILE"

// right is what a login needs for a call, in both of Azure's permission models.
type right struct{ role, permission string }

//nolint:gochecknoglobals // constants in all but name
var (
	rightGet  = right{"Key Vault Secrets User", "get"}
	rightList = right{"Key Vault Secrets User", "list"}
	rightSet  = right{"Key Vault Secrets Officer", "set"}
)

// hasStatus reports whether err is an answer of the vault with this HTTP status.
func hasStatus(err error, status int) bool {
	refused, isRefused := errors.AsType[*azcore.ResponseError](err)
	return isRefused && refused.StatusCode == status
}

// innerCode returns the most detailed of the vault's error codes, "" if it sent none.
func innerCode(refused *azcore.ResponseError) string {
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

// name returns the vault's name as az wants it.
func (v *keyVault) name() string {
	name, _, _ := strings.Cut(v.host, ".")
	return name
}

// missingFault explains that the vault has no such secret or version, or that the secret is
// deleted. It wraps ErrNotFound only if the secret does not exist.
func (v *keyVault) missingFault(ctx context.Context, loc location) error {
	if loc.version != "" {
		if all, err := v.versions(ctx, loc.name); err == nil && len(all) > 0 {
			return v.noVersionFault(loc)
		}
	}
	if _, err := v.client.GetDeletedSecret(ctx, loc.name, nil); err == nil {
		return fmt.Errorf("the secret is deleted; az keyvault secret recover --vault-name %s --name %s brings it back", v.name(), loc.name)
	}
	others := v.nameCache.Names(v.host, func() ([]string, error) { return v.names(ctx) })
	return fmt.Errorf("the vault has no such secret%s: %w", store.Suggestion(loc.name, others), store.ErrNotFound)
}

// notKeyVaultFault is for an answer that Key Vault would not send.
func (v *keyVault) notKeyVaultFault() error {
	return fmt.Errorf("%s answers, but not as Key Vault does; check the vault's name", v.host)
}

func (v *keyVault) noVersionFault(loc location) error {
	return fmt.Errorf("no such version; az keyvault secret list-versions --vault-name %s --name %s shows them", v.name(), loc.name)
}

func (v *keyVault) disabledFault(name string) error {
	return fmt.Errorf("the version is disabled; az keyvault secret set-attributes --vault-name %s --name %s --enabled true enables it", v.name(), name)
}

// fault explains in one line why a call about name failed. right is what the call needs.
func (v *keyVault) fault(ctx context.Context, err error, name string, right right) error {
	if fault, isLogin := errors.AsType[*loginError](err); isLogin {
		return fault.cause
	}
	refused, isRefused := errors.AsType[*azcore.ResponseError](err)
	if !isRefused || ctx.Err() != nil {
		return v.connectionFault(ctx, err)
	}
	switch status := refused.StatusCode; {
	case status == http.StatusUnauthorized && refused.RawResponse != nil && refused.RawResponse.Header.Get("WWW-Authenticate") == "":
		return v.notKeyVaultFault()
	case status == http.StatusUnauthorized:
		return fmt.Errorf("%s does not accept the login%s; log in to the vault's own tenant: az login --tenant TENANT", v.host, v.login.holder())
	case status == http.StatusForbidden:
		return v.forbiddenFault(innerCode(refused), name, right)
	case status == http.StatusConflict:
		return fmt.Errorf("a deleted secret has that name; az keyvault secret recover --vault-name %s --name %s brings it back, az keyvault secret purge with the same arguments frees the name", v.name(), name)
	case status == http.StatusTooManyRequests:
		return fmt.Errorf("%s still answers 429, too many requests, after some tries; try again later", v.host)
	case status >= 500:
		return fmt.Errorf("%s answers %d (%s); try again", v.host, status, strings.ToLower(http.StatusText(status)))
	case status == http.StatusBadRequest && right == rightSet:
		return errors.New("the value is refused (400): Key Vault takes up to 25 KB of text")
	}
	return fmt.Errorf("%s refuses the request, status %d; for details: az keyvault secret show", v.host, refused.StatusCode)
}

// forbiddenFault is fault for status 403, which has several reasons.
func (v *keyVault) forbiddenFault(code, name string, right right) error {
	switch code {
	case "SecretDisabled":
		return v.disabledFault(name)
	case "ForbiddenByFirewall", "ForbiddenByConnection":
		return fmt.Errorf("the firewall of %s blocks this address; add it under Networking, or use a network that it allows", v.host)
	}
	return fmt.Errorf("access denied%s; it needs the role %q, or in an access policy the secret permission %q", v.login.holder(), right.role, right.permission)
}

// connectionFault explains why there is no answer, or none that the SDK can read.
func (v *keyVault) connectionFault(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		for _, text := range []string{"doesn't match the requested domain", "WWW-Authenticate", "unmarshalling type"} {
			if strings.Contains(err.Error(), text) {
				return v.notKeyVaultFault()
			}
		}
	}
	if fault := store.ConnectionFault(ctx, err, v.host, caVariable); fault != nil {
		return fault
	}
	return fmt.Errorf("the request to %s failed; for details: az keyvault secret list --vault-name %s", v.host, v.name())
}
