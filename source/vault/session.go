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

// session is a Vault that is logged in to.
type session struct {
	client *api.Client
	host   string
	login  string // where the token is from, in words; "" when there is none

	mu     sync.Mutex
	mounts map[string]mount      // by path
	first  map[string]*sync.Once // by a path's first segment: the first question about it

	near store.Neighbours // for messages

	identify sync.Once
	identity string // of the token, in words; "" when the server does not say
}

// newSession connects as the vault program would, and logs in by AppRole where
// that is asked for. wait is the time between tries, 0 for the SDK's.
func newSession(ctx context.Context, wait time.Duration) (*session, error) {
	config := api.DefaultConfig()
	if config.Error != nil {
		return nil, settingsFault()
	}
	if wait > 0 {
		config.MinRetryWait, config.MaxRetryWait = wait, wait
	}
	client, err := api.NewClient(config)
	if err != nil {
		return nil, settingsFault()
	}
	// VAULT_WRAP_TTL would have every answer wrapped: a token in the place of the data.
	client.SetWrappingLookupFunc(func(string, string) string { return "" })
	s := &session{client: client, host: host(client), mounts: map[string]mount{}, first: map[string]*sync.Once{}}
	if err := s.findToken(ctx); err != nil {
		return nil, err
	}
	if strings.ContainsFunc(client.Token(), func(r rune) bool { return !unicode.IsPrint(r) }) {
		return nil, fmt.Errorf("the token of %s has characters that cannot be printed; log in again: vault login", s.login)
	}
	return s, nil
}

// findToken takes the SDK's token (VAULT_TOKEN), logs in by AppRole, or asks the
// vault program's token helper, in this order. None at all is no fault yet: an agent
// or a proxy may add its own.
func (s *session) findToken(ctx context.Context) error {
	switch {
	case s.client.Token() != "":
		s.login = "VAULT_TOKEN"
		return nil
	case variable("VAULT_ROLE_ID") != "":
		s.login = "AppRole"
		return s.appRole(ctx)
	}
	helper, err := cliconfig.DefaultTokenHelper()
	if err != nil {
		return errors.New("the vault program's settings, ~/.vault or VAULT_CONFIG_PATH, cannot be read; mend them, or set VAULT_TOKEN")
	}
	token, err := helper.Get()
	if err != nil {
		return errors.New("the vault program's token helper fails (~/.vault, ~/.vault-token); mend it, or set VAULT_TOKEN")
	}
	if token = strings.TrimSpace(token); token != "" {
		s.client.SetToken(token)
		s.login = "vault login"
	}
	return nil
}

// appRole logs in with VAULT_ROLE_ID and VAULT_SECRET_ID.
func (s *session) appRole(ctx context.Context) error {
	ids := map[string]any{"role_id": variable("VAULT_ROLE_ID")}
	if id := variable("VAULT_SECRET_ID"); id != "" {
		ids["secret_id"] = id
	}
	answer, err := s.client.Logical().WriteWithContext(ctx, "auth/approle/login", ids)
	refused, isRefused := errors.AsType[*api.ResponseError](err)
	switch {
	case isRefused && (refused.StatusCode == 400 || refused.StatusCode == 403) && !says(refused, plainHTTP):
		return errors.New("the AppRole login is refused; VAULT_ROLE_ID or VAULT_SECRET_ID is not valid, or no longer: vault write -f auth/approle/role/ROLE/secret-id makes a new secret ID")
	case err != nil:
		return s.unanswered(ctx, err)
	case answer == nil || answer.Auth == nil:
		return fmt.Errorf("%s gives no token for an AppRole login; check VAULT_ADDR", s.host)
	}
	s.client.SetToken(answer.Auth.ClientToken)
	return nil
}

// host is the host of the server's address, with its port.
func host(client *api.Client) string {
	_, rest, _ := strings.Cut(client.Address(), "://")
	host, _, _ := strings.Cut(rest, "/")
	return host[strings.LastIndex(host, "@")+1:]
}

// hostname is the host without its port.
func (s *session) hostname() string {
	if name, _, err := net.SplitHostPort(s.host); err == nil {
		return name
	}
	return s.host
}

// settingsFault names the setting that the SDK cannot use. What the SDK says of
// it may quote an address that has a password in it.
func settingsFault() error {
	for _, name := range []string{"VAULT_CACERT", "VAULT_CAPATH", "VAULT_CLIENT_CERT", "VAULT_CLIENT_KEY"} {
		path := variable(name)
		if path == "" {
			continue
		}
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("%s names a file that cannot be read: %s", name, path)
		}
	}
	return errors.New("a VAULT_… variable of the environment cannot be used; vault status says which")
}

// variable is a variable of the environment, where the SDK too looks.
func variable(name string) string {
	return os.Getenv(name) //nolint:forbidigo // the SDK reads the process's environment as well; both must be the same one
}
