package storetest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Vault is a fake of HashiCorp Vault with one KV version 2 mount and one token, which may do
// everything in it. Its operations are mount, read, write, metadata, list, lookup-self and
// login.
type Vault struct {
	Script
	Token string // the valid X-Vault-Token

	mount string // ends in "/"
	mu    sync.Mutex
	paths map[string][]string // each path's versions, oldest first: JSON objects
}

// NewVault makes a fake with an empty mount at "secret/".
func NewVault(tb testing.TB) *Vault {
	tb.Helper()
	return &Vault{Token: "hvs.storetest", mount: "secret/", paths: map[string][]string{}}
}

// Put adds versions, JSON objects, to name, the path below the mount.
func (v *Vault) Put(name string, versions ...string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.paths[name] = append(v.paths[name], versions...)
}

// Newest returns the newest version of name, "" if there is none.
func (v *Vault) Newest(name string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if all := v.paths[name]; len(all) > 0 {
		return all[len(all)-1]
	}
	return ""
}

// ServeHTTP answers as Vault does below /v1/.
func (v *Vault) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, isAPI := strings.CutPrefix(r.URL.Path, "/v1/")
	operation, name := v.operation(r, path)
	switch {
	case !isAPI || operation == "":
		vaultErrors(w, http.StatusNotFound, `no handler for route "`+path+`". route entry not found.`)
	case v.play(w, r, operation):
	case operation == "login":
		v.login(w, r)
	case r.Header.Get("X-Vault-Token") == "":
		vaultErrors(w, http.StatusForbidden, "permission denied")
	case r.Header.Get("X-Vault-Token") != v.Token:
		vaultErrors(w, http.StatusForbidden, "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n")
	default:
		v.answer(w, r, operation, name)
	}
}

// operation returns what the request asks for, "" if it is unknown, and the path below the
// mount.
func (v *Vault) operation(r *http.Request, path string) (operation, name string) {
	if rest, found := strings.CutPrefix(path, "sys/internal/ui/mounts/"); found {
		return "mount", rest
	}
	switch path {
	case "auth/token/lookup-self":
		return "lookup-self", ""
	case "auth/approle/login":
		return "login", ""
	}
	if rest, found := strings.CutPrefix(path, v.mount+"data/"); found {
		if r.Method == http.MethodPut || r.Method == http.MethodPost {
			return "write", rest
		}
		return "read", rest
	}
	rest, found := strings.CutPrefix(path, strings.TrimSuffix(v.mount, "/")+"/metadata")
	switch {
	case !found:
		return "", ""
	case r.Method == "LIST" || r.URL.Query().Get("list") == "true":
		return "list", strings.Trim(rest, "/")
	}
	return "metadata", strings.TrimPrefix(rest, "/")
}

func (v *Vault) answer(w http.ResponseWriter, r *http.Request, operation, name string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch operation {
	case "mount":
		if !strings.HasPrefix(name+"/", v.mount) {
			vaultErrors(w, http.StatusForbidden, `preflight capability check returned 403, please ensure client's policies grant access to path "`+name+`/"`)
			return
		}
		vaultData(w, map[string]any{"path": v.mount, "type": "kv", "options": map[string]string{"version": "2"}})
	case "lookup-self":
		vaultData(w, map[string]any{"display_name": "token-storetest", "policies": []string{"default"}})
	case "read":
		v.read(w, r, name)
	case "write":
		v.write(w, r, name)
	case "metadata":
		v.metadata(w, name)
	case "list":
		v.list(w, name)
	}
}

func (v *Vault) read(w http.ResponseWriter, r *http.Request, name string) {
	versions := v.paths[name]
	number := len(versions)
	if asked := r.URL.Query().Get("version"); asked != "" {
		number, _ = strconv.Atoi(asked)
	}
	if number < 1 || number > len(versions) {
		vaultErrors(w, http.StatusNotFound)
		return
	}
	vaultData(w, map[string]any{"data": json.RawMessage(versions[number-1]), "metadata": vaultMetadata(number)})
}

func (v *Vault) write(w http.ResponseWriter, r *http.Request, name string) {
	var body struct {
		Data    json.RawMessage
		Options struct{ CAS *int }
	}
	content, _ := io.ReadAll(r.Body)
	var object map[string]any
	if json.Unmarshal(content, &body) != nil || json.Unmarshal(body.Data, &object) != nil {
		vaultErrors(w, http.StatusBadRequest, "no data provided")
		return
	}
	if cas := body.Options.CAS; cas != nil && *cas != len(v.paths[name]) {
		vaultErrors(w, http.StatusBadRequest, "check-and-set parameter did not match the current version")
		return
	}
	v.paths[name] = append(v.paths[name], string(body.Data))
	vaultData(w, vaultMetadata(len(v.paths[name])))
}

func (v *Vault) metadata(w http.ResponseWriter, name string) {
	versions := map[string]any{}
	for i := range v.paths[name] {
		versions[strconv.Itoa(i+1)] = vaultMetadata(i + 1)
	}
	if len(versions) == 0 {
		vaultErrors(w, http.StatusNotFound)
		return
	}
	vaultData(w, map[string]any{"current_version": len(versions), "versions": versions})
}

func (v *Vault) list(w http.ResponseWriter, folder string) {
	prefix := folder + "/"
	if folder == "" {
		prefix = ""
	}
	var keys []string
	for path := range v.paths {
		rest, below := strings.CutPrefix(path, prefix)
		if !below {
			continue
		}
		if name, _, isFolder := strings.Cut(rest, "/"); isFolder {
			rest = name + "/"
		}
		keys = append(keys, rest)
	}
	if len(keys) == 0 {
		vaultErrors(w, http.StatusNotFound)
		return
	}
	slices.Sort(keys)
	vaultData(w, map[string]any{"keys": slices.Compact(keys)})
}

// login accepts the role "storetest" with the secret ID "storetest".
func (v *Vault) login(w http.ResponseWriter, r *http.Request) {
	var body struct {
		RoleID   string `json:"role_id"`
		SecretID string `json:"secret_id"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil || body.RoleID != "storetest" || body.SecretID != "storetest" {
		vaultErrors(w, http.StatusBadRequest, "invalid role or secret ID")
		return
	}
	vaultJSON(w, http.StatusOK, map[string]any{"auth": map[string]any{"client_token": v.Token}})
}

func vaultMetadata(version int) map[string]any {
	return map[string]any{"version": version, "created_time": "2026-01-02T03:04:05.6Z", "deletion_time": "", "destroyed": false}
}

func vaultData(w http.ResponseWriter, data any) {
	vaultJSON(w, http.StatusOK, map[string]any{"request_id": "storetest", "data": data})
}

func vaultErrors(w http.ResponseWriter, status int, texts ...string) {
	vaultJSON(w, status, map[string]any{"errors": append([]string{}, texts...)})
}

func vaultJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
