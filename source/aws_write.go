package source

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/docker-secrets/docker-secrets/secret"
)

// awsMaxSize is how many bytes AWS keeps under one name.
const awsMaxSize = 65536

// Write makes new versions, and secrets where there are none. For keys of a payload
// the payload is read first, and left as it is when it says all of them already.
// AWS has no compare-and-set: of two writers of one payload at once the later wins.
func (a *AWS) Write(ctx context.Context, entries []Entry) []Result {
	// Once for all: a fault in the credentials is to cost its time once.
	open := sync.OnceValues(func() (awsSession, error) { return a.open(ctx) })
	return byEdit(entries, awsLocateToWrite, func(place awsPlace, e edit) Result {
		session, err := open()
		if err != nil {
			return Result{Err: err}
		}
		region, err := session.in(place.region)
		if err != nil {
			return Result{Err: err}
		}
		return region.write(ctx, place, e)
	})
}

func awsLocateToWrite(ref secret.Reference) (awsPlace, error) {
	place, err := awsLocate(ref)
	if err == nil && !place.plain() {
		return awsPlace{}, errors.New("what is written becomes the current version; leave version_stage and version_id out")
	}
	return place, err
}

func (r awsRegional) write(ctx context.Context, place awsPlace, e edit) Result {
	return e.written("AWS", awsMaxSize,
		func() Result { return r.readOne(ctx, place) },
		func(after secret.Value) Result { return r.put(ctx, place, after) })
}

// put adds a version, or the secret itself when there is none.
func (r awsRegional) put(ctx context.Context, place awsPlace, value secret.Value) Result {
	text, bytes := awsPayload(value)
	put, err := r.api.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &place.id, SecretString: text, SecretBinary: bytes})
	if err == nil {
		return Result{Version: deref(put.VersionId)}
	}
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); !missing {
		return Result{Err: r.fault(ctx, err, place, "secretsmanager:PutSecretValue")}
	}
	if place.isARN() {
		return Result{Err: fmt.Errorf("%s has no secret of this ARN, and an ARN cannot be chosen; write it under its name: %w", r.name, ErrNotFound)}
	}
	made, err := r.api.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: &place.id, SecretString: text, SecretBinary: bytes})
	if err != nil {
		return Result{Err: r.fault(ctx, err, place, "secretsmanager:CreateSecret")}
	}
	return Result{Version: deref(made.VersionId)}
}

// awsPayload is value as text, which AWS's console shows, or as bytes where it is none.
func awsPayload(value secret.Value) (*string, []byte) {
	text := value.Reveal()
	if utf8.ValidString(text) {
		return &text, nil
	}
	return nil, []byte(text)
}
