package aws

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// maxSize is the number of bytes that AWS accepts as one payload.
const maxSize = 65536

// Write adds versions, and creates secrets that do not exist. To set keys it reads the
// payload first. AWS has no compare-and-set: if two people write a payload at the same
// time, the later write wins.
func (a *Store) Write(ctx context.Context, entries []store.Entry) []store.Result {
	// Once for all entries: the SDK may take seconds to fail without credentials.
	open := sync.OnceValues(func() (session, error) { return a.open(ctx) })
	return store.WritePerPayload(entries, locateToWrite, func(loc location, edit store.Edit) store.Result {
		s, err := open()
		if err != nil {
			return store.Result{Err: err}
		}
		region, err := s.region(loc.region)
		if err != nil {
			return store.Result{Err: err}
		}
		return region.write(ctx, loc, edit)
	})
}

// locateToWrite is locate, and fails if the reference asks for a version.
func locateToWrite(ref secret.Reference) (location, error) {
	loc, err := locate(ref)
	if err == nil && !loc.isCurrent() {
		return location{}, errors.New("what is written becomes the current version; leave version_stage and version_id out")
	}
	return loc, err
}

func (r regionClient) write(ctx context.Context, loc location, edit store.Edit) store.Result {
	return edit.Write("AWS", maxSize,
		func() store.Result { return r.read(ctx, loc) },
		func(after secret.Value) store.Result { return r.put(ctx, loc, after) })
}

// put adds a version, or creates the secret if there is none.
func (r regionClient) put(ctx context.Context, loc location, value secret.Value) store.Result {
	text, bytes := payload(value)
	put, err := r.api.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &loc.id, SecretString: text, SecretBinary: bytes})
	if err == nil {
		return store.Result{Version: aws.ToString(put.VersionId)}
	}
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); !missing {
		return store.Result{Err: r.fault(ctx, err, loc, "secretsmanager:PutSecretValue")}
	}
	if loc.isARN() {
		return store.Result{Err: fmt.Errorf("%s has no secret of this ARN, and an ARN cannot be chosen; write it under its name: %w", r.name, store.ErrNotFound)}
	}
	created, err := r.api.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: &loc.id, SecretString: text, SecretBinary: bytes})
	if err != nil {
		return store.Result{Err: r.fault(ctx, err, loc, "secretsmanager:CreateSecret")}
	}
	return store.Result{Version: aws.ToString(created.VersionId)}
}

// payload returns value as text, which AWS's console shows, or else as bytes if it is not
// UTF-8.
func payload(value secret.Value) (*string, []byte) {
	text := value.Reveal()
	if utf8.ValidString(text) {
		return &text, nil
	}
	return nil, []byte(text)
}
