package vault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/vault/api"

	"github.com/docker-secrets/docker-secrets/source/store"
)

// Parts of Vault's errors. They are recognised, and never printed.
const (
	sealed      = "Vault is sealed"
	noRoute     = "no handler for route"
	plainHTTP   = "HTTP request to an HTTPS server"
	upgrading   = "Upgrading from non-versioned to versioned"
	casMismatch = "check-and-set parameter"
	noToken     = "missing client token"
	badToken    = "invalid token"
)

// hasError reports whether one of the errors in the answer contains text.
func hasError(refused *api.ResponseError, text string) bool {
	for _, said := range refused.Errors {
		if strings.Contains(said, text) {
			return true
		}
	}
	return false
}

// deletedFault is for a version that exists but whose value is deleted or destroyed.
func deletedFault(m mount, name string, version versionState) error {
	if version.Destroyed {
		return fmt.Errorf("version %d is destroyed permanently; write a new value", version.Version)
	}
	return fmt.Errorf("version %d is deleted; vault kv undelete -mount=%s -versions=%d %s brings it back", version.Version, strings.TrimSuffix(m.path, "/"), version.Version, name)
}

// missingFault is for a path without data; err is the server's 404. It wraps ErrNotFound
// unless there is no such mount.
func (s *session) missingFault(ctx context.Context, m mount, name string, err error) error {
	if refused, isRefused := errors.AsType[*api.ResponseError](err); isRefused && hasError(refused, noRoute) {
		return fmt.Errorf("there is no mount %s; vault secrets list shows them all", m.path)
	}
	if rest, isAPI := strings.CutPrefix(name, "data/"); isAPI {
		return fmt.Errorf("no such path in %s; write it as vault kv does, without data/: vault://%s%s: %w", m.path, m.path, rest, store.ErrNotFound)
	}
	folder := folder(name)
	others := s.nameCache.Names(m.path+folder, func() ([]string, error) { return s.names(ctx, m, folder) })
	return fmt.Errorf("no such path in %s%s%s: %w", m.path, folder, store.Suggestion(strings.TrimPrefix(name, folder), others), store.ErrNotFound)
}

// fault explains in one line why a request to the API's path in mount m failed. capabilities
// are what the token's policy needs there.
func (s *session) fault(ctx context.Context, err error, m mount, path string, capabilities ...string) error {
	refused, isRefused := errors.AsType[*api.ResponseError](err)
	if !isRefused || refused.StatusCode != http.StatusForbidden && !hasError(refused, noToken) {
		return s.connectionFault(ctx, err)
	}
	if hasError(refused, badToken) {
		return fmt.Errorf("the token of %s is invalid or has expired; log in again%s", s.login, namespaceHint())
	}
	who := s.whoami(ctx)
	if who == "" && s.login == "" {
		return errors.New(`no Vault token; log in with vault login, or set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID (AppRole)`)
	}
	if who == "" { // a token without the default policy, or an old server, which does not say invalid
		who = "the token of " + s.login + ", if it is still valid"
	}
	text := fmt.Sprintf("access denied to %s; its policy needs: path %q { capabilities = [%s] }", who, path, quoteList(capabilities))
	if m.guessed {
		text += fmt.Sprintf(" (or there is no mount %s)", m.path)
	}
	return errors.New(text)
}

// quoteList returns words as a list in Vault's policy language.
func quoteList(words []string) string { return `"` + strings.Join(words, `", "`) + `"` }

// namespaceHint is the end of the message for an invalid token, which may be valid in
// another namespace.
func namespaceHint() string {
	if getenv("VAULT_NAMESPACE") == "" {
		return ""
	}
	return ", or check VAULT_NAMESPACE"
}

// whoami returns the token's name and policies, for messages; "" if the token may not ask,
// because the default policy was taken from it. It asks the server once.
func (s *session) whoami(ctx context.Context) string {
	s.identify.Do(func() {
		var token struct {
			DisplayName string `json:"display_name"`
			Policies    []string
		}
		if s.get(ctx, "auth/token/lookup-self", nil, &token) == nil {
			s.identity = fmt.Sprintf("the token %s (policies %s)", token.DisplayName, strings.Join(token.Policies, ", "))
		}
	})
	return s.identity
}

// connectionFault explains why there is no answer, or an answer that is not about the path.
func (s *session) connectionFault(ctx context.Context, err error) error {
	if refused, isRefused := errors.AsType[*api.ResponseError](err); isRefused && ctx.Err() == nil {
		return s.statusFault(refused)
	}
	switch fault := store.ConnectionFault(ctx, err, s.hostname(), "VAULT_CACERT"); {
	case errors.Is(err, http.ErrSchemeMismatch) || err != nil && strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return fmt.Errorf("%s serves http, not https; set VAULT_ADDR to http://%s if that is intended", s.host, s.host)
	case errors.Is(err, errNotVault):
		return fmt.Errorf("%s answers, but not as Vault does; check VAULT_ADDR", s.host)
	case ctx.Err() == nil && getenv("VAULT_ADDR") == "" && getenv("VAULT_AGENT_ADDR") == "":
		return fmt.Errorf("VAULT_ADDR is not set, and no Vault answers at its default, %s; set it to the address of yours", api.DefaultAddress)
	case fault != nil:
		return fault
	}
	return fmt.Errorf("the request to %s failed; for details: vault status", s.host)
}

// statusFault explains an answer that is an error, but not a denial.
func (s *session) statusFault(refused *api.ResponseError) error {
	status := refused.StatusCode
	switch {
	case hasError(refused, sealed):
		return fmt.Errorf("the Vault at %s is sealed; vault operator unseal opens it", s.host)
	case hasError(refused, plainHTTP):
		return fmt.Errorf("%s serves https, not http; set VAULT_ADDR to https://%s", s.host, s.host)
	case hasError(refused, upgrading):
		return errors.New("the mount is being made one of KV version 2; try again in a minute")
	case hasError(refused, noRoute):
		return errors.New("there is no such mount; vault secrets list shows them all")
	case status == http.StatusTooManyRequests:
		return fmt.Errorf("%s still answers 429, too many requests, after some tries; try again later, or have its rate limit raised", s.host)
	case status >= 500:
		return fmt.Errorf("%s answers %d (%s); try again, and check its log", s.host, status, strings.ToLower(http.StatusText(status)))
	}
	return fmt.Errorf("%s refuses the request, status %d; for details: vault kv get", s.host, status)
}
