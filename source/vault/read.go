package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/vault/api"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// versionState is what KV version 2 says of one version of a path.
type versionState struct {
	Version      int
	DeletionTime string `json:"deletion_time"` // "" for never; the future for one that will be
	Destroyed    bool
}

// payload is KV version 2's answer to a read. Data is null where the version
// has no value any more.
type payload struct {
	Data     json.RawMessage
	Metadata versionState
}

var errAnswer = errors.New("not Vault's")

// get decodes the data of the answer to GET path into data, of one with an error
// too: a version that is deleted is a 404 that says so in its data.
func (s *session) get(ctx context.Context, path string, query map[string][]string, data any) error {
	response, err := s.client.Logical().ReadRawWithDataWithContext(ctx, path, query)
	if response == nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer := struct{ Data any }{data}
	undecoded := json.NewDecoder(response.Body).Decode(&answer)
	switch {
	case err != nil:
		return err
	case undecoded != nil && ctx.Err() != nil:
		return ctx.Err()
	case undecoded != nil:
		return errAnswer
	}
	return nil
}

// read is the whole payload at place.
func (s *session) read(ctx context.Context, place location) store.Result {
	mount, name, err := s.mount(ctx, place.path)
	if err == nil {
		err = unfit(mount, name, place)
	}
	switch {
	case err != nil:
		return store.Result{Err: err}
	case mount.versioned:
		return s.readVersioned(ctx, mount, name, place.version)
	}
	return s.readPlain(ctx, mount, name)
}

// unfit is an error when mount can have no such place.
func unfit(mount mount, name string, place location) error {
	switch {
	case name == "":
		return fmt.Errorf("names the mount %s and no path in it; %w", mount.path, errPath)
	case place.version > 0 && !mount.versioned:
		return fmt.Errorf("%s is a KV version 1 mount, which keeps no versions; leave ?version= out", mount.path)
	}
	return nil
}

// readVersioned is the payload of KV version 2; of its newest version when version
// is 0.
func (s *session) readVersioned(ctx context.Context, mount mount, name string, version int) store.Result {
	var query map[string][]string
	if version > 0 {
		query = map[string][]string{"version": {strconv.Itoa(version)}}
	}
	var payload payload
	err := s.get(ctx, mount.data(name), query, &payload)
	switch {
	case err != nil && !absent(err):
		return store.Result{Err: s.refused(ctx, err, mount, mount.data(name), "read")}
	case err == nil && len(payload.Data) > 0 && string(payload.Data) != "null":
		return store.Result{Value: secret.NewValue(string(payload.Data)), Version: strconv.Itoa(payload.Metadata.Version)}
	case payload.Metadata.Version > 0:
		return store.Result{Version: strconv.Itoa(payload.Metadata.Version), Err: gone(mount, name, payload.Metadata)}
	case version > 0:
		return store.Result{Err: s.noVersion(ctx, mount, name, version, err)}
	}
	return store.Result{Err: s.missing(ctx, mount, name, err)}
}

// noVersion is why there is no such version of a path.
func (s *session) noVersion(ctx context.Context, mount mount, name string, version int, err error) error {
	newest := s.readVersioned(ctx, mount, name, 0)
	if newest.Version == "" {
		return s.missing(ctx, mount, name, err)
	}
	return fmt.Errorf("no version %d is kept; the newest is %s", version, newest.Version)
}

// readPlain is the payload of KV version 1.
func (s *session) readPlain(ctx context.Context, mount mount, name string) store.Result {
	var payload json.RawMessage
	err := s.get(ctx, mount.data(name), nil, &payload)
	switch {
	case absent(err):
		return store.Result{Err: s.missing(ctx, mount, name, err)}
	case err != nil:
		return store.Result{Err: s.refused(ctx, err, mount, mount.data(name), "read")}
	}
	return store.Result{Value: secret.NewValue(string(payload))}
}

// version is the version that read would give, without the value.
func (s *session) version(ctx context.Context, place location) store.Result {
	mount, name, err := s.mount(ctx, place.path)
	if err == nil {
		err = unfit(mount, name, place)
	}
	if err != nil {
		return store.Result{Err: err}
	}
	if mount.versioned {
		result, known := s.versionFromMetadata(ctx, mount, name, place.version)
		if known {
			return result
		}
	}
	result := s.read(ctx, place)
	return store.Result{Version: result.Version, Err: result.Err}
}

// versionFromMetadata is false when the metadata does not answer the question: the
// token may not read it, or there is nothing there.
func (s *session) versionFromMetadata(ctx context.Context, mount mount, name string, version int) (store.Result, bool) {
	var metadata struct {
		CurrentVersion int `json:"current_version"`
		Versions       map[string]versionState
	}
	if s.get(ctx, mount.names(name), nil, &metadata) != nil || metadata.CurrentVersion == 0 {
		return store.Result{}, false
	}
	if version == 0 {
		version = metadata.CurrentVersion
	}
	number := strconv.Itoa(version)
	found, there := metadata.Versions[number]
	if !there {
		return store.Result{Err: fmt.Errorf("no version %d is kept; the newest is %d", version, metadata.CurrentVersion)}, true
	}
	found.Version = version
	if found.Destroyed || found.deleted() {
		return store.Result{Err: gone(mount, name, found)}, true
	}
	return store.Result{Version: number}, true
}

// deleted tells whether the version's time is over.
func (v versionState) deleted() bool {
	end, err := time.Parse(time.RFC3339Nano, v.DeletionTime)
	return err == nil && !end.After(time.Now())
}

// absent tells whether err is the server's answer that nothing is there.
func absent(err error) bool {
	refused, isRefused := errors.AsType[*api.ResponseError](err)
	return isRefused && refused.StatusCode == http.StatusNotFound
}
