package azure

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/docker-secrets/docker-secrets/source/store"
)

// login is a credential that is used by one goroutine at a time, because it may run az, and
// that is not asked again after it has failed for a tenant.
type login struct {
	credential azcore.TokenCredential
	transport  *transport // that of the credential

	mu     sync.Mutex
	faults map[string]error // by tenant
	who    string           // holder of the last token
}

// GetToken returns the credential's token. The error is a *loginError.
func (l *login) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if fault, failed := l.faults[options.TenantID]; failed {
		return azcore.AccessToken{}, fault
	}
	token, err := l.credential.GetToken(ctx, options)
	if err == nil {
		l.who = holder(token.Token)
		return token, nil
	}
	fault := &loginError{loginFault(ctx, err, l.transport.lastError())}
	if ctx.Err() == nil {
		l.faults[options.TenantID] = fault
	}
	return azcore.AccessToken{}, fault
}

// holder returns who logged in, as the end of a sentence; "" if the token does not say.
func (l *login) holder() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.who
}

// loginError explains why there is no token.
type loginError struct{ cause error }

func (e *loginError) Error() string { return e.cause.Error() }

// NonRetriable tells the SDK not to retry.
func (e *loginError) NonRetriable() {}

// code returns the number of Microsoft Entra's error code AADSTS… in text; "" if it has none.
func code(text string) string {
	_, rest, _ := strings.Cut(text, "AADSTS")
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	return rest[:max(end, 0)]
}

// loginFault explains why there is no token. err lists everything that the SDK tried;
// unsent is the last request that got no answer, nil if there is none.
func loginFault(ctx context.Context, err, unsent error) error {
	if code := code(err.Error()); code != "" {
		return codeFault(code)
	}
	if strings.Contains(err.Error(), "configured to acquire tokens for tenant") {
		return errors.New("the Azure login is for another tenant than the vault's; set AZURE_TENANT_ID to the vault's, or add that to AZURE_ADDITIONALLY_ALLOWED_TENANTS")
	}
	if unsent != nil || ctx.Err() != nil {
		if fault := store.ConnectionFault(ctx, unsent, "login.microsoftonline.com", caVariable); fault != nil {
			return fmt.Errorf("no Azure login: %w", fault)
		}
	}
	return errors.New("no Azure login; az login, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET")
}

// codeFault explains an error code of Microsoft Entra. The source of the table is
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
func codeFault(code string) error {
	meaning := map[string]string{
		"7000215": "AZURE_CLIENT_SECRET is not the application's; make a new one: az ad app credential reset",
		"7000222": "AZURE_CLIENT_SECRET has expired; make a new one: az ad app credential reset",
		"700016":  "there is no such application in the tenant; check AZURE_CLIENT_ID and AZURE_TENANT_ID",
		"90002":   "there is no such tenant; check AZURE_TENANT_ID",
		"900023":  "there is no such tenant; check AZURE_TENANT_ID",
		"50173":   "the login has expired; az login",
		"70043":   "the login has expired; az login",
		"700082":  "the login has expired; az login",
		"50076":   "a second factor is needed; az login",
		"50079":   "a second factor is needed; az login",
	}[code]
	if meaning == "" {
		meaning = "https://login.microsoftonline.com/error?code=" + code + " says why"
	}
	return fmt.Errorf("the Azure login is refused (AADSTS%s): %s", code, meaning)
}

// holder returns whom the token, a JWT, belongs to, as the end of a sentence; "" if it does
// not say.
func holder(token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct{ UPN, AppID string }
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return ""
	}
	switch {
	case claims.UPN != "":
		return " to " + claims.UPN
	case claims.AppID != "":
		return " to the application " + claims.AppID
	}
	return ""
}
