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

// versionState is KV version 2's metadata of one version of a path.
type versionState struct {
	Version      int
	DeletionTime string `json:"deletion_time"` // "" if it is not deleted; may be in the future
	Destroyed    bool
}

// readAnswer is KV version 2's answer to a read. Data is null if the version is deleted.
type readAnswer struct {
	Data     json.RawMessage
	Metadata versionState
}

var errNotVault = errors.New("not Vault's")

// get decodes the data of the answer to GET path into data, even if the answer is an error:
// the answer for a deleted version is a 404 with its metadata. The error is an
// *api.ResponseError, errNotVault, or that of ctx or of the transport.
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
		return errNotVault
	}
	return nil
}

// read returns the whole payload at loc.
func (s *session) read(ctx context.Context, loc location) store.Result {
	m, name, err := s.mount(ctx, loc.path)
	if err == nil {
		err = checkLocation(m, name, loc)
	}
	switch {
	case err != nil:
		return store.Result{Err: err}
	case m.versioned:
		return s.readVersioned(ctx, m, name, loc.version)
	}
	return s.readUnversioned(ctx, m, name)
}

// checkLocation fails if m cannot hold loc; name is loc's path below the mount.
func checkLocation(m mount, name string, loc location) error {
	switch {
	case name == "":
		return fmt.Errorf("names the mount %s and no path in it; %w", m.path, errPath)
	case loc.version > 0 && !m.versioned:
		return fmt.Errorf("%s is a KV version 1 mount, which keeps no versions; leave ?version= out", m.path)
	}
	return nil
}

// readVersioned returns a payload of KV version 2; 0 means the newest version.
func (s *session) readVersioned(ctx context.Context, m mount, name string, version int) store.Result {
	var query map[string][]string
	if version > 0 {
		query = map[string][]string{"version": {strconv.Itoa(version)}}
	}
	var answer readAnswer
	err := s.get(ctx, m.data(name), query, &answer)
	switch {
	case err != nil && !isNotFound(err):
		return store.Result{Err: s.fault(ctx, err, m, m.data(name), "read")}
	case err == nil && len(answer.Data) > 0 && string(answer.Data) != "null":
		return store.Result{Value: secret.NewValue(string(answer.Data)), Version: strconv.Itoa(answer.Metadata.Version)}
	case answer.Metadata.Version > 0:
		return store.Result{Version: strconv.Itoa(answer.Metadata.Version), Err: deletedFault(m, name, answer.Metadata)}
	case version > 0:
		return store.Result{Err: s.noVersionFault(ctx, m, name, version, err)}
	}
	return store.Result{Err: s.missingFault(ctx, m, name, err)}
}

// noVersionFault is for a version that a path does not have; err is the server's 404.
func (s *session) noVersionFault(ctx context.Context, m mount, name string, version int, err error) error {
	newest := s.readVersioned(ctx, m, name, 0)
	if newest.Version == "" {
		return s.missingFault(ctx, m, name, err)
	}
	return fmt.Errorf("no version %d is kept; the newest is %s", version, newest.Version)
}

// readUnversioned returns a payload of KV version 1.
func (s *session) readUnversioned(ctx context.Context, m mount, name string) store.Result {
	var payload json.RawMessage
	err := s.get(ctx, m.data(name), nil, &payload)
	switch {
	case isNotFound(err):
		return store.Result{Err: s.missingFault(ctx, m, name, err)}
	case err != nil:
		return store.Result{Err: s.fault(ctx, err, m, m.data(name), "read")}
	}
	return store.Result{Value: secret.NewValue(string(payload))}
}

// version returns the version that read would return now, without the value if the metadata
// has the answer.
func (s *session) version(ctx context.Context, loc location) store.Result {
	m, name, err := s.mount(ctx, loc.path)
	if err == nil {
		err = checkLocation(m, name, loc)
	}
	if err != nil {
		return store.Result{Err: err}
	}
	if m.versioned {
		result, known := s.versionFromMetadata(ctx, m, name, loc.version)
		if known {
			return result
		}
	}
	result := s.read(ctx, loc)
	return store.Result{Version: result.Version, Err: result.Err}
}

// versionFromMetadata returns the version out of the path's metadata; false if the token may
// not read that, or if there is none.
func (s *session) versionFromMetadata(ctx context.Context, m mount, name string, version int) (store.Result, bool) {
	var metadata struct {
		CurrentVersion int `json:"current_version"`
		Versions       map[string]versionState
	}
	if s.get(ctx, m.metadata(name), nil, &metadata) != nil || metadata.CurrentVersion == 0 {
		return store.Result{}, false
	}
	if version == 0 {
		version = metadata.CurrentVersion
	}
	number := strconv.Itoa(version)
	found, exists := metadata.Versions[number]
	if !exists {
		return store.Result{Err: fmt.Errorf("no version %d is kept; the newest is %d", version, metadata.CurrentVersion)}, true
	}
	found.Version = version
	if found.Destroyed || found.deleted() {
		return store.Result{Err: deletedFault(m, name, found)}, true
	}
	return store.Result{Version: number}, true
}

// deleted reports whether the version's deletion time has passed.
func (v versionState) deleted() bool {
	end, err := time.Parse(time.RFC3339Nano, v.DeletionTime)
	return err == nil && !end.After(time.Now())
}

// isNotFound reports whether err is an answer with status 404.
func isNotFound(err error) bool {
	refused, isRefused := errors.AsType[*api.ResponseError](err)
	return isRefused && refused.StatusCode == http.StatusNotFound
}
