// Package vault reads and writes the key-value engines of HashiCorp Vault, with the settings
// and the login of the vault program. Its errors quote nothing of the server's answers but
// the token's name and policies.
//
// It does not know the other secret managers, and not what a secret is for.
package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Store is the key-value engines of a HashiCorp Vault, KV version 2 and 1. The zero value is
// ready. A reference is
//
//	vault://MOUNT/PATH[?version=N][#/key]
//
// The name of a mount may have slashes. The payload is the path's data, a JSON object.
// Without a fragment the key "value" is read, which paths for a single secret usually have.
//
// Address, certificates, namespace, proxy and retries are set as for the vault program
// (VAULT_ADDR and others). The token is VAULT_TOKEN, or that of `vault login`. If VAULT_TOKEN
// is not set and VAULT_ROLE_ID is, the store logs in by AppRole.
type Store struct {
	retryDelay time.Duration // between tries; 0: the SDK's, a second and more. Tests set it.

	connect sync.Once
	session *session
	fault   error
}

// valueKey is the fragment that an empty one means.
const valueKey = "/value"

// Scheme returns "vault".
func (v *Store) Scheme() string { return secret.SchemeVault }

// Separators returns all of them: Vault accepts each in paths.
func (v *Store) Separators() string { return "/._-" }

// Resolve reads each path once, however many of refs select a key of it.
func (v *Store) Resolve(ctx context.Context, refs []secret.Reference) []store.Result {
	results := store.OncePerPayload(refs, locate, func(locs []location) []store.Result {
		return v.forEach(ctx, locs, (*session).read)
	})
	for i, ref := range refs {
		if results[i].Err == nil {
			results[i] = selectKey(ref, results[i])
		}
	}
	return results
}

// Versions reads the metadata of the paths. It reads the data if there is no metadata (KV
// version 1) or if the token may not read it.
func (v *Store) Versions(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.OncePerPayload(refs, locate, func(locs []location) []store.Result {
		return v.forEach(ctx, locs, (*session).version)
	})
}

// forEach calls ask for each of locs and returns the results in the order of locs.
func (v *Store) forEach(ctx context.Context, locs []location, ask func(*session, context.Context, location) store.Result) []store.Result {
	s, err := v.open(ctx)
	if err != nil {
		return store.Failed(len(locs), err)
	}
	return store.Each(locs, func(loc location) store.Result { return ask(s, ctx, loc) })
}

// open connects and logs in once, and returns the same result from then on.
func (v *Store) open(ctx context.Context) (*session, error) {
	v.connect.Do(func() { v.session, v.fault = newSession(ctx, v.retryDelay) })
	return v.session, v.fault
}

// location identifies one payload: a path that begins with its mount, and the version, 0
// for the newest.
type location struct {
	path    string
	version int
}

var (
	errPath    = errors.New("write vault://MOUNT/PATH#/KEY")
	errVersion = errors.New("?version= must be a number from 1")
)

// locate returns the payload of ref. It fails if Vault cannot have such a path.
func locate(ref secret.Reference) (location, error) {
	if err := store.CheckArguments(ref, "version"); err != nil {
		return location{}, err
	}
	segments := strings.Split(ref.Path, "/")
	if len(segments) < 2 || slices.ContainsFunc(segments, isOddSegment) {
		return location{}, errPath
	}
	loc := location{path: ref.Path}
	if text := store.Argument(ref, "version"); text != "" {
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 {
			return location{}, errVersion
		}
		loc.version = number
	}
	return loc, nil
}

// isOddSegment reports whether Vault's client would change a path with this segment: it
// cleans paths as a file system does.
func isOddSegment(segment string) bool {
	return segment == "" || segment == "." || segment == ".."
}

// selectKey returns the result for ref, given the result with its whole payload.
func selectKey(ref secret.Reference, whole store.Result) store.Result {
	fragment := ref.Fragment
	if fragment == "" {
		fragment = valueKey
	}
	value, err := store.SelectKey(whole.Value, fragment)
	if err != nil && ref.Fragment == "" {
		err = fmt.Errorf("choose one of its keys with #/KEY: %s", strings.Join(keyNames(whole.Value), ", "))
	}
	if err != nil {
		return store.Result{Err: fmt.Errorf("%s: %w", ref, err)}
	}
	return store.Result{Value: value, Version: whole.Version}
}

// keyNames returns the keys of the payload, sorted, for a message.
func keyNames(payload secret.Value) []string {
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(payload.Reveal()), &object) != nil || len(object) == 0 {
		return []string{"it has none"}
	}
	return slices.Sorted(maps.Keys(object))
}
