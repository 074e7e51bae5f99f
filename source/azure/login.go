package azure

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/docker-secrets/docker-secrets/source/store"
)

// login is a credential that is asked by one at a time, since it may run az,
// and no more once it has failed.
type login struct {
	credential azcore.TokenCredential
	transport  *transport // the credential's own

	mu     sync.Mutex
	faults map[string]error // by tenant
	who    string           // in words; "" when the token does not say
}

// GetToken gives the credential's token. Its error is an *loginError.
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
	fault := &loginError{loginFault(ctx, err, l.transport.fault())}
	if ctx.Err() == nil {
		l.faults[options.TenantID] = fault
	}
	return azcore.AccessToken{}, fault
}

// holder is whose token it was, in words.
func (l *login) holder() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.who
}

// loginError is why there is no token.
type loginError struct{ cause error }

func (e *loginError) Error() string { return e.cause.Error() }

// NonRetriable tells the SDK that trying again is of no use.
func (e *loginError) NonRetriable() {}

// code is Microsoft Entra's number for what is wrong, in text; "" when there is
// none.
func code(text string) string {
	_, rest, _ := strings.Cut(text, "AADSTS")
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	return rest[:max(end, 0)]
}

// loginFault says why there is no token. err is many lines of everything that
// was tried; unsent is the last request that got no answer, if any.
func loginFault(ctx context.Context, err, unsent error) error {
	if code := code(err.Error()); code != "" {
		return refusal(code)
	}
	if strings.Contains(err.Error(), "configured to acquire tokens for tenant") {
		return errors.New("the Azure login is for another tenant than the vault's; set AZURE_TENANT_ID to the vault's, or add that to AZURE_ADDITIONALLY_ALLOWED_TENANTS")
	}
	if unsent != nil || ctx.Err() != nil {
		if fault := store.Unreached(ctx, unsent, "login.microsoftonline.com", trust); fault != nil {
			return fmt.Errorf("no Azure login: %w", fault)
		}
	}
	return errors.New("no Azure login; az login, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET")
}

// refusal is about the codes that people meet, of those at
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
func refusal(code string) error {
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

// holder is what the token, a JWT, says of whose it is.
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

// transport ends at once what trying again does not mend, names that are not
// there and certificates that are not trusted: the SDK would try for ten seconds.
// It keeps the last request that got no answer, which the SDK's login errors lose.
type transport struct {
	base http.RoundTripper

	mu   sync.Mutex
	last error
}

// metadata is where a virtual machine of Azure asks for its managed identity;
// elsewhere nothing answers, and that is no fault.
const metadata = "169.254.169.254"

// RoundTrip hands the request to base.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.base.RoundTrip(request)
	if err == nil || request.URL.Hostname() == metadata {
		return response, err
	}
	if name, isName := errors.AsType[*net.DNSError](err); isName && name.IsNotFound || store.Distrusted(err, "", "") != nil {
		err = &hopelessError{err}
	}
	t.mu.Lock()
	t.last = &url.Error{Op: request.Method, URL: request.URL.String(), Err: err}
	t.mu.Unlock()
	return nil, err
}

func (t *transport) fault() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}

// proxy is the environment's proxy, though never for the metadata: a proxy would
// give an answer of its own, for which the SDK would try again for more than a minute.
func proxy(request *http.Request) (*url.URL, error) {
	if request.URL.Hostname() == metadata {
		return nil, nil //nolint:nilnil // no proxy, as http.Transport wants it said
	}
	return http.ProxyFromEnvironment(request)
}

// hopelessError is an error of the way there that trying again does not mend.
type hopelessError struct{ error }

func (e *hopelessError) Unwrap() error { return e.error }

// NonRetriable tells the SDK so.
func (e *hopelessError) NonRetriable() {}

// variable is a variable of the environment, where the SDK too looks.
func variable(name string) string {
	return os.Getenv(name) //nolint:forbidigo // the SDK reads the process's environment as well; both must be the same one
}
