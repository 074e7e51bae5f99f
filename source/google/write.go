package google

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"sync"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// maxSize is the number of bytes that Google accepts as one payload.
const maxSize = 65536

// Write adds versions, and creates secrets that do not exist, with automatic replication. To
// set keys it reads the payload first. Google has no compare-and-set: if two people write a
// payload at the same time, the later write wins.
func (g *Store) Write(ctx context.Context, entries []store.Entry) []store.Result {
	open := sync.OnceValues(func() (session, error) { return g.open(ctx) })
	return store.WritePerPayload(entries, locateToWrite, func(loc location, edit store.Edit) store.Result {
		s, err := open()
		if err != nil {
			return store.Result{Err: err}
		}
		return s.write(ctx, loc, edit)
	})
}

// locateToWrite is locate, and fails if the reference asks for a version.
func locateToWrite(ref secret.Reference) (location, error) {
	loc, err := locate(ref)
	if err == nil && loc.version != latest {
		return location{}, errors.New("what is written becomes the newest version; leave ?version= out")
	}
	return loc, err
}

func (s session) write(ctx context.Context, loc location, edit store.Edit) store.Result {
	return edit.Write("Google", maxSize,
		func() store.Result { return s.read(ctx, loc) },
		func(after secret.Value) store.Result { return s.put(ctx, loc, after) })
}

// put adds a version, and creates the secret first if there is none.
func (s session) put(ctx context.Context, loc location, value secret.Value) store.Result {
	result := s.addVersion(ctx, loc, value)
	if !errors.Is(result.Err, errNoSecret) {
		return result
	}
	if err := s.createSecret(ctx, loc); err != nil {
		return store.Result{Err: err}
	}
	return s.addVersion(ctx, loc, value)
}

// addVersion adds a version to an existing secret.
func (s session) addVersion(ctx context.Context, loc location, value secret.Value) store.Result {
	var answer struct{ Name string }
	body := struct {
		Payload payload `json:"payload"`
	}{newPayload(value)}
	if err := s.call(ctx, http.MethodPost, loc.secret()+":addVersion", body, &answer); err != nil {
		return store.Result{Err: s.fault(ctx, err, loc, adder)}
	}
	return store.Result{Version: path.Base(answer.Name)}
}

// createSecret creates the secret without a version. It does not fail if the secret exists:
// someone else may have created it meanwhile.
func (s session) createSecret(ctx context.Context, loc location) error {
	body := map[string]any{"replication": map[string]any{"automatic": map[string]any{}}}
	var answer struct{ Name string }
	err := s.call(ctx, http.MethodPost, "projects/"+loc.project+"/secrets?secretId="+loc.name, body, &answer)
	if fault, ok := errors.AsType[*apiError](err); ok && fault.code == "ALREADY_EXISTS" {
		return nil
	} else if ok && fault.code == "FAILED_PRECONDITION" {
		return fmt.Errorf("your organization requires a location for secrets; create it with: gcloud secrets create %s --project %s --replication-policy user-managed --locations LOCATION", loc.name, loc.project)
	}
	if err != nil {
		return s.fault(ctx, err, loc, admin)
	}
	return nil
}
