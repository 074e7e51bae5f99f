package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// sops resolves sops://FILE[#/key] with the user's own sops program, which finds its keys,
// agents and key services itself. Without a fragment the value is the whole decrypted file.
type sops struct {
	Local
	program
}

// newSOPS returns the system for sops://. Relative paths are relative to local.Dir.
func newSOPS(local Local) store.System {
	return sops{local, program{
		name: "sops", environ: local.Environ, prefix: "SOPS_",
		names: strings.Fields(`
			GNUPGHOME GPG_AGENT_INFO GPG_TTY SSH_AUTH_SOCK
			AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_REGION AWS_DEFAULT_REGION
			AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE
			AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI
			AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_EC2_METADATA_DISABLED
			AWS_CA_BUNDLE AWS_ENDPOINT_URL AWS_ENDPOINT_URL_KMS AWS_ENDPOINT_URL_STS AWS_USE_FIPS_ENDPOINT
			AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET AZURE_CLIENT_CERTIFICATE_PATH AZURE_CLIENT_CERTIFICATE_PASSWORD
			AZURE_FEDERATED_TOKEN_FILE AZURE_AUTHORITY_HOST AZURE_CONFIG_DIR
			IDENTITY_ENDPOINT IDENTITY_HEADER MSI_ENDPOINT MSI_SECRET
			GOOGLE_APPLICATION_CREDENTIALS GOOGLE_CREDENTIALS GOOGLE_OAUTH_ACCESS_TOKEN CLOUDSDK_CONFIG GCE_METADATA_HOST
			VAULT_ADDR VAULT_TOKEN VAULT_NAMESPACE VAULT_CACERT VAULT_CAPATH VAULT_CLIENT_CERT VAULT_CLIENT_KEY
			VAULT_SKIP_VERIFY VAULT_TLS_SERVER_NAME`),
	}}
}

// Scheme returns "sops".
func (s sops) Scheme() string { return secret.SchemeSOPS }

// sopsPayload is what one run of sops decrypts: a file in its own format, or as JSON.
type sopsPayload struct {
	file string
	json bool
}

// Resolve runs sops once for each file, however many of refs select a key of it.
func (s sops) Resolve(ctx context.Context, refs []secret.Reference) []store.Result {
	locate := func(ref secret.Reference) (sopsPayload, error) {
		return sopsPayload{s.path(ref.Path), ref.Fragment != ""}, store.CheckArguments(ref)
	}
	return store.SelectKeys(refs, store.OncePerPayload(refs, locate, func(payloads []sopsPayload) []store.Result {
		results := make([]store.Result, len(payloads))
		firstAlone(len(payloads), func(i int) {
			results[i].Value, results[i].Err = s.decrypt(ctx, payloads[i].file, payloads[i].json)
		})
		return results
	}))
}

// decrypt returns the decrypted file. The error wraps ErrNotFound if there is no such file.
func (s sops) decrypt(ctx context.Context, file string, json bool) (secret.Value, error) {
	switch err := regular.Check(file); {
	case errors.Is(err, fs.ErrNotExist):
		return secret.Value{}, fmt.Errorf("no such file: %w", store.ErrNotFound)
	case errors.Is(err, regular.ErrNotRegular), errors.Is(err, regular.ErrTooLarge): // sops would wait for a pipe
		return secret.Value{}, errors.New("not a regular file of at most 16 MiB; name one")
	}
	args := []string{"--decrypt", file}
	if json {
		args = []string{"--decrypt", "--output-type", "json", file}
	}
	value, err := s.output(ctx, args...)
	if exit, ended := errors.AsType[*exitError](err); ended {
		return secret.Value{}, sopsFault(exit)
	}
	if errors.Is(err, errNoProgram) {
		err = errors.New("sops is not installed, or not on the PATH; see https://getsops.io")
	}
	return value, err
}

// Exit codes of sops, from its package cmd/sops/codes.
const (
	sopsNotDecrypted = 25
	sopsMACMismatch  = 51
	sopsNoDataKey    = 128
)

// sopsFault explains how sops ended.
func sopsFault(exit *exitError) error {
	switch {
	case exit.code == sopsNoDataKey:
		return errors.New("none of your keys decrypts it (sops: could not get the data key); set SOPS_AGE_KEY_FILE, or log in to the key service that it is encrypted for")
	case exit.code == sopsMACMismatch, exit.code == sopsNotDecrypted:
		return errors.New("it was changed since it was encrypted (sops: its contents do not match their signatures); edit it with sops only")
	case strings.Contains(exit.stderr, "metadata not found"):
		return errors.New("it is not encrypted with sops; encrypt it, or write file:// or dotenv:// if it should not be")
	}
	return fmt.Errorf("%w; sops --decrypt shows why", exit)
}
