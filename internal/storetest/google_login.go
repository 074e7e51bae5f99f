package storetest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	// GoogleAccount is the service account of Env.
	GoogleAccount = "deploy@gym.iam.gserviceaccount.com"

	googleTokenURI = "https://oauth2.googleapis.com/token"
	googleToken    = "ya29.storetest"
	googleRefresh  = "1//storetest"
)

// googleKey returns the service account's key. All fakes share it, because making a key is
// slow.
//
//nolint:gochecknoglobals // made once, then read only
var googleKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// Env returns the variables with which a program logs in as GoogleAccount. It needs those of
// a Proxy too.
func (g *Google) Env() []string {
	g.tb.Helper()
	key, err := googleKey()
	if err != nil {
		g.tb.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		g.tb.Fatal(err)
	}
	return g.credentials(map[string]string{
		"type": "service_account", "project_id": "gym", "private_key_id": "storetest", "client_email": GoogleAccount, "client_id": "1",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), "token_uri": googleTokenURI,
	})
}

// UserEnv is Env with the login of a person, as gcloud keeps it. quota is the project that
// pays for the calls. valid is false for a revoked login.
func (g *Google) UserEnv(quota string, valid bool) []string {
	g.tb.Helper()
	refresh := googleRefresh
	if !valid {
		refresh = "1//withdrawn"
	}
	return g.credentials(map[string]string{
		"type": "authorized_user", "client_id": "1", "client_secret": "invented", "refresh_token": refresh, "quota_project_id": quota,
	})
}

// MachineEnv is Env with the metadata server of one of Google's machines.
func (g *Google) MachineEnv() []string {
	g.tb.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Metadata-Flavor", "Google")
		switch path, _ := strings.CutPrefix(r.URL.Path, "/computeMetadata/v1/"); {
		case r.Header.Get("Metadata-Flavor") != "Google":
			w.WriteHeader(http.StatusForbidden)
		case path == "instance/service-accounts/default/token" || path == "instance/service-accounts/default/token/":
			googleWriteToken(w)
		case path == "project/project-id":
			_, _ = w.Write([]byte("gym"))
		default: // the universe's domain too, which then is the usual one
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	g.tb.Cleanup(server.Close)
	return []string{"GCE_METADATA_HOST=" + strings.TrimPrefix(server.URL, "http://")}
}

func googleWriteToken(w http.ResponseWriter) {
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": googleToken, "token_type": "Bearer", "expires_in": 3599})
}

// credentials writes a credentials file and returns the variables that name it.
func (g *Google) credentials(file map[string]string) []string {
	g.tb.Helper()
	content, err := json.Marshal(file)
	if err != nil {
		g.tb.Fatal(err)
	}
	path := filepath.Join(g.tb.TempDir(), "credentials.json")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		g.tb.Fatal(err)
	}
	return []string{"GOOGLE_APPLICATION_CREDENTIALS=" + path, "GOOGLE_CLOUD_QUOTA_PROJECT="}
}

// login answers as oauth2.googleapis.com does, to a service account's signed claim and to a
// person's refresh token.
func (g *Google) login(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm() // reads the body: only then the server notices that a client disconnects
	if g.play(w, r, "token") {
		return
	}
	valid := false
	switch r.PostForm.Get("grant_type") {
	case "urn:ietf:params:oauth:grant-type:jwt-bearer":
		valid = googleClaim(r.PostForm.Get("assertion"))
	case "refresh_token":
		valid = r.PostForm.Get("refresh_token") == googleRefresh
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if !valid || r.URL.Path != "/token" || r.Method != http.MethodPost {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant","error_description":"Token has been expired or revoked."}`))
		return
	}
	googleWriteToken(w)
}

// googleClaim reports whether text is a claim of GoogleAccount for this login, signed with
// its key (RFC 7515, RS256) and not expired.
func googleClaim(text string) bool {
	key, err := googleKey()
	signed, signature, found := cutLast(text, ".")
	mark, bad := base64.RawURLEncoding.DecodeString(signature)
	_, payload, isPayload := strings.Cut(signed, ".")
	if err != nil || bad != nil || !found || !isPayload {
		return false
	}
	sum := sha256.Sum256([]byte(signed))
	if rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], mark) != nil {
		return false
	}
	var claim struct {
		Iss, Aud, Scope string
		Exp             int64
	}
	content, err := base64.RawURLEncoding.DecodeString(payload)
	return err == nil && json.Unmarshal(content, &claim) == nil && claim.Iss == GoogleAccount && claim.Aud == googleTokenURI &&
		claim.Scope == "https://www.googleapis.com/auth/cloud-platform" && claim.Exp > time.Now().Unix()
}

// cutLast is strings.Cut at the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return text, "", false
}
