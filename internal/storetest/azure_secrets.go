package storetest

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// azureCall is a request with a valid token.
type azureCall struct{ operation, vault, name, version string }

// azurePage is the number of entries in a page of a list.
const azurePage = 25

func (a *Azure) answer(w http.ResponseWriter, r *http.Request, call azureCall) {
	a.mu.Lock()
	defer a.mu.Unlock()
	found := a.vaults[call.vault][strings.ToLower(call.name)]
	deleted := found != nil && found.deleted
	switch {
	case call.operation == "GetSecrets":
		a.list(w, r, call.vault)
	case call.operation == "SetSecret" && deleted:
		azureFault(w, http.StatusConflict, "Conflict", "ObjectIsDeletedButRecoverable")
	case call.operation == "SetSecret":
		a.set(w, r, call)
	case call.operation == "GetDeletedSecret" && deleted:
		azureJSON(w, http.StatusOK, map[string]any{"id": azureID(call.vault, found, ""), "recoveryId": "storetest"})
	case found == nil || deleted || call.operation == "GetDeletedSecret":
		azureFault(w, http.StatusNotFound, "SecretNotFound", "")
	case call.operation == "GetSecretVersions":
		var all []map[string]any
		for _, version := range found.versions {
			all = append(all, azureProperties(call.vault, found, version))
		}
		azureList(w, r, all)
	default:
		azureGet(w, call, found)
	}
}

func azureGet(w http.ResponseWriter, call azureCall, found *azureSecret) {
	for _, version := range slices.Backward(found.versions) {
		switch {
		case call.version != "" && call.version != version.id:
			continue
		case version.disabled:
			azureFault(w, http.StatusForbidden, "Forbidden", "SecretDisabled")
			return
		}
		bundle := azureProperties(call.vault, found, version)
		bundle["value"] = version.value
		azureJSON(w, http.StatusOK, bundle)
		return
	}
	azureFault(w, http.StatusNotFound, "SecretNotFound", "")
}

func (a *Azure) set(w http.ResponseWriter, r *http.Request, call azureCall) {
	var body struct {
		Value       *string
		ContentType string
		Tags        map[string]string
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil || body.Value == nil || len(*body.Value) > 25*1024 {
		azureFault(w, http.StatusBadRequest, "BadParameter", "")
		return
	}
	version := a.add(call.vault, call.name, azureVersion{value: *body.Value, contentType: body.ContentType, tags: body.Tags})
	bundle := azureProperties(call.vault, a.vaults[call.vault][strings.ToLower(call.name)], version)
	bundle["value"] = version.value
	azureJSON(w, http.StatusOK, bundle)
}

// list answers with IDs without a version, and without deleted secrets.
func (a *Azure) list(w http.ResponseWriter, r *http.Request, vault string) {
	var all []map[string]any
	for _, name := range slices.Sorted(maps.Keys(a.vaults[vault])) {
		if found := a.vaults[vault][name]; !found.deleted {
			all = append(all, map[string]any{"id": azureID(vault, found, ""), "attributes": map[string]any{"enabled": true}})
		}
	}
	azureList(w, r, all)
}

// azureList answers with one page of all, and a link to the next.
func azureList(w http.ResponseWriter, r *http.Request, all []map[string]any) {
	start, _ := strconv.Atoi(r.URL.Query().Get("$skiptoken"))
	start = min(start, len(all))
	end := min(start+azurePage, len(all))
	body := map[string]any{"value": append([]map[string]any{}, all[start:end]...), "nextLink": nil}
	if end < len(all) {
		next := *r.URL
		query := next.Query()
		query.Set("$skiptoken", strconv.Itoa(end))
		next.Scheme, next.Host, next.RawQuery = "https", r.Host, query.Encode()
		body["nextLink"] = next.String()
	}
	azureJSON(w, http.StatusOK, body)
}

func azureID(vault string, found *azureSecret, version string) string {
	return strings.TrimSuffix("https://"+vault+".vault.azure.net/secrets/"+found.name+"/"+version, "/")
}

func azureProperties(vault string, found *azureSecret, version *azureVersion) map[string]any {
	attributes := map[string]any{"enabled": !version.disabled, "created": version.created, "updated": version.created, "recoveryLevel": "Recoverable+Purgeable"}
	if version.expired { // expired secrets can be read
		attributes["exp"] = version.created + 1
	}
	properties := map[string]any{"id": azureID(vault, found, version.id), "attributes": attributes}
	if version.contentType != "" {
		properties["contentType"] = version.contentType
	}
	if len(version.tags) > 0 {
		properties["tags"] = version.tags
	}
	return properties
}

// serveLogin answers as Microsoft Entra does: to MSAL's discovery, and with tokens for the
// fake's service principal.
func (a *Azure) serveLogin(w http.ResponseWriter, r *http.Request) {
	tenant, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	base := "https://" + azureLoginHost + "/" + tenant
	switch {
	case rest == "v2.0/.well-known/openid-configuration" && a.play(w, r, "discovery"):
	case rest == "v2.0/.well-known/openid-configuration" && tenant != a.Tenant:
		azureRefusal(w, http.StatusBadRequest, "invalid_tenant", 90002)
	case rest == "v2.0/.well-known/openid-configuration":
		azureJSON(w, http.StatusOK, map[string]any{
			"issuer":                 base + "/v2.0",
			"authorization_endpoint": base + "/oauth2/v2.0/authorize",
			"token_endpoint":         base + "/oauth2/v2.0/token",
		})
	case rest == "oauth2/v2.0/token" && a.play(w, r, "token"):
	case rest == "oauth2/v2.0/token" && tenant == a.Tenant && r.Method == http.MethodPost:
		a.giveToken(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (a *Azure) giveToken(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.PostFormValue("grant_type") != "client_credentials" || !strings.Contains(r.PostFormValue("scope"), "https://vault.azure.net/.default"):
		azureRefusal(w, http.StatusBadRequest, "invalid_request", 900144)
	case r.PostFormValue("client_id") != a.ClientID:
		azureRefusal(w, http.StatusBadRequest, "unauthorized_client", 700016)
	case r.PostFormValue("client_secret") != a.ClientSecret:
		azureRefusal(w, http.StatusUnauthorized, "invalid_client", 7000215)
	default:
		azureJSON(w, http.StatusOK, map[string]any{"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": a.token()})
	}
}

// token returns an unsigned JWT with the service principal's ID.
func (a *Azure) token() string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"typ":"JWT","alg":"none"}`)) + "." + part([]byte(`{"appid":"`+a.ClientID+`"}`)) + "." + part([]byte("storetest"))
}

func azureRefusal(w http.ResponseWriter, status int, code string, number int) {
	azureJSON(w, status, map[string]any{
		"error": code, "error_codes": []int{number},
		"error_description": "AADSTS" + strconv.Itoa(number) + ": storetest refuses. Trace ID: 0",
	})
}
