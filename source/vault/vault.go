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

// Store is HashiCorp Vault's key-value engines, KV version 2 and 1:
// vault://MOUNT/PATH[?version=N]#/KEY. A mount may have slashes in its name. The
// payload is the path's data, a JSON object; no fragment is its key "value", the one
// that a path for a single secret commonly has.
//
// Address, certificates, namespace, proxy and retries are those of the vault program
// (VAULT_ADDR and the like), and so is the token: VAULT_TOKEN, or what `vault login`
// left. Where VAULT_TOKEN is not set and VAULT_ROLE_ID is, it logs in by AppRole.
type Store struct {
	wait time.Duration // between tries; 0: the SDK's, a second and more

	connect sync.Once
	session *session
	fault   error
}

// valueKey is the key that no fragment means.
const valueKey = "/value"

// Scheme is what the references begin with.
func (v *Store) Scheme() string { return "vault" }

// Resolve reads each path once, however many refs have keys of it.
func (v *Store) Resolve(ctx context.Context, refs []secret.Reference) []store.Result {
	results := store.ByPayload(refs, locate, func(places []location) []store.Result {
		return v.each(ctx, places, (*session).read)
	})
	for i, ref := range refs {
		if results[i].Err == nil {
			results[i] = chosen(ref, results[i])
		}
	}
	return results
}

// Versions reads the paths' metadata; their data only where there is no metadata
// (KV version 1) or the token may not read it.
func (v *Store) Versions(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.ByPayload(refs, locate, func(places []location) []store.Result {
		return v.each(ctx, places, (*session).version)
	})
}

// each asks for all of places with one session.
func (v *Store) each(ctx context.Context, places []location, ask func(*session, context.Context, location) store.Result) []store.Result {
	results := make([]store.Result, len(places))
	session, err := v.open(ctx)
	if err != nil {
		for i := range results {
			results[i].Err = err
		}
		return results
	}
	store.Fan(len(places), store.Calls, func(i int) { results[i] = ask(session, ctx, places[i]) })
	return results
}

// open connects, once.
func (v *Store) open(ctx context.Context) (*session, error) {
	v.connect.Do(func() { v.session, v.fault = newSession(ctx, v.wait) })
	return v.session, v.fault
}

// location is a payload: a path from its mount on, and the version that is asked
// for, 0 for the newest.
type location struct {
	path    string
	version int
}

var (
	errPath    = errors.New("write vault://MOUNT/PATH#/KEY")
	errVersion = errors.New("?version= wants a number from 1 on")
)

// locate says which payload ref is a part of.
func locate(ref secret.Reference) (location, error) {
	if err := store.Arguments(ref, "version"); err != nil {
		return location{}, err
	}
	segments := strings.Split(ref.Path, "/")
	if len(segments) < 2 || slices.ContainsFunc(segments, oddSegment) {
		return location{}, errPath
	}
	place := location{path: ref.Path}
	if text := store.Argument(ref, "version"); text != "" {
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 {
			return location{}, errVersion
		}
		place.version = number
	}
	return place, nil
}

// oddSegment tells whether a path with this segment would be another path at
// the server, whose client cleans paths as the file system does.
func oddSegment(segment string) bool {
	return segment == "" || segment == "." || segment == ".."
}

// chosen takes ref's key out of whole.
func chosen(ref secret.Reference, whole store.Result) store.Result {
	fragment := ref.Fragment
	if fragment == "" {
		fragment = valueKey
	}
	value, err := store.Choose(whole.Value, fragment)
	if err != nil && ref.Fragment == "" {
		err = fmt.Errorf("choose one of its keys with #/KEY: %s", strings.Join(keys(whole.Value), ", "))
	}
	if err != nil {
		return store.Result{Err: fmt.Errorf("%s: %w", ref, err)}
	}
	return store.Result{Value: value, Version: whole.Version}
}

// keys are the payload's keys, sorted.
func keys(payload secret.Value) []string {
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(payload.Reveal()), &object) != nil || len(object) == 0 {
		return []string{"it has none"}
	}
	return slices.Sorted(maps.Keys(object))
}
