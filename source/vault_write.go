package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/hashicorp/vault/api"

	"github.com/docker-secrets/docker-secrets/secret"
)

// vaultWrites is how often a write is done over when somebody else wrote the same
// path in between.
const vaultWrites = 4

// Write sets keys in the paths' data; other keys stay. KV version 2 refuses a write
// to a path that was written to since it was read, which then is read again; version
// 1 cannot tell.
func (v *Vault) Write(ctx context.Context, entries []Entry) []Result {
	return byEdit(entries, vaultLocate, func(place vaultPlace, e edit) Result {
		session, err := v.open(ctx)
		if err != nil {
			return Result{Err: err}
		}
		return session.write(ctx, place, e)
	})
}

func (s *vaultSession) write(ctx context.Context, place vaultPlace, e edit) Result {
	if place.version > 0 {
		return Result{Err: errors.New("a write makes a new version; leave ?version= out")}
	}
	if e.keys == nil {
		e = edit{keys: map[string]secret.Value{vaultValueKey: e.whole}}
	}
	mount, name, err := s.mount(ctx, place.path)
	if err == nil {
		err = vaultUnfit(mount, name, place)
	}
	if err != nil {
		return Result{Err: err}
	}
	for range vaultWrites {
		result := s.writeOnce(ctx, mount, name, e)
		if !errors.Is(result.Err, errVaultStale) {
			return result
		}
	}
	return Result{Err: errors.New("somebody else writes to the path at the same time; try again")}
}

var errVaultStale = errors.New("written to since it was read")

// writeOnce reads, merges and writes.
func (s *vaultSession) writeOnce(ctx context.Context, mount vaultMount, name string, e edit) Result {
	now, err := s.current(ctx, mount, name)
	if err != nil {
		return Result{Err: err}
	}
	payload, changed, err := e.of(now.Value)
	switch {
	case err != nil:
		return Result{Err: err}
	case !changed:
		return Result{Version: now.Version}
	case !mount.versioned:
		return s.put(ctx, mount, name, []byte(payload.Reveal()))
	}
	version, _ := strconv.Atoi(now.Version) // "" is 0: only if nothing is there
	body, err := json.Marshal(map[string]any{
		"options": map[string]int{"cas": version},
		"data":    json.RawMessage(payload.Reveal()),
	})
	if err != nil {
		return Result{Err: errors.New("what is there cannot be written as JSON again")}
	}
	return s.put(ctx, mount, name, body)
}

// current is the payload that the edit is made in: none where nothing is, or where
// the newest version is deleted or destroyed.
func (s *vaultSession) current(ctx context.Context, mount vaultMount, name string) (Result, error) {
	if !mount.versioned {
		var payload json.RawMessage
		err := s.get(ctx, mount.data(name), nil, &payload)
		if err != nil && !vaultAbsent(err) {
			return Result{}, s.refused(ctx, err, mount, mount.data(name), "create", "read", "update")
		}
		return Result{Value: secret.NewValue(string(payload))}, nil
	}
	var payload vaultPayload
	err := s.get(ctx, mount.data(name), nil, &payload)
	if refused, isRefused := errors.AsType[*api.ResponseError](err); isRefused && vaultSays(refused, vaultNoRoute) {
		return Result{}, s.unanswered(ctx, err)
	}
	if err != nil && !vaultAbsent(err) {
		return Result{}, s.refused(ctx, err, mount, mount.data(name), "create", "read", "update")
	}
	now := Result{}
	if payload.Metadata.Version > 0 {
		now.Version = strconv.Itoa(payload.Metadata.Version)
	}
	if string(payload.Data) != "null" {
		now.Value = secret.NewValue(string(payload.Data))
	}
	return now, nil
}

// put writes body and answers with the version that this made.
func (s *vaultSession) put(ctx context.Context, mount vaultMount, name string, body []byte) Result {
	answer, err := s.client.Logical().WriteBytesWithContext(ctx, mount.data(name), body)
	if refused, isRefused := errors.AsType[*api.ResponseError](err); isRefused && vaultSays(refused, vaultStale) {
		return Result{Err: errVaultStale}
	}
	switch {
	case err != nil:
		return Result{Err: s.refused(ctx, err, mount, mount.data(name), "create", "read", "update")}
	case answer == nil || !mount.versioned:
		return Result{}
	}
	return Result{Version: fmt.Sprint(answer.Data["version"])}
}
