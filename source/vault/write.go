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

// maxWrites is the number of tries to write a path that someone else writes at the same
// time.
const maxWrites = 4

// Write sets keys in the data of the paths. KV version 2 refuses the write if the path was
// written since it was read; then Write reads it again. KV version 1 has no such check: if
// two people write a path at the same time, the later write wins.
func (v *Store) Write(ctx context.Context, entries []store.Entry) []store.Result {
	return store.WritePerPayload(entries, locate, func(loc location, edit store.Edit) store.Result {
		s, err := v.open(ctx)
		if err != nil {
			return store.Result{Err: err}
		}
		return s.write(ctx, loc, edit)
	})
}

// write repeats writeOnce until nobody else writes at the same time. A value for the whole
// payload becomes its key "value".
func (s *session) write(ctx context.Context, loc location, edit store.Edit) store.Result {
	if loc.version > 0 {
		return store.Result{Err: errors.New("a write makes a new version; leave ?version= out")}
	}
	if edit.Keys == nil {
		edit = store.Edit{Keys: map[string]secret.Value{valueKey: edit.Whole}}
	}
	m, name, err := s.mount(ctx, loc.path)
	if err == nil {
		err = checkLocation(m, name, loc)
	}
	if err != nil {
		return store.Result{Err: err}
	}
	for range maxWrites {
		result := s.writeOnce(ctx, m, name, edit)
		if !errors.Is(result.Err, errStale) {
			return result
		}
	}
	return store.Result{Err: errors.New("another client is writing to the path; try again")}
}

var errStale = errors.New("written to since it was read")

// writeOnce reads the payload, sets the keys and writes it. The error is errStale if the
// path was written in between.
func (s *session) writeOnce(ctx context.Context, m mount, name string, edit store.Edit) store.Result {
	current, err := s.current(ctx, m, name)
	if err != nil {
		return store.Result{Err: err}
	}
	payload, changed, err := edit.ApplyTo(current.Value)
	switch {
	case err != nil:
		return store.Result{Err: err}
	case !changed:
		return store.Result{Version: current.Version}
	case !m.versioned:
		return s.put(ctx, m, name, []byte(payload.Reveal()))
	}
	version, _ := strconv.Atoi(current.Version) // "" becomes 0: only if the path does not exist
	body, err := json.Marshal(map[string]any{
		"options": map[string]int{"cas": version},
		"data":    json.RawMessage(payload.Reveal()),
	})
	if err != nil {
		return store.Result{Err: errors.New("the existing payload cannot be encoded as JSON")}
	}
	return s.put(ctx, m, name, body)
}

// current returns the payload that an edit changes: empty if the path does not exist, or if
// its newest version is deleted or destroyed.
func (s *session) current(ctx context.Context, m mount, name string) (store.Result, error) {
	if !m.versioned {
		var payload json.RawMessage
		err := s.get(ctx, m.data(name), nil, &payload)
		if err != nil && !isNotFound(err) {
			return store.Result{}, s.fault(ctx, err, m, m.data(name), "create", "read", "update")
		}
		return store.Result{Value: secret.NewValue(string(payload))}, nil
	}
	var answer readAnswer
	err := s.get(ctx, m.data(name), nil, &answer)
	if refused, isRefused := errors.AsType[*api.ResponseError](err); isRefused && hasError(refused, noRoute) {
		return store.Result{}, s.connectionFault(ctx, err)
	}
	if err != nil && !isNotFound(err) {
		return store.Result{}, s.fault(ctx, err, m, m.data(name), "create", "read", "update")
	}
	current := store.Result{}
	if answer.Metadata.Version > 0 {
		current.Version = strconv.Itoa(answer.Metadata.Version)
	}
	if string(answer.Data) != "null" {
		current.Value = secret.NewValue(string(answer.Data))
	}
	return current, nil
}

// put writes body and returns the version that this made.
func (s *session) put(ctx context.Context, m mount, name string, body []byte) store.Result {
	answer, err := s.client.Logical().WriteBytesWithContext(ctx, m.data(name), body)
	if refused, isRefused := errors.AsType[*api.ResponseError](err); isRefused && hasError(refused, casMismatch) {
		return store.Result{Err: errStale}
	}
	switch {
	case err != nil:
		return store.Result{Err: s.fault(ctx, err, m, m.data(name), "create", "read", "update")}
	case answer == nil || !m.versioned:
		return store.Result{}
	}
	return store.Result{Version: fmt.Sprint(answer.Data["version"])}
}
