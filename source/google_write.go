package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"sync"

	"github.com/docker-secrets/docker-secrets/secret"
)

// googleMaxSize is how many bytes Google keeps in one version.
const googleMaxSize = 65536

// Write adds versions, and secrets, replicated as Google chooses, where there are
// none. For keys of a payload the payload is read first, and left as it is when it
// says all of them already. Google has no compare-and-set: of two writers of one
// payload at once the later wins.
func (g *Google) Write(ctx context.Context, entries []Entry) []Result {
	open := sync.OnceValues(func() (googleSession, error) { return g.open(ctx) })
	return byEdit(entries, googleLocateToWrite, func(place googlePlace, e edit) Result {
		session, err := open()
		if err != nil {
			return Result{Err: err}
		}
		return session.write(ctx, place, e)
	})
}

func googleLocateToWrite(ref secret.Reference) (googlePlace, error) {
	place, err := googleLocate(ref)
	if err == nil && place.version != googleLatest {
		return googlePlace{}, errors.New("what is written becomes the newest version; leave ?version= out")
	}
	return place, err
}

func (s googleSession) write(ctx context.Context, place googlePlace, e edit) Result {
	return e.written("Google", googleMaxSize,
		func() Result { return s.access(ctx, place) },
		func(after secret.Value) Result { return s.put(ctx, place, after) })
}

// put adds a version, and the secret itself when there is none.
func (s googleSession) put(ctx context.Context, place googlePlace, value secret.Value) Result {
	made := s.add(ctx, place, value)
	if !errors.Is(made.Err, errGoogleNoSecret) {
		return made
	}
	if err := s.create(ctx, place); err != nil {
		return Result{Err: err}
	}
	return s.add(ctx, place, value)
}

// add makes a version of a secret that is there.
func (s googleSession) add(ctx context.Context, place googlePlace, value secret.Value) Result {
	var answer struct{ Name string }
	body := struct {
		Payload googlePayload `json:"payload"`
	}{newGooglePayload(value)}
	if err := s.call(ctx, http.MethodPost, place.secret()+":addVersion", body, &answer); err != nil {
		return Result{Err: s.fault(ctx, err, place, googleAdder)}
	}
	return Result{Version: path.Base(answer.Name)}
}

// create makes the secret, without a version. That somebody was quicker is no fault.
func (s googleSession) create(ctx context.Context, place googlePlace) error {
	body := map[string]any{"replication": map[string]any{"automatic": map[string]any{}}}
	var answer struct{ Name string }
	err := s.call(ctx, http.MethodPost, "projects/"+place.project+"/secrets?secretId="+place.name, body, &answer)
	if fault, ok := errors.AsType[*googleError](err); ok && fault.code == "ALREADY_EXISTS" {
		return nil
	} else if ok && fault.code == "FAILED_PRECONDITION" {
		return fmt.Errorf("your organisation does not let Google choose where secrets are kept; make it by hand with: gcloud secrets create %s --project %s --replication-policy user-managed --locations LOCATION", place.name, place.project)
	}
	if err != nil {
		return s.fault(ctx, err, place, googleAdmin)
	}
	return nil
}
