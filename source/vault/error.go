package vault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/vault/api"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// What Vault says in its errors, to be recognised and never to be printed.
const (
	sealed    = "Vault is sealed"
	noRoute   = "no handler for route"
	plainHTTP = "HTTP request to an HTTPS server"
	upgrading = "Upgrading from non-versioned to versioned"
	stale     = "check-and-set parameter"
	noToken   = "missing client token"
	badToken  = "invalid token"
)

// says tells whether one of the errors that the server gave has text in it.
func says(refused *api.ResponseError, text string) bool {
	for _, said := range refused.Errors {
		if strings.Contains(said, text) {
			return true
		}
	}
	return false
}

// gone is about a version that is there without its value.
func gone(mount mount, name string, version versionState) error {
	if version.Destroyed {
		return fmt.Errorf("version %d is destroyed, for good; write a new value", version.Version)
	}
	return fmt.Errorf("version %d is deleted; vault kv undelete -mount=%s -versions=%d %s brings it back", version.Version, strings.TrimSuffix(mount.path, "/"), version.Version, name)
}

// missing is about a path where nothing is; err is the server's 404.
func (s *session) missing(ctx context.Context, mount mount, name string, err error) error {
	if refused, isRefused := errors.AsType[*api.ResponseError](err); isRefused && says(refused, noRoute) {
		return fmt.Errorf("there is no mount %s; vault secrets list shows them all", mount.path)
	}
	if rest, isAPI := strings.CutPrefix(name, "data/"); isAPI {
		return fmt.Errorf("no such path in %s; write it as vault kv does, without data/: vault://%s%s: %w", mount.path, mount.path, rest, store.ErrNotFound)
	}
	folder := folder(name)
	others := s.near.In(mount.path+folder, func() ([]string, error) { return s.names(ctx, mount, folder) })
	return fmt.Errorf("no such path in %s%s%s: %w", mount.path, folder, store.DidYouMean(strings.TrimPrefix(name, folder), others), store.ErrNotFound)
}

// refused is why the server did not do what path was asked for, which needs
// capabilities there.
func (s *session) refused(ctx context.Context, err error, mount mount, path string, capabilities ...string) error {
	refused, isRefused := errors.AsType[*api.ResponseError](err)
	if !isRefused || refused.StatusCode != http.StatusForbidden && !says(refused, noToken) {
		return s.unanswered(ctx, err)
	}
	if says(refused, badToken) {
		return fmt.Errorf("the token of %s is not valid, or no longer; log in again%s", s.login, namespaceHint())
	}
	who := s.whoami(ctx)
	if who == "" && s.login == "" {
		return errors.New(`no Vault token; log in with vault login, or set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID (AppRole)`)
	}
	if who == "" { // a token without the default policy; or a server of old, which does not say invalid
		who = "the token of " + s.login + ", if it is still valid"
	}
	text := fmt.Sprintf("access denied to %s; its policy needs: path %q { capabilities = [%s] }", who, path, quoted(capabilities))
	if mount.guessed {
		text += fmt.Sprintf(" (or there is no mount %s)", mount.path)
	}
	return errors.New(text)
}

func quoted(words []string) string { return `"` + strings.Join(words, `", "`) + `"` }

// namespaceHint is for a token that is valid elsewhere.
func namespaceHint() string {
	if variable("VAULT_NAMESPACE") == "" {
		return ""
	}
	return ", or check VAULT_NAMESPACE"
}

// whoami is the token's name and policies, which every token may ask for unless the
// default policy was taken from it. It is asked once, and only for messages.
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

// unanswered is why there is no answer, or one that says nothing of the question.
func (s *session) unanswered(ctx context.Context, err error) error {
	if refused, isRefused := errors.AsType[*api.ResponseError](err); isRefused && ctx.Err() == nil {
		return s.failed(refused)
	}
	switch fault := store.Unreached(ctx, err, s.hostname(), "VAULT_CACERT"); {
	case errors.Is(err, http.ErrSchemeMismatch) || err != nil && strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return fmt.Errorf("%s speaks http, not https; set VAULT_ADDR to http://%s if that is meant", s.host, s.host)
	case errors.Is(err, errAnswer):
		return fmt.Errorf("%s answers, but not as Vault does; check VAULT_ADDR", s.host)
	case ctx.Err() == nil && variable("VAULT_ADDR") == "" && variable("VAULT_AGENT_ADDR") == "":
		return fmt.Errorf("VAULT_ADDR is not set, and no Vault answers at its default, %s; set it to the address of yours", api.DefaultAddress)
	case fault != nil:
		return fault
	}
	return fmt.Errorf("the request to %s failed; vault status says more", s.host)
}

// failed is about an answer that is an error.
func (s *session) failed(refused *api.ResponseError) error {
	status := refused.StatusCode
	switch {
	case says(refused, sealed):
		return fmt.Errorf("the Vault at %s is sealed; vault operator unseal opens it", s.host)
	case says(refused, plainHTTP):
		return fmt.Errorf("%s speaks https, not http; set VAULT_ADDR to https://%s", s.host, s.host)
	case says(refused, upgrading):
		return errors.New("the mount is being made one of KV version 2; try again in a minute")
	case says(refused, noRoute):
		return errors.New("there is no such mount; vault secrets list shows them all")
	case status == http.StatusTooManyRequests:
		return fmt.Errorf("%s still answers 429, too many requests, after some tries; try again later, or have its rate limit raised", s.host)
	case status >= 500:
		return fmt.Errorf("%s answers %d (%s); try again, and look into its log", s.host, status, strings.ToLower(http.StatusText(status)))
	}
	return fmt.Errorf("%s refuses the request, status %d; vault kv get says more", s.host, status)
}

// listFault has the base in front.
func listFault(base secret.Reference, err error) error { return fmt.Errorf("%s: %w", base, err) }
