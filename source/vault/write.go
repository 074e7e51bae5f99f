package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/hashicorp/vault/api"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// writes is how often a write is done over when somebody else wrote the same
// path in between.
const writes = 4

// Write sets keys in the paths' data; other keys stay. KV version 2 refuses a write
// to a path that was written to since it was read, which then is read again; version
// 1 cannot tell.
func (v *Store) Write(ctx context.Context, entries []store.Entry) []store.Result {
	return store.ByEdit(entries, locate, func(place location, e store.Edit) store.Result {
		session, err := v.open(ctx)
		if err != nil {
			return store.Result{Err: err}
		}
		return session.write(ctx, place, e)
	})
}

func (s *session) write(ctx context.Context, place location, e store.Edit) store.Result {
	if place.version > 0 {
		return store.Result{Err: errors.New("a write makes a new version; leave ?version= out")}
	}
	if e.Keys == nil {
		e = store.Edit{Keys: map[string]secret.Value{valueKey: e.Whole}}
	}
	mount, name, err := s.mount(ctx, place.path)
	if err == nil {
		err = unfit(mount, name, place)
	}
	if err != nil {
		return store.Result{Err: err}
	}
	for range writes {
		result := s.writeOnce(ctx, mount, name, e)
		if !errors.Is(result.Err, errStale) {
			return result
		}
	}
	return store.Result{Err: errors.New("somebody else writes to the path at the same time; try again")}
}

var errStale = errors.New("written to since it was read")

// writeOnce reads, merges and writes.
func (s *session) writeOnce(ctx context.Context, mount mount, name string, e store.Edit) store.Result {
	now, err := s.current(ctx, mount, name)
	if err != nil {
		return store.Result{Err: err}
	}
	payload, changed, err := e.Of(now.Value)
	switch {
	case err != nil:
		return store.Result{Err: err}
	case !changed:
		return store.Result{Version: now.Version}
	case !mount.versioned:
		return s.put(ctx, mount, name, []byte(payload.Reveal()))
	}
	version, _ := strconv.Atoi(now.Version) // "" is 0: only if nothing is there
	body, err := json.Marshal(map[string]any{
		"options": map[string]int{"cas": version},
		"data":    json.RawMessage(payload.Reveal()),
	})
	if err != nil {
		return store.Result{Err: errors.New("what is there cannot be written as JSON again")}
	}
	return s.put(ctx, mount, name, body)
}

// current is the payload that the edit is made in: none where nothing is, or where
// the newest version is deleted or destroyed.
func (s *session) current(ctx context.Context, mount mount, name string) (store.Result, error) {
	if !mount.versioned {
		var payload json.RawMessage
		err := s.get(ctx, mount.data(name), nil, &payload)
		if err != nil && !absent(err) {
			return store.Result{}, s.refused(ctx, err, mount, mount.data(name), "create", "read", "update")
		}
		return store.Result{Value: secret.NewValue(string(payload))}, nil
	}
	var payload payload
	err := s.get(ctx, mount.data(name), nil, &payload)
	if refused, isRefused := errors.AsType[*api.ResponseError](err); isRefused && says(refused, noRoute) {
		return store.Result{}, s.unanswered(ctx, err)
	}
	if err != nil && !absent(err) {
		return store.Result{}, s.refused(ctx, err, mount, mount.data(name), "create", "read", "update")
	}
	now := store.Result{}
	if payload.Metadata.Version > 0 {
		now.Version = strconv.Itoa(payload.Metadata.Version)
	}
	if string(payload.Data) != "null" {
		now.Value = secret.NewValue(string(payload.Data))
	}
	return now, nil
}

// put writes body and answers with the version that this made.
func (s *session) put(ctx context.Context, mount mount, name string, body []byte) store.Result {
	answer, err := s.client.Logical().WriteBytesWithContext(ctx, mount.data(name), body)
	if refused, isRefused := errors.AsType[*api.ResponseError](err); isRefused && says(refused, stale) {
		return store.Result{Err: errStale}
	}
	switch {
	case err != nil:
		return store.Result{Err: s.refused(ctx, err, mount, mount.data(name), "create", "read", "update")}
	case answer == nil || !mount.versioned:
		return store.Result{}
	}
	return store.Result{Version: fmt.Sprint(answer.Data["version"])}
}
