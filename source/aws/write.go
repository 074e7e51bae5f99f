package aws

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// maxSize is how many bytes AWS keeps under one name.
const maxSize = 65536

// Write makes new versions, and secrets where there are none. For keys of a payload
// the payload is read first, and left as it is when it says all of them already.
// AWS has no compare-and-set: of two writers of one payload at once the later wins.
func (a *Store) Write(ctx context.Context, entries []store.Entry) []store.Result {
	// Once for all: a fault in the credentials is to cost its time once.
	open := sync.OnceValues(func() (session, error) { return a.open(ctx) })
	return store.ByEdit(entries, locateToWrite, func(place location, e store.Edit) store.Result {
		session, err := open()
		if err != nil {
			return store.Result{Err: err}
		}
		region, err := session.in(place.region)
		if err != nil {
			return store.Result{Err: err}
		}
		return region.write(ctx, place, e)
	})
}

func locateToWrite(ref secret.Reference) (location, error) {
	place, err := locate(ref)
	if err == nil && !place.plain() {
		return location{}, errors.New("what is written becomes the current version; leave version_stage and version_id out")
	}
	return place, err
}

func (r regional) write(ctx context.Context, place location, e store.Edit) store.Result {
	return e.Written("AWS", maxSize,
		func() store.Result { return r.readOne(ctx, place) },
		func(after secret.Value) store.Result { return r.put(ctx, place, after) })
}

// put adds a version, or the secret itself when there is none.
func (r regional) put(ctx context.Context, place location, value secret.Value) store.Result {
	text, bytes := payload(value)
	put, err := r.api.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &place.id, SecretString: text, SecretBinary: bytes})
	if err == nil {
		return store.Result{Version: deref(put.VersionId)}
	}
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); !missing {
		return store.Result{Err: r.fault(ctx, err, place, "secretsmanager:PutSecretValue")}
	}
	if place.isARN() {
		return store.Result{Err: fmt.Errorf("%s has no secret of this ARN, and an ARN cannot be chosen; write it under its name: %w", r.name, store.ErrNotFound)}
	}
	made, err := r.api.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: &place.id, SecretString: text, SecretBinary: bytes})
	if err != nil {
		return store.Result{Err: r.fault(ctx, err, place, "secretsmanager:CreateSecret")}
	}
	return store.Result{Version: deref(made.VersionId)}
}

// payload is value as text, which AWS's console shows, or as bytes where it is none.
func payload(value secret.Value) (*string, []byte) {
	text := value.Reveal()
	if utf8.ValidString(text) {
		return &text, nil
	}
	return nil, []byte(text)
}
