package source

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
)

// Vault is HashiCorp Vault's key-value engines, KV version 2 and 1:
// vault://MOUNT/PATH[?version=N]#/KEY. A mount may have slashes in its name. The
// payload is the path's data, a JSON object; no fragment is its key "value", the one
// that a path for a single secret commonly has.
//
// Address, certificates, namespace, proxy and retries are those of the vault program
// (VAULT_ADDR and the like), and so is the token: VAULT_TOKEN, or what `vault login`
// left. Where VAULT_TOKEN is not set and VAULT_ROLE_ID is, it logs in by AppRole.
type Vault struct {
	wait time.Duration // between tries; 0: the SDK's, a second and more

	connect sync.Once
	session *vaultSession
	fault   error
}

// vaultValueKey is the key that no fragment means.
const vaultValueKey = "/value"

// Scheme is what the references begin with.
func (v *Vault) Scheme() string { return "vault" }

// Resolve reads each path once, however many refs have keys of it.
func (v *Vault) Resolve(ctx context.Context, refs []secret.Reference) []Result {
	results := byPayload(refs, vaultLocate, func(places []vaultPlace) []Result {
		return v.each(ctx, places, (*vaultSession).read)
	})
	for i, ref := range refs {
		if results[i].Err == nil {
			results[i] = vaultChosen(ref, results[i])
		}
	}
	return results
}

// Versions reads the paths' metadata; their data only where there is no metadata
// (KV version 1) or the token may not read it.
func (v *Vault) Versions(ctx context.Context, refs []secret.Reference) []Result {
	return byPayload(refs, vaultLocate, func(places []vaultPlace) []Result {
		return v.each(ctx, places, (*vaultSession).version)
	})
}

// each asks for all of places with one session.
func (v *Vault) each(ctx context.Context, places []vaultPlace, ask func(*vaultSession, context.Context, vaultPlace) Result) []Result {
	results := make([]Result, len(places))
	session, err := v.open(ctx)
	if err != nil {
		for i := range results {
			results[i].Err = err
		}
		return results
	}
	fan(len(places), calls, func(i int) { results[i] = ask(session, ctx, places[i]) })
	return results
}

// open connects, once.
func (v *Vault) open(ctx context.Context) (*vaultSession, error) {
	v.connect.Do(func() { v.session, v.fault = newVaultSession(ctx, v.wait) })
	return v.session, v.fault
}

// vaultPlace is a payload: a path from its mount on, and the version that is asked
// for, 0 for the newest.
type vaultPlace struct {
	path    string
	version int
}

var (
	errVaultPath    = errors.New("write vault://MOUNT/PATH#/KEY")
	errVaultVersion = errors.New("?version= wants a number from 1 on")
)

// vaultLocate says which payload ref is a part of.
func vaultLocate(ref secret.Reference) (vaultPlace, error) {
	if err := arguments(ref, "version"); err != nil {
		return vaultPlace{}, err
	}
	segments := strings.Split(ref.Path, "/")
	if len(segments) < 2 || slices.ContainsFunc(segments, vaultOddSegment) {
		return vaultPlace{}, errVaultPath
	}
	place := vaultPlace{path: ref.Path}
	if text := argument(ref, "version"); text != "" {
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 {
			return vaultPlace{}, errVaultVersion
		}
		place.version = number
	}
	return place, nil
}

// vaultOddSegment tells whether a path with this segment would be another path at
// the server, whose client cleans paths as the file system does.
func vaultOddSegment(segment string) bool {
	return segment == "" || segment == "." || segment == ".."
}

// vaultChosen takes ref's key out of whole.
func vaultChosen(ref secret.Reference, whole Result) Result {
	fragment := ref.Fragment
	if fragment == "" {
		fragment = vaultValueKey
	}
	value, err := choose(whole.Value, fragment)
	if err != nil && ref.Fragment == "" {
		err = fmt.Errorf("choose one of its keys with #/KEY: %s", strings.Join(vaultKeys(whole.Value), ", "))
	}
	if err != nil {
		return Result{Err: fmt.Errorf("%s: %w", ref, err)}
	}
	return Result{Value: value, Version: whole.Version}
}

// vaultKeys are the payload's keys, sorted.
func vaultKeys(payload secret.Value) []string {
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(payload.Reveal()), &object) != nil || len(object) == 0 {
		return []string{"it has none"}
	}
	return slices.Sorted(maps.Keys(object))
}
