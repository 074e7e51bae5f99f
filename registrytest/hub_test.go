package registrytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/distribution/distribution/v3/configuration"
	_ "github.com/distribution/distribution/v3/registry/auth/token"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/docker-secrets/docker-secrets/image"
)

// issuer hands out tokens as a public hub does: everybody may pull what is public, and
// only me what is private.
type issuer struct {
	key    *ecdsa.PrivateKey
	mu     sync.Mutex
	scopes []string
	limit  bool // answers 429
}

const identityToken = "the identity of me"

func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	user, password, given := r.BasicAuth()
	known := user == "me" && password == "open sesame"
	if r.Method == http.MethodPost {
		known, given = r.FormValue("grant_type") == "refresh_token" && r.FormValue("refresh_token") == identityToken, true
	}
	if given && !known {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.FormValue("service") != "hub" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	i.scopes = append(i.scopes, r.FormValue("scope"))
	_ = json.NewEncoder(w).Encode(map[string]any{"token": i.token(r.Form["scope"], known), "expires_in": 300})
}

// token grants what the scopes want, as far as it is allowed.
func (i *issuer) token(scopes []string, known bool) string {
	var access []map[string]any
	for _, scope := range scopes {
		parts := strings.Split(scope, ":")
		if len(parts) == 3 && (known || strings.HasPrefix(parts[1], "library/") && parts[2] == "pull") {
			access = append(access, map[string]any{"type": parts[0], "name": parts[1], "actions": strings.Split(parts[2], ",")})
		}
	}
	key := jose.JSONWebKey{Key: i.key, KeyID: "key", Algorithm: "ES256"}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, nil)
	if err != nil {
		return ""
	}
	now := time.Now()
	text, err := jwt.Signed(signer).Claims(map[string]any{
		"iss": "issuer", "sub": "", "aud": "hub", "exp": now.Add(time.Hour).Unix(), "nbf": now.Add(-time.Hour).Unix(), "iat": now.Unix(), "access": access,
	}).Serialize()
	if err != nil {
		return ""
	}
	return text
}

// startHub runs a registry that wants tokens, with library/app:1 and team/app:1 in it.
func startHub(t *testing.T, secure bool) (*registry, *issuer) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tokens := &issuer{key: key}
	server := httptest.NewServer(tokens)
	t.Cleanup(server.Close)
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "key", Algorithm: "ES256", Use: "sig"}}})
	if err != nil {
		t.Fatal(err)
	}
	jwks := filepath.Join(t.TempDir(), "jwks.json")
	if err := os.WriteFile(jwks, set, 0o600); err != nil {
		t.Fatal(err)
	}
	r := start(t, secure, func(c *configuration.Configuration) {
		c.Auth = configuration.Auth{"token": {"realm": server.URL + "/token", "service": "hub", "issuer": "issuer", "jwks": jwks}}
	})
	me := []remote.Option{remote.WithAuth(&authn.Basic{Username: "me", Password: "open sesame"}), remote.WithTransport(r.server.Client().Transport)}
	for _, repository := range []string{"library/app", "team/app"} {
		push(t, r.host+"/"+repository+":1", made(t, "linux", "amd64", "run "+repository), me...)
	}
	return r, tokens
}

// login writes the docker configuration of somebody into a folder that the test uses.
func login(t *testing.T, config string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("DOCKER_CONFIG", dir)
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
}

func auths(host, user, password string) string {
	return fmt.Sprintf(`{"auths": {%q: {"auth": %q}}}`, host, base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
}

// A hub must be asked as it wants: 401, realm, scope, a token; anonymous for what is
// public, with the user's credentials for what is not.
func TestTokens(t *testing.T) {
	r, tokens := startHub(t, false)
	public, private := r.host+"/library/app:1", r.host+"/team/app:1"
	users := image.Lookup{Keychain: authn.DefaultKeychain}
	for _, c := range []struct{ who, config, public, private string }{
		{"nobody", `{}`, "run library/app", "denies access (docker login)"},
		{"me", auths(r.host, "me", "open sesame"), "run library/app", "run team/app"},
		{"me, wrongly", auths(r.host, "me", "sesame"), "denies access", "denies access"},
		{"me, by identity token", fmt.Sprintf(`{"auths": {%q: {"auth": "PHRva2VuPjo=", "identitytoken": %q}}}`, r.host, identityToken), "run library/app", "run team/app"},
		{"me, elsewhere", auths("elsewhere.example", "me", "open sesame"), "run library/app", "denies access"},
	} {
		login(t, c.config)
		wants(t, c.who+", public", ask(t, users, public), c.public)
		wants(t, c.who+", private", ask(t, users, private), c.private)
	}
	tokens.mu.Lock()
	defer tokens.mu.Unlock()
	if scopes := strings.Join(tokens.scopes, " "); !strings.Contains(scopes, "repository:library/app:pull") {
		t.Errorf("scopes: %s", scopes)
	}
}

// A credential helper must be asked, once a registry, and its failure be told.
func TestCredentialHelper(t *testing.T) {
	r, _ := startHub(t, false)
	bin, count := t.TempDir(), filepath.Join(t.TempDir(), "count")
	script := fmt.Sprintf("#!/bin/sh\nread -r host\necho \"$1 $host\" >>%s\nprintf '{\"ServerURL\": \"%%s\", \"Username\": \"me\", \"Secret\": \"open sesame\"}' \"$host\"\n", count)
	for name, text := range map[string]string{"test": script, "broken": "#!/bin/sh\necho 'hunter2: locked'; exit 1\n"} {
		if err := os.WriteFile(filepath.Join(bin, "docker-credential-"+name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	users := image.Lookup{Keychain: authn.DefaultKeychain}
	login(t, fmt.Sprintf(`{"credHelpers": {%q: "test"}}`, r.host))
	answers := users.Ask(t.Context(), []image.Question{{Image: r.host + "/team/app:1"}, {Image: r.host + "/library/app:1"}})
	if len(answers.Configs) != 2 {
		t.Errorf("with the helper: %v", answers.NotKnown)
	}
	if content, _ := os.ReadFile(count); string(content) != "get "+r.host+"\n" {
		t.Errorf("the helper was asked: %q", content)
	}
	login(t, fmt.Sprintf(`{"credHelpers": {%q: "broken"}}`, r.host))
	got := ask(t, users, r.host+"/library/app:1")
	wants(t, "with a helper that fails", got, "credentials for its registry cannot be read")
	if strings.Contains(got, "hunter2") {
		t.Errorf("the helper's text is quoted: %s", got)
	}
}
