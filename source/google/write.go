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

// maxSize is how many bytes Google keeps in one version.
const maxSize = 65536

// Write adds versions, and secrets, replicated as Google chooses, where there are
// none. For keys of a payload the payload is read first, and left as it is when it
// says all of them already. Google has no compare-and-set: of two writers of one
// payload at once the later wins.
func (g *Store) Write(ctx context.Context, entries []store.Entry) []store.Result {
	open := sync.OnceValues(func() (session, error) { return g.open(ctx) })
	return store.ByEdit(entries, locateToWrite, func(place location, e store.Edit) store.Result {
		session, err := open()
		if err != nil {
			return store.Result{Err: err}
		}
		return session.write(ctx, place, e)
	})
}

func locateToWrite(ref secret.Reference) (location, error) {
	place, err := locate(ref)
	if err == nil && place.version != latest {
		return location{}, errors.New("what is written becomes the newest version; leave ?version= out")
	}
	return place, err
}

func (s session) write(ctx context.Context, place location, e store.Edit) store.Result {
	return e.Written("Google", maxSize,
		func() store.Result { return s.access(ctx, place) },
		func(after secret.Value) store.Result { return s.put(ctx, place, after) })
}

// put adds a version, and the secret itself when there is none.
func (s session) put(ctx context.Context, place location, value secret.Value) store.Result {
	made := s.add(ctx, place, value)
	if !errors.Is(made.Err, errNoSecret) {
		return made
	}
	if err := s.create(ctx, place); err != nil {
		return store.Result{Err: err}
	}
	return s.add(ctx, place, value)
}

// add makes a version of a secret that is there.
func (s session) add(ctx context.Context, place location, value secret.Value) store.Result {
	var answer struct{ Name string }
	body := struct {
		Payload payload `json:"payload"`
	}{newPayload(value)}
	if err := s.call(ctx, http.MethodPost, place.secret()+":addVersion", body, &answer); err != nil {
		return store.Result{Err: s.fault(ctx, err, place, adder)}
	}
	return store.Result{Version: path.Base(answer.Name)}
}

// create makes the secret, without a version. That somebody was quicker is no fault.
func (s session) create(ctx context.Context, place location) error {
	body := map[string]any{"replication": map[string]any{"automatic": map[string]any{}}}
	var answer struct{ Name string }
	err := s.call(ctx, http.MethodPost, "projects/"+place.project+"/secrets?secretId="+place.name, body, &answer)
	if fault, ok := errors.AsType[*apiError](err); ok && fault.code == "ALREADY_EXISTS" {
		return nil
	} else if ok && fault.code == "FAILED_PRECONDITION" {
		return fmt.Errorf("your organisation does not let Google choose where secrets are kept; make it by hand with: gcloud secrets create %s --project %s --replication-policy user-managed --locations LOCATION", place.name, place.project)
	}
	if err != nil {
		return s.fault(ctx, err, place, admin)
	}
	return nil
}
