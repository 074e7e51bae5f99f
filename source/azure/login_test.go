package azure

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// A login that fails must say which part of it is wrong, for all references, after one
// try.
func TestFailedLoginSaysWhichPartIsWrong(t *testing.T) {
	const text = "azurekeyvault://gym-ai/db-password"
	refusal := func(code string) storetest.Answer {
		return storetest.Answer{Status: 400, Body: `{"error":"x","error_description":"AADSTS` + code + `: ` + storetest.Canary + `"}`}
	}
	for name, test := range map[string]struct {
		environ []string
		next    map[string]storetest.Answer
		want    string
	}{
		"wrong secret": {environ: []string{"AZURE_CLIENT_SECRET=wrong"}, want: "the Azure login is refused (AADSTS7000215): AZURE_CLIENT_SECRET is not the application's; make a new one: az ad app credential reset"},
		"wrong client": {environ: []string{"AZURE_CLIENT_ID=33333333-3333-3333-3333-333333333333"}, want: "the Azure login is refused (AADSTS700016): there is no such application in the tenant; check AZURE_CLIENT_ID and AZURE_TENANT_ID"},
		"wrong tenant": {environ: []string{"AZURE_TENANT_ID=33333333-3333-3333-3333-333333333333"}, want: "the Azure login is for another tenant than the vault's; set AZURE_TENANT_ID to the vault's, or add that to AZURE_ADDITIONALLY_ALLOWED_TENANTS"},
		"no tenant":    {next: map[string]storetest.Answer{"discovery": refusal("90002")}, want: "the Azure login is refused (AADSTS90002): there is no such tenant; check AZURE_TENANT_ID"},
		"expired":      {next: map[string]storetest.Answer{"token": refusal("7000222")}, want: "the Azure login is refused (AADSTS7000222): AZURE_CLIENT_SECRET has expired; make a new one: az ad app credential reset"},
		"other":        {next: map[string]storetest.Answer{"token": refusal("53003")}, want: "the Azure login is refused (AADSTS53003): https://login.microsoftonline.com/error?code=53003 says why"},
		"none":         {environ: []string{"AZURE_CLIENT_ID=", "AZURE_TENANT_ID=", "AZURE_CLIENT_SECRET="}, want: "no Azure login; az login, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"},
		"odd":          {environ: []string{"AZURE_TOKEN_CREDENTIALS=all"}, want: "AZURE_TOKEN_CREDENTIALS cannot be used; write dev, prod, or the name of one credential, such as AzureCLICredential"},
	} {
		t.Run(name, func(t *testing.T) {
			system, fake := newStore(t)
			t.Setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
			storetest.Setenv(t, test.environ)
			for operation, answer := range test.next {
				fake.Next(operation, answer)
			}
			for _, line := range storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, text, "azurekeyvault://gym-ai/app", text))) {
				if _, rest, _ := cutReference(line); rest != test.want {
					t.Errorf("got  %s\nwant %s", rest, test.want)
				}
			}
			if tokens := fake.Calls("token"); tokens > 1 {
				t.Errorf("%d tokens were asked for", tokens)
			}
		})
	}
}

// cutReference splits an error into its reference and the rest.
func cutReference(line string) (ref, rest string, found bool) {
	for i := range line {
		if len(line) > i+1 && line[i] == ':' && line[i+1] == ' ' {
			return line[:i], line[i+2:], true
		}
	}
	return "", line, false
}

// failing is a transport that fails for one host.
type failing struct {
	http.RoundTripper
	host string
	err  error
	done func()
}

func (f failing) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Hostname() != f.host {
		return f.RoundTripper.RoundTrip(request)
	}
	if f.done != nil {
		f.done()
	}
	return nil, f.err
}

// A host that does not exist, the vault's or the login's, must be reported without retries.
func TestUnknownHostIsNotRetried(t *testing.T) {
	const text, vault, login = "azurekeyvault://gym-ai/db-password", "gym-ai.vault.azure.net", "login.microsoftonline.com"
	nowhere := func(host string) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
	}
	for name, test := range map[string]struct {
		host string
		err  error
		want string
	}{
		"vault": {vault, nowhere(vault), "no such host gym-ai.vault.azure.net; check the name and the network"},
		"login": {login, nowhere(login), "no Azure login: no such host login.microsoftonline.com; check the name and the network"},
	} {
		t.Run(name, func(t *testing.T) {
			system, _ := newStore(t)
			var tries atomic.Int32
			system.transport = failing{RoundTripper: system.transport, host: test.host, err: test.err, done: func() { tries.Add(1) }}
			t.Setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
			storetest.WantValueOrError(t, system, text, text+": "+test.want)
			if tries.Load() > 2 { // MSAL looks up the tenant twice; with the SDK's retries it would be four or eight
				t.Errorf("%d tries", tries.Load())
			}
		})
	}
}

// The message for an untrusted authority must name the variable for CA certificates.
func TestUntrustedAuthorityNamesVariable(t *testing.T) {
	system, fake := newStore(t)
	proxy := storetest.NewProxy(t, fake.Hosts())
	other := storetest.NewProxy(t, fake.Hosts()).Transport()
	other.Proxy = proxy.Transport().Proxy
	system.transport = other
	const text = "azurekeyvault://gym-ai/db-password"
	storetest.WantValueOrError(t, system, text, text+": gym-ai.vault.azure.net has a certificate from an untrusted authority; if your network intercepts TLS, set its CA certificate in SSL_CERT_FILE")
}

// A login that is stopped must end, and say so.
func TestStoppedLoginSaysSo(t *testing.T) {
	system, _ := newStore(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	system.transport = failing{RoundTripper: system.transport, host: "login.microsoftonline.com", err: context.Canceled, done: func() { cancel(errors.New("the person pressed Ctrl-C")) }}
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
	const text = "azurekeyvault://gym-ai/db-password"
	result := system.Resolve(ctx, storetest.References(t, text))[0]
	if want := text + ": stopped before gym-ai.vault.azure.net answered"; result.Err == nil || result.Err.Error() != want {
		t.Errorf("got  %v\nwant %s", result.Err, want)
	}
}
