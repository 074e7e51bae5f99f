package source

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
)

// vaultVersion is what KV version 2 says of one version of a path.
type vaultVersion struct {
	Version      int
	DeletionTime string `json:"deletion_time"` // "" for never; the future for one that will be
	Destroyed    bool
}

// vaultPayload is KV version 2's answer to a read. Data is null where the version
// has no value any more.
type vaultPayload struct {
	Data     json.RawMessage
	Metadata vaultVersion
}

var errVaultAnswer = errors.New("not Vault's")

// get decodes the data of the answer to GET path into data, of one with an error
// too: a version that is deleted is a 404 that says so in its data.
func (s *vaultSession) get(ctx context.Context, path string, query map[string][]string, data any) error {
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
		return errVaultAnswer
	}
	return nil
}

// read is the whole payload at place.
func (s *vaultSession) read(ctx context.Context, place vaultPlace) Result {
	mount, name, err := s.mount(ctx, place.path)
	if err == nil {
		err = vaultUnfit(mount, name, place)
	}
	switch {
	case err != nil:
		return Result{Err: err}
	case mount.versioned:
		return s.readVersioned(ctx, mount, name, place.version)
	}
	return s.readPlain(ctx, mount, name)
}

// vaultUnfit is an error when mount can have no such place.
func vaultUnfit(mount vaultMount, name string, place vaultPlace) error {
	switch {
	case name == "":
		return fmt.Errorf("names the mount %s and no path in it; %w", mount.path, errVaultPath)
	case place.version > 0 && !mount.versioned:
		return fmt.Errorf("%s is a KV version 1 mount, which keeps no versions; leave ?version= out", mount.path)
	}
	return nil
}

// readVersioned is the payload of KV version 2; of its newest version when version
// is 0.
func (s *vaultSession) readVersioned(ctx context.Context, mount vaultMount, name string, version int) Result {
	var query map[string][]string
	if version > 0 {
		query = map[string][]string{"version": {strconv.Itoa(version)}}
	}
	var payload vaultPayload
	err := s.get(ctx, mount.data(name), query, &payload)
	switch {
	case err != nil && !vaultAbsent(err):
		return Result{Err: s.refused(ctx, err, mount, mount.data(name), "read")}
	case err == nil && len(payload.Data) > 0 && string(payload.Data) != "null":
		return Result{Value: secret.NewValue(string(payload.Data)), Version: strconv.Itoa(payload.Metadata.Version)}
	case payload.Metadata.Version > 0:
		return Result{Version: strconv.Itoa(payload.Metadata.Version), Err: vaultGone(mount, name, payload.Metadata)}
	case version > 0:
		return Result{Err: s.noVersion(ctx, mount, name, version, err)}
	}
	return Result{Err: s.missing(ctx, mount, name, err)}
}

// noVersion is why there is no such version of a path.
func (s *vaultSession) noVersion(ctx context.Context, mount vaultMount, name string, version int, err error) error {
	newest := s.readVersioned(ctx, mount, name, 0)
	if newest.Version == "" {
		return s.missing(ctx, mount, name, err)
	}
	return fmt.Errorf("no version %d is kept; the newest is %s", version, newest.Version)
}

// readPlain is the payload of KV version 1.
func (s *vaultSession) readPlain(ctx context.Context, mount vaultMount, name string) Result {
	var payload json.RawMessage
	err := s.get(ctx, mount.data(name), nil, &payload)
	switch {
	case vaultAbsent(err):
		return Result{Err: s.missing(ctx, mount, name, err)}
	case err != nil:
		return Result{Err: s.refused(ctx, err, mount, mount.data(name), "read")}
	}
	return Result{Value: secret.NewValue(string(payload))}
}

// version is the version that read would give, without the value.
func (s *vaultSession) version(ctx context.Context, place vaultPlace) Result {
	mount, name, err := s.mount(ctx, place.path)
	if err == nil {
		err = vaultUnfit(mount, name, place)
	}
	if err != nil {
		return Result{Err: err}
	}
	if mount.versioned {
		result, known := s.versionFromMetadata(ctx, mount, name, place.version)
		if known {
			return result
		}
	}
	result := s.read(ctx, place)
	return Result{Version: result.Version, Err: result.Err}
}

// versionFromMetadata is false when the metadata does not answer the question: the
// token may not read it, or there is nothing there.
func (s *vaultSession) versionFromMetadata(ctx context.Context, mount vaultMount, name string, version int) (Result, bool) {
	var metadata struct {
		CurrentVersion int `json:"current_version"`
		Versions       map[string]vaultVersion
	}
	if s.get(ctx, mount.names(name), nil, &metadata) != nil || metadata.CurrentVersion == 0 {
		return Result{}, false
	}
	if version == 0 {
		version = metadata.CurrentVersion
	}
	number := strconv.Itoa(version)
	found, there := metadata.Versions[number]
	if !there {
		return Result{Err: fmt.Errorf("no version %d is kept; the newest is %d", version, metadata.CurrentVersion)}, true
	}
	found.Version = version
	if found.Destroyed || found.deleted() {
		return Result{Err: vaultGone(mount, name, found)}, true
	}
	return Result{Version: number}, true
}

// deleted tells whether the version's time is over.
func (v vaultVersion) deleted() bool {
	end, err := time.Parse(time.RFC3339Nano, v.DeletionTime)
	return err == nil && !end.After(time.Now())
}

// vaultAbsent tells whether err is the server's answer that nothing is there.
func vaultAbsent(err error) bool {
	refused, isRefused := errors.AsType[*api.ResponseError](err)
	return isRefused && refused.StatusCode == http.StatusNotFound
}
