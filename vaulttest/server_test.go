package vaulttest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/api"
	"github.com/hashicorp/vault/builtin/credential/approle"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"

	vaultstore "github.com/docker-secrets/docker-secrets/source/vault"
)

// registry is what Vault asks for the plugins that are built into it: none.
type registry struct{}

func (registry) Contains(string, consts.PluginType) bool                   { return false }
func (registry) Get(string, consts.PluginType) (func() (any, error), bool) { return nil, false }
func (registry) Keys(consts.PluginType) []string                           { return nil }
func (registry) IsBuiltinEntPlugin(string, consts.PluginType) bool         { return false }
func (registry) DeprecationStatus(string, consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Unknown, false
}

// server is a Vault of the test's own.
type server struct {
	root  *api.Client // with the root token
	url   string
	token string // the root token
}

// start gives a Vault that is initialised, unsealed and empty.
func start(t *testing.T, wrap func(http.Handler) http.Handler) *server {
	t.Helper()
	logger := hclog.NewNullLogger()
	storage, err := inmem.NewInmem(nil, logger)
	if err != nil {
		t.Fatal(err)
	}
	core, err := vault.NewCore(&vault.CoreConfig{
		Physical: storage, Logger: logger, DisableMlock: true, BuiltinRegistry: registry{},
		LogicalBackends:    map[string]logical.Factory{"kv": kv.Factory},
		CredentialBackends: map[string]logical.Factory{"approle": approle.Factory},
	})
	if err != nil {
		t.Fatal(err)
	}
	made, err := core.Initialize(context.Background(), &vault.InitParams{
		BarrierConfig:  &vault.SealConfig{SecretShares: 1, SecretThreshold: 1},
		RecoveryConfig: &vault.SealConfig{SecretShares: 1, SecretThreshold: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = core.Unseal(made.SecretShares[0]); err != nil {
		t.Fatal(err)
	}
	handler := vaulthttp.Handler.Handler(&vault.HandlerProperties{Core: core, ListenerConfig: &configutil.Listener{}})
	if wrap != nil {
		handler = wrap(handler)
	}
	listening := httptest.NewServer(handler)
	t.Cleanup(func() {
		listening.Close()
		_ = core.Shutdown()
	})
	config := api.DefaultConfig()
	config.Address = listening.URL
	root, err := api.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	root.SetToken(made.RootToken)
	return &server{root: root, url: listening.URL, token: made.RootToken}
}

// engine mounts a KV engine of the version at path, and waits until it can be used:
// version 2 gets itself ready after the mount is there.
func (s *server) engine(t *testing.T, path, version string) {
	t.Helper()
	err := s.root.Sys().Mount(path, &api.MountInput{Type: "kv", Options: map[string]string{"version": version}})
	if err != nil {
		t.Fatal(err)
	}
	if version == "1" {
		return
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		_, err := s.root.Logical().Read(path + "/config")
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// write writes data with the root token.
func (s *server) write(t *testing.T, path string, data map[string]any) *api.Secret {
	t.Helper()
	answer, err := s.root.Logical().Write(path, data)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// put writes a version of a path of KV version 2.
func (s *server) put(t *testing.T, mount, path string, data map[string]any) {
	t.Helper()
	s.write(t, mount+"/data/"+path, map[string]any{"data": data})
}

// allowed gives a token with one policy, whose name is of its own.
func (s *server) allowed(t *testing.T, policy string) string {
	t.Helper()
	if err := s.root.Sys().PutPolicy("shop", policy); err != nil {
		t.Fatal(err)
	}
	made, err := s.root.Auth().Token().Create(&api.TokenCreateRequest{Policies: []string{"shop"}, DisplayName: "ci"})
	if err != nil {
		t.Fatal(err)
	}
	return made.Auth.ClientToken
}

// store returns the store of a person who has the token.
func (s *server) store(t *testing.T, token string) *vaultstore.Store {
	t.Helper()
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "VAULT_") {
			t.Setenv(name, "")
		}
	}
	t.Setenv("VAULT_ADDR", s.url)
	t.Setenv("VAULT_TOKEN", token)
	return &vaultstore.Store{}
}
