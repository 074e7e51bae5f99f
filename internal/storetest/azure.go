package storetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// Azure is a fake of every Azure Key Vault below vault.azure.net, and of Microsoft Entra's
// login for one service principal; the host of the request tells them apart. Its
// operations are GetSecret, GetSecretVersions, GetSecrets, GetDeletedSecret and SetSecret,
// as Azure's documentation calls them, challenge for a request without a token, and
// discovery and token at the login.
type Azure struct {
	Script
	Tenant, ClientID, ClientSecret string

	mu      sync.Mutex
	vaults  map[string]map[string]*azureSecret // by the names of the vault and the secret
	number  int                                // of the newest version of all
	instant bool
}

type azureSecret struct {
	name     string
	versions []*azureVersion
	deleted  bool
}

type azureVersion struct {
	id          string
	value       string
	contentType string
	tags        map[string]string
	created     int
	disabled    bool
	expired     bool
}

// azureLoginHost is the host of the login.
const azureLoginHost = "login.microsoftonline.com"

// NewAzure makes a fake. Every vault exists, and is empty until Put.
func NewAzure(tb testing.TB) *Azure {
	tb.Helper()
	return &Azure{
		Tenant:   "11111111-1111-1111-1111-111111111111",
		ClientID: "22222222-2222-2222-2222-222222222222", ClientSecret: "storetest",
		vaults: map[string]map[string]*azureSecret{},
	}
}

// Hosts returns the fake's host names, for NewProxy.
func (a *Azure) Hosts() map[string]http.Handler {
	return map[string]http.Handler{"*.vault.azure.net": a, azureLoginHost: a}
}

// Env returns the variables with which the SDK logs in as the fake's service principal.
func (a *Azure) Env() []string {
	return []string{"AZURE_TENANT_ID=" + a.Tenant, "AZURE_CLIENT_ID=" + a.ClientID, "AZURE_CLIENT_SECRET=" + a.ClientSecret}
}

// Put adds versions to a secret, in order.
func (a *Azure) Put(vault, name string, values ...string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, value := range values {
		a.add(vault, name, azureVersion{value: value, contentType: "text/plain", tags: map[string]string{"of": "storetest"}})
	}
}

// Disable disables the newest version.
func (a *Azure) Disable(vault, name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := a.vaults[vault][strings.ToLower(name)].versions
	all[len(all)-1].disabled = true
}

// Expire gives the newest version an expiry date in the past.
func (a *Azure) Expire(vault, name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := a.vaults[vault][strings.ToLower(name)].versions
	all[len(all)-1].expired = true
}

// Delete deletes a secret softly, so that it can be recovered.
func (a *Azure) Delete(vault, name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.vaults[vault][strings.ToLower(name)].deleted = true
}

// Instant gives all versions from now on the same time of creation.
func (a *Azure) Instant() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.instant = true
}

// Newest returns the newest version's value, content type and tag "of".
func (a *Azure) Newest(vault, name string) (value, contentType, tag string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := a.vaults[vault][strings.ToLower(name)].versions
	newest := all[len(all)-1]
	return newest.value, newest.contentType, newest.tags["of"]
}

// add adds a version and returns it, with its ID.
func (a *Azure) add(vault, name string, version azureVersion) *azureVersion {
	if a.vaults[vault] == nil {
		a.vaults[vault] = map[string]*azureSecret{}
	}
	if a.vaults[vault][strings.ToLower(name)] == nil {
		a.vaults[vault][strings.ToLower(name)] = &azureSecret{name: name}
	}
	a.number++
	version.id, version.created = fmt.Sprintf("%032x", a.number), 1760000000
	if !a.instant {
		version.created += a.number
	}
	found := a.vaults[vault][strings.ToLower(name)]
	found.versions = append(found.versions, &version)
	return &version
}

var azureName = regexp.MustCompile(`^[0-9a-zA-Z-]{1,127}$`)

// ServeHTTP answers as the host of the request does.
func (a *Azure) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := hostname(r.Host)
	if host == azureLoginHost {
		a.serveLogin(w, r)
		return
	}
	vault, isVault := strings.CutSuffix(host, ".vault.azure.net")
	operation, name, version := azureOperation(r)
	switch {
	case !isVault || operation == "" || r.URL.Query().Get("api-version") == "":
		azureFault(w, http.StatusBadRequest, "BadParameter", "")
	case r.Header.Get("Authorization") == "":
		a.challenge(w, r, "")
	case a.play(w, r, operation):
	case r.Header.Get("Authorization") != "Bearer "+a.token():
		a.challenge(w, r, ` error="invalid_token"`)
	case name != "" && !azureName.MatchString(name):
		azureFault(w, http.StatusBadRequest, "BadParameter", "")
	default:
		a.answer(w, r, azureCall{operation, vault, name, version})
	}
}

// challenge answers that a token is needed, and where to get one.
func (a *Azure) challenge(w http.ResponseWriter, r *http.Request, more string) {
	if a.play(w, r, "challenge") {
		return
	}
	w.Header().Set("WWW-Authenticate", `Bearer authorization="https://`+azureLoginHost+"/"+a.Tenant+`", resource="https://vault.azure.net"`+more)
	azureFault(w, http.StatusUnauthorized, "Unauthorized", "")
}

// azureOperation returns the documentation's name of the request; "" if it is unknown.
func azureOperation(r *http.Request) (operation, name, version string) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case parts[0] == "secrets" && len(parts) == 1 && r.Method == http.MethodGet:
		return "GetSecrets", "", ""
	case parts[0] == "secrets" && len(parts) == 2 && r.Method == http.MethodPut:
		return "SetSecret", parts[1], ""
	case parts[0] == "secrets" && len(parts) == 2 && r.Method == http.MethodGet:
		return "GetSecret", parts[1], ""
	case parts[0] == "secrets" && len(parts) == 3 && parts[2] == "versions" && r.Method == http.MethodGet:
		return "GetSecretVersions", parts[1], ""
	case parts[0] == "secrets" && len(parts) == 3 && r.Method == http.MethodGet:
		return "GetSecret", parts[1], parts[2]
	case parts[0] == "deletedsecrets" && len(parts) == 2 && r.Method == http.MethodGet:
		return "GetDeletedSecret", parts[1], ""
	}
	return "", "", ""
}

func azureFault(w http.ResponseWriter, status int, code, inner string) {
	fault := map[string]any{"code": code, "message": "storetest: " + code}
	if inner != "" {
		fault["innererror"] = map[string]string{"code": inner}
	}
	azureJSON(w, status, map[string]any{"error": fault})
}

func azureJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
