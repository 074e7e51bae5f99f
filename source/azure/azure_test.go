package azure

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// newStore returns a store that reaches a fake through a proxy, under the real host names,
// and logs in to it with the SDK's own chain.
func newStore(t *testing.T) (*Store, *storetest.Azure) {
	t.Helper()
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "AZURE_") {
			t.Setenv(name, "")
			_ = os.Unsetenv(name) // t.Setenv brings it back
		}
	}
	fake := storetest.NewAzure(t)
	storetest.Setenv(t, fake.Env())
	fake.Put("gym-ai", "db-password", "old", storetest.Canary+"\n")
	fake.Put("gym-ai", "app", `{"user":"gym","deep":{"key":"`+storetest.Canary+`"}}`)
	proxy := storetest.NewProxy(t, fake.Hosts())
	return &Store{transport: proxy.Transport(), retryDelay: time.Millisecond}, fake
}

// Every form of reference must resolve to its value, byte for byte, and its version. The
// SDK's own chain must find the credentials, and each payload must be read once.
func TestEveryFormOfReferenceHasItsValue(t *testing.T) {
	system, fake := newStore(t)
	results := system.Resolve(t.Context(), storetest.References(t,
		"azurekeyvault://gym-ai/db-password",
		"azurekeyvault://GYM-AI/db-password/00000000000000000000000000000001",
		"azurekeyvault://gym-ai.vault.azure.net/app#/user",
		"azurekeyvault://gym-ai/app#/deep/key",
	))
	if diff := cmp.Diff([]string{storetest.Canary + "\n", "old", "gym", storetest.Canary}, storetest.ValuesOrErrors(t, results)); diff != "" {
		t.Errorf("values (-want +got)\n%s", diff)
	}
	if results[0].Version != "00000000000000000000000000000002" || results[3].Version != "00000000000000000000000000000003" {
		t.Errorf("versions %s and %s", results[0].Version, results[3].Version)
	}
	if reads, tokens := fake.Calls("GetSecret"), fake.Calls("token"); reads != 3 || tokens != 1 {
		t.Errorf("3 payloads of one vault took %d reads and %d tokens", reads, tokens)
	}
}

// A secret after its expiry date must be read, as Key Vault returns it.
func TestExpiredSecretIsRead(t *testing.T) {
	system, fake := newStore(t)
	fake.Put("gym-ai", "old", storetest.Canary)
	fake.Expire("gym-ai", "old")
	storetest.WantValueOrError(t, system, "azurekeyvault://gym-ai/old", storetest.Canary)
}

// A reference that Key Vault cannot have must fail before any request.
func TestBadReferenceFailsBeforeAnyCall(t *testing.T) {
	system, _ := newStore(t)
	const path = "write azurekeyvault://VAULT/NAME, or azurekeyvault://VAULT/NAME/VERSION for an older version"
	for text, want := range map[string]string{
		"azurekeyvault://gym-ai":                  path,
		"azurekeyvault://gym-ai/":                 path,
		"azurekeyvault://gym-ai/a/b/c":            path,
		"azurekeyvault://gym-ai/db_password":      "a secret's name in Key Vault has letters, digits and - only",
		"azurekeyvault://gym-ai/db-password/3":    "a version in Key Vault has 32 hexadecimal digits; az keyvault secret list-versions shows them",
		"azurekeyvault://gym_ai/db-password":      "a vault's name has 3 to 24 letters, digits and -; write that, or its whole host name",
		"azurekeyvault://gym-ai/x?version=1":      "unknown argument ?version=; no arguments are supported",
		"azurekeyvault://evil@gym.azure.net/x":    "a vault's name has 3 to 24 letters, digits and -; write that, or its whole host name",
		"azurekeyvault://gym-ai.vault.azure.net/": path,
	} {
		storetest.WantValueOrError(t, system, text, text+": "+want)
	}
	if system.login != nil {
		t.Error("a login was looked for")
	}
}

// A secret that does not exist, a deleted one, a disabled version and a missing version
// must get different messages.
func TestMissingDeletedAndDisabledDiffer(t *testing.T) {
	system, fake := newStore(t)
	fake.Put("gym-ai", "gone", storetest.Canary)
	fake.Delete("gym-ai", "gone")
	fake.Put("gym-ai", "off", "on", storetest.Canary)
	fake.Disable("gym-ai", "off")
	for text, want := range map[string]string{
		"azurekeyvault://gym-ai/db-pasword":                                   "the vault has no such secret, but has db-password: not found",
		"azurekeyvault://gym-ai/other":                                        "the vault has no such secret: not found",
		"azurekeyvault://gym-ai/app#/usr":                                     "the payload has no key usr, but has user: not found",
		"azurekeyvault://gym-ai/gone":                                         "the secret is deleted; az keyvault secret recover --vault-name gym-ai --name gone brings it back",
		"azurekeyvault://gym-ai/off":                                          "the version is disabled; az keyvault secret set-attributes --vault-name gym-ai --name off --enabled true enables it",
		"azurekeyvault://gym-ai/db-password/0000000000000000000000000000000f": "no such version; az keyvault secret list-versions --vault-name gym-ai --name db-password shows them",
		"azurekeyvault://gym-ai/other/0000000000000000000000000000000f":       "the vault has no such secret: not found",
	} {
		storetest.WantValueOrError(t, system, text, text+": "+want)
		if strings.Contains(text, "#") {
			continue
		}
		if diff := cmp.Diff([]string{text + ": " + want}, storetest.ValuesOrErrors(t, system.Versions(t.Context(), storetest.References(t, text)))); diff != "" {
			t.Errorf("Versions (-want +got)\n%s", diff)
		}
	}
	fake.Next("GetSecrets", storetest.Answer{Status: 403})
	alone := &Store{transport: system.transport, retryDelay: time.Millisecond}
	storetest.WantValueOrError(t, alone, "azurekeyvault://gym-ai/db-pasword", "azurekeyvault://gym-ai/db-pasword: the vault has no such secret: not found")
}

// An error of the server must become one line that says what is wrong and quotes nothing
// of the answer.
func TestServerErrorIsExplainedNotQuoted(t *testing.T) {
	const text, host = "azurekeyvault://gym-ai/db-password", "gym-ai.vault.azure.net"
	body := func(code string) string {
		return `{"error":{"code":"Forbidden","message":"` + storetest.Canary + `","innererror":{"code":"` + code + `"}}}`
	}
	const firewall = "the firewall of " + host + " blocks this address; add it under Networking, or use a network that it allows"
	for name, test := range map[string]struct {
		operation string
		answer    storetest.Answer
		times     int
		want      string
	}{
		"denied":       {"GetSecret", storetest.Answer{Status: 403, Body: body("ForbiddenByRbac")}, 1, `access denied to the application 22222222-2222-2222-2222-222222222222; it needs the role "Key Vault Secrets User", or in an access policy the secret permission "get"`},
		"firewall":     {"GetSecret", storetest.Answer{Status: 403, Body: body("ForbiddenByFirewall")}, 1, firewall},
		"private":      {"GetSecret", storetest.Answer{Status: 403, Body: body("ForbiddenByConnection")}, 1, firewall},
		"throttled":    {"GetSecret", storetest.Answer{Status: 429, Body: body("")}, 4, host + " still answers 429, too many requests, after some tries; try again later"},
		"error":        {"GetSecret", storetest.Answer{Status: 500, Body: storetest.Canary}, 4, host + " answers 500 (internal server error); try again"},
		"bad":          {"GetSecret", storetest.Answer{Status: 400, Body: body("")}, 1, host + " refuses the request, status 400; for details: az keyvault secret show"},
		"other tenant": {"GetSecret", storetest.Answer{Status: 401, Body: body(""), Header: map[string]string{"WWW-Authenticate": `Bearer authorization="https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111", resource="https://vault.azure.net" error="invalid_token"`}}, 1, host + " does not accept the login to the application 22222222-2222-2222-2222-222222222222; log in to the vault's own tenant: az login --tenant TENANT"},
		"a portal":     {"GetSecret", storetest.Answer{Status: 200, Body: "<html>" + storetest.Canary}, 1, host + " answers, but not as Key Vault does; check the vault's name"},
		"other JSON":   {"GetSecret", storetest.Answer{Status: 200, Body: `{"a":"` + storetest.Canary + `"}`}, 1, host + " answers, but not as Key Vault does; check the vault's name"},
		"no challenge": {"challenge", storetest.Answer{Status: 401, Body: storetest.Canary}, 1, host + " answers, but not as Key Vault does; check the vault's name"},
		"phisher": {
			"challenge",
			storetest.Answer{Status: 401, Header: map[string]string{"WWW-Authenticate": `Bearer authorization="https://login.microsoftonline.com/x", resource="https://vault.evil.example"`}},
			1, host + " answers, but not as Key Vault does; check the vault's name",
		},
	} {
		t.Run(name, func(t *testing.T) {
			system, fake := newStore(t)
			for range test.times {
				fake.Next(test.operation, test.answer)
			}
			storetest.WantValueOrError(t, system, text, text+": "+test.want)
			if calls := fake.Calls(test.operation); calls != test.times {
				t.Errorf("%d calls, want %d", calls, test.times)
			}
		})
	}
}

// A vault that is busy for a moment must not be an error.
func TestBusyVaultIsAskedAgain(t *testing.T) {
	system, fake := newStore(t)
	fake.Next("GetSecret", storetest.Answer{Status: 429, Header: map[string]string{"Retry-After-Ms": "1"}}, storetest.Answer{Status: 503})
	storetest.WantValueOrError(t, system, "azurekeyvault://gym-ai/app#/user", "gym")
}

// 200 secrets must be read in parallel, but not all at once, and each must report a
// deadline.
func TestManySecretsAreReadInParallel(t *testing.T) {
	system, fake := newStore(t)
	var texts, want []string
	for i := range 200 {
		fake.Put("many", fmt.Sprintf("s%d", i), "many")
		texts, want = append(texts, fmt.Sprintf("azurekeyvault://many/s%d", i)), append(want, "many")
	}
	fake.Slow(20 * time.Millisecond)
	if diff := cmp.Diff(want, storetest.ValuesOrErrors(t, system.Resolve(t.Context(), storetest.References(t, texts...)))); diff != "" {
		t.Errorf("values (-want +got)\n%s", diff)
	}
	if peak := fake.Peak(); peak < 2 || peak > store.MaxCalls {
		t.Errorf("%d at the same time", peak)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	fake.Slow(time.Minute)
	for i := range want {
		want[i] = texts[i] + ": no answer in time from many.vault.azure.net; try again, or check VPN, proxy and firewall"
	}
	if diff := cmp.Diff(want, storetest.ValuesOrErrors(t, system.Resolve(ctx, storetest.References(t, texts...)))); diff != "" {
		t.Errorf("without time (-want +got)\n%s", diff)
	}
}

// Vaults of other clouds must be looked for in their domains.
func TestOtherCloudsHaveTheirDomains(t *testing.T) {
	for authority, want := range map[string]string{
		"":                                   "gym-ai.vault.azure.net",
		"https://login.microsoftonline.com/": "gym-ai.vault.azure.net",
		"https://login.microsoftonline.us":   "gym-ai.vault.usgovcloudapi.net",
		"https://login.chinacloudapi.cn/":    "gym-ai.vault.azure.cn",
	} {
		t.Setenv("AZURE_AUTHORITY_HOST", authority)
		loc, err := locate(storetest.References(t, "azurekeyvault://gym-ai/x")[0])
		if err != nil || loc.host != want {
			t.Errorf("%q: %s, %v; want %s", authority, loc.host, err, want)
		}
		loc, err = locate(storetest.References(t, "azurekeyvault://gym-ai.vault.azure.cn/x")[0])
		if err != nil || loc.host != "gym-ai.vault.azure.cn" {
			t.Errorf("%q: %s, %v", authority, loc.host, err)
		}
	}
}
