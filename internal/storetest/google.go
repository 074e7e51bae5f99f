package storetest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Google is a fake of Google Cloud Secret Manager's REST interface, and of Google's login for
// the credentials that it makes. Programs reach it under Google's host names, Hosts, through
// a Proxy. Its operations are access, get (a version), list, addVersion, create and token.
type Google struct {
	Script
	PageSize int // of lists; 0: that of the request

	tb      testing.TB
	mu      sync.Mutex
	secrets map[string]*googleSecret // by "PROJECT/NAME"
	denied  map[string]string        // Google's reason, by operation and "PROJECT/NAME"
	header  http.Header
}

type googleSecret struct{ versions []*googleVersion }

type googleVersion struct{ value, state string }

// NewGoogle makes a fake. Every project exists, and is empty until Put.
func NewGoogle(tb testing.TB) *Google {
	tb.Helper()
	return &Google{tb: tb, secrets: map[string]*googleSecret{}, denied: map[string]string{}}
}

// Hosts returns the fake's host names, for NewProxy.
func (g *Google) Hosts() map[string]http.Handler {
	return map[string]http.Handler{"secretmanager.googleapis.com": g, "oauth2.googleapis.com": http.HandlerFunc(g.login)}
}

// Put adds versions to the secret, "PROJECT/NAME". Without values it makes a secret that has
// no version.
func (g *Google) Put(secret string, values ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.secrets[secret] == nil {
		g.secrets[secret] = &googleSecret{}
	}
	for _, value := range values {
		g.secrets[secret].versions = append(g.secrets[secret].versions, &googleVersion{value, "ENABLED"})
	}
}

// State sets the state of a version, from 1 on: ENABLED, DISABLED or DESTROYED.
func (g *Google) State(secret string, version int, state string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.secrets[secret].versions[version-1].state = state
}

// Deny denies an operation on the secret, "" for all. reason is Google's, such as
// "SERVICE_DISABLED"; "" means a missing permission.
func (g *Google) Deny(operation, secret, reason string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.denied[operation+" "+secret] = reason
}

// Value returns that of the newest version, "" if there is none.
func (g *Google) Value(secret string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s := g.secrets[secret]; s != nil && len(s.versions) > 0 {
		return s.versions[len(s.versions)-1].value
	}
	return ""
}

// Header returns that of the last request to Secret Manager.
func (g *Google) Header() http.Header {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.header
}

// googleNumber is the number of every project: answers have it instead of the name.
const googleNumber = "892942638129"

var (
	googleList     = regexp.MustCompile(`^/v1/projects/([a-z0-9.:-]+)/secrets$`)
	googleAdd      = regexp.MustCompile(`^/v1/projects/([a-z0-9.:-]+)/secrets/([A-Za-z0-9_-]{1,255}):addVersion$`)
	googleVersions = regexp.MustCompile(`^/v1/projects/([a-z0-9.:-]+)/secrets/([A-Za-z0-9_-]{1,255})/versions/([A-Za-z0-9_-]+)(:access)?$`)
)

// ServeHTTP answers as secretmanager.googleapis.com does.
func (g *Google) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var operation, secret, version string
	if parts := googleVersions.FindStringSubmatch(r.URL.Path); parts != nil && r.Method == http.MethodGet {
		operation, secret, version = "get", parts[1]+"/"+parts[2], parts[3]
		if parts[4] != "" {
			operation = "access"
		}
	} else if parts := googleAdd.FindStringSubmatch(r.URL.Path); parts != nil && r.Method == http.MethodPost {
		operation, secret = "addVersion", parts[1]+"/"+parts[2]
	} else if parts := googleList.FindStringSubmatch(r.URL.Path); parts != nil && r.Method == http.MethodGet {
		operation, secret = "list", parts[1]+"/"
	} else if parts != nil && r.Method == http.MethodPost {
		operation, secret = "create", parts[1]+"/"+r.URL.Query().Get("secretId")
	}
	content, _ := io.ReadAll(r.Body)
	if g.play(w, r, operation) {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.header = r.Header
	answer := g.answer(r, operation, secret, version, content)
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	if fault, ok := answer.(googleFault); ok {
		w.WriteHeader(fault.status)
		body := map[string]any{"code": fault.status, "message": fault.message, "status": fault.code}
		if fault.reason != "" {
			body["details"] = []any{map[string]string{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": fault.reason, "domain": "googleapis.com"}}
		}
		answer = map[string]any{"error": body}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

type googleFault struct {
	status                int
	code, message, reason string
}

func (g *Google) answer(r *http.Request, operation, secret, version string, content []byte) any {
	if r.Header.Get("Authorization") != "Bearer "+googleToken {
		return googleFault{http.StatusUnauthorized, "UNAUTHENTICATED", "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.", ""}
	}
	project, name, _ := strings.Cut(secret, "/")
	for _, key := range []string{operation + " ", operation + " " + secret} {
		if reason, denied := g.denied[key]; denied {
			return googleFault{http.StatusForbidden, "PERMISSION_DENIED", "Permission denied for resource 'projects/" + project + "/secrets/" + name + "' (or it may not exist).", reason}
		}
	}
	switch operation {
	case "access", "get":
		return g.version(secret, version, operation == "access")
	case "list":
		return g.list(project, r.URL.Query())
	case "addVersion":
		return g.addVersion(secret, content)
	case "create":
		return g.create(secret, name, content)
	}
	return googleFault{http.StatusNotFound, "", "", ""}
}

func googleNotFound(secret string) googleFault {
	_, name, _ := strings.Cut(secret, "/")
	return googleFault{http.StatusNotFound, "NOT_FOUND", "Secret [projects/" + googleNumber + "/secrets/" + name + "] not found or has no versions.", ""}
}

func (g *Google) version(secret, version string, withValue bool) any {
	s := g.secrets[secret]
	if s == nil || len(s.versions) == 0 {
		return googleNotFound(secret)
	}
	_, name, _ := strings.Cut(secret, "/")
	number, _ := strconv.Atoi(version)
	if version == "latest" {
		number = len(s.versions)
	}
	full := fmt.Sprintf("projects/%s/secrets/%s/versions/%d", googleNumber, name, number)
	if number < 1 || number > len(s.versions) {
		return googleFault{http.StatusNotFound, "NOT_FOUND", "Secret Version [projects/" + googleNumber + "/secrets/" + name + "/versions/" + version + "] not found.", ""}
	}
	v := s.versions[number-1]
	if !withValue {
		return map[string]any{"name": full, "state": v.state, "createTime": "2024-08-08T00:19:03.123456Z"}
	}
	if v.state != "ENABLED" {
		return googleFault{http.StatusBadRequest, "FAILED_PRECONDITION", "Secret Version [" + full + "] is in " + v.state + " state.", ""}
	}
	return map[string]any{"name": full, "payload": map[string]string{"data": base64.StdEncoding.EncodeToString([]byte(v.value)), "dataCrc32c": googleChecksum(v.value)}}
}

func googleChecksum(value string) string {
	return strconv.FormatUint(uint64(crc32.Checksum([]byte(value), crc32.MakeTable(crc32.Castagnoli))), 10)
}

// list knows the filter name:WORD, which finds WORD anywhere in a name, in any case.
func (g *Google) list(project string, query map[string][]string) any {
	first := func(key string) string { return strings.Join(query[key], "") }
	size, _ := strconv.Atoi(first("pageSize"))
	if g.PageSize > 0 {
		size = g.PageSize
	}
	word, isName := strings.CutPrefix(first("filter"), "name:")
	if first("filter") != "" && (!isName || strings.ContainsAny(word, " -./")) || size < 1 || size > 25000 {
		return googleFault{http.StatusBadRequest, "INVALID_ARGUMENT", "a filter or a page that this fake does not know", ""}
	}
	var names []string
	for _, secret := range slices.Sorted(maps.Keys(g.secrets)) {
		if name, mine := strings.CutPrefix(secret, project+"/"); mine && strings.Contains(strings.ToLower(name), strings.ToLower(word)) {
			names = append(names, name)
		}
	}
	names, next := page(names, first("pageToken"), size)
	list := []any{}
	for _, name := range names {
		list = append(list, map[string]any{"name": "projects/" + googleNumber + "/secrets/" + name})
	}
	return map[string]any{"secrets": list, "nextPageToken": next}
}
