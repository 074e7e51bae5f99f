package vault

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/hashicorp/vault/api"
	"github.com/hashicorp/vault/api/cliconfig"

	"github.com/docker-secrets/docker-secrets/source/store"
)

// session asks one Vault, with a token.
type session struct {
	client *api.Client
	host   string
	login  string // where the token comes from, for messages; "" if there is no token

	mu         sync.Mutex
	mounts     map[string]mount      // by path
	firstFetch map[string]*sync.Once // by the first segment of paths: fetches the mount of the first such path

	nameCache store.NameCache // for suggestions

	identify sync.Once
	identity string // the token's name and policies, for messages; "" if the server does not say
}

// newSession reads the settings of the vault program and finds a token, or logs in by
// AppRole. retryDelay is the time between tries, 0 for the SDK's.
func newSession(ctx context.Context, retryDelay time.Duration) (*session, error) {
	config := api.DefaultConfig()
	if config.Error != nil {
		return nil, settingsFault()
	}
	if retryDelay > 0 {
		config.MinRetryWait, config.MaxRetryWait = retryDelay, retryDelay
	}
	client, err := api.NewClient(config)
	if err != nil {
		return nil, settingsFault()
	}
	// With VAULT_WRAP_TTL every answer would be wrapped: a token instead of the data.
	client.SetWrappingLookupFunc(func(string, string) string { return "" })
	s := &session{client: client, host: host(client), mounts: map[string]mount{}, firstFetch: map[string]*sync.Once{}}
	if err := s.findToken(ctx); err != nil {
		return nil, err
	}
	if strings.ContainsFunc(client.Token(), func(r rune) bool { return !unicode.IsPrint(r) }) {
		return nil, fmt.Errorf("the token of %s has characters that cannot be printed; log in again: vault login", s.login)
	}
	return s, nil
}

// findToken takes the SDK's token (VAULT_TOKEN), logs in by AppRole, or asks the vault
// program's token helper, in this order. It does not fail without a token, because an agent
// or a proxy may add one.
func (s *session) findToken(ctx context.Context) error {
	switch {
	case s.client.Token() != "":
		s.login = "VAULT_TOKEN"
		return nil
	case getenv("VAULT_ROLE_ID") != "":
		s.login = "AppRole"
		return s.appRole(ctx)
	}
	helper, err := cliconfig.DefaultTokenHelper()
	if err != nil {
		return errors.New("the vault program's settings, ~/.vault or VAULT_CONFIG_PATH, cannot be read; fix them, or set VAULT_TOKEN")
	}
	token, err := helper.Get()
	if err != nil {
		return errors.New("the vault program's token helper fails (~/.vault, ~/.vault-token); fix it, or set VAULT_TOKEN")
	}
	if token = strings.TrimSpace(token); token != "" {
		s.client.SetToken(token)
		s.login = "vault login"
	}
	return nil
}

// appRole logs in with VAULT_ROLE_ID and VAULT_SECRET_ID.
func (s *session) appRole(ctx context.Context) error {
	ids := map[string]any{"role_id": getenv("VAULT_ROLE_ID")}
	if id := getenv("VAULT_SECRET_ID"); id != "" {
		ids["secret_id"] = id
	}
	answer, err := s.client.Logical().WriteWithContext(ctx, "auth/approle/login", ids)
	refused, isRefused := errors.AsType[*api.ResponseError](err)
	switch {
	case isRefused && (refused.StatusCode == 400 || refused.StatusCode == 403) && !hasError(refused, plainHTTP):
		return errors.New("the AppRole login is refused; VAULT_ROLE_ID or VAULT_SECRET_ID is invalid or has expired: vault write -f auth/approle/role/ROLE/secret-id makes a new secret ID")
	case err != nil:
		return s.connectionFault(ctx, err)
	case answer == nil || answer.Auth == nil:
		return fmt.Errorf("%s gives no token for an AppRole login; check VAULT_ADDR", s.host)
	}
	s.client.SetToken(answer.Auth.ClientToken)
	return nil
}

// host returns the host of the server's address, with its port and without a login.
func host(client *api.Client) string {
	_, rest, _ := strings.Cut(client.Address(), "://")
	host, _, _ := strings.Cut(rest, "/")
	return host[strings.LastIndex(host, "@")+1:]
}

// hostname returns the host without its port.
func (s *session) hostname() string {
	if name, _, err := net.SplitHostPort(s.host); err == nil {
		return name
	}
	return s.host
}

// settingsFault names the setting that the SDK rejects. It does not wrap the SDK's error,
// which may quote an address with a password in it.
func settingsFault() error {
	for _, name := range []string{"VAULT_CACERT", "VAULT_CAPATH", "VAULT_CLIENT_CERT", "VAULT_CLIENT_KEY"} {
		path := getenv(name)
		if path == "" {
			continue
		}
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("%s names a file that cannot be read: %s", name, path)
		}
	}
	return errors.New("a VAULT_… variable of the environment cannot be used; for details: vault status")
}

// getenv returns a variable of the environment.
func getenv(name string) string {
	return os.Getenv(name) //nolint:forbidigo // the SDK reads the process's environment as well; both must be the same one
}
