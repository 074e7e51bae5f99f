package aws

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Store is AWS Secrets Manager as the AWS CLI would reach it: profile, credentials,
// region, proxy and CA are those of the environment and of ~/.aws. The zero value is
// ready. A reference is
//
//	awssecrets://NAME[?region=&version_stage=&version_id=][#/json/key]
//
// where NAME may be an ARN, whose region counts. Clients are made for the first
// reference that needs them, one for each region.
type Store struct {
	backoff time.Duration  // the longest pause before a retry; 0: the SDK's own. Tests set it.
	client  aws.HTTPClient // nil: the SDK's own. Tests set it.

	mu     sync.Mutex
	loaded *aws.Config
}

// location is one payload: a secret, or a version of it that is asked for.
type location struct {
	id      string // name or ARN
	region  string // "": the configured one
	stage   string // "": AWSCURRENT
	version string // "": that of stage
}

// plain tells whether the place is one that BatchGetSecretValue can read.
func (p location) plain() bool { return p.stage == "" && p.version == "" }

// name is the id without what an ARN has before it.
func (p location) name() string {
	if parts := strings.SplitN(p.id, ":", 7); len(parts) == 7 {
		return parts[6]
	}
	return p.id
}

func (p location) isARN() bool { return strings.HasPrefix(p.id, "arn:") }

//nolint:gochecknoglobals // expressions, never written
var (
	namePattern   = lazyregexp.New(`^[A-Za-z0-9/_+=.@!-]{1,512}$`)
	arnPattern    = lazyregexp.New(`^arn:[a-z0-9-]+:secretsmanager:([a-z0-9-]+):[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]+$`)
	regionPattern = lazyregexp.New(`^[a-z0-9-]+$`)
)

// Scheme is "awssecrets".
func (a *Store) Scheme() string { return "awssecrets" }

// Resolve reads up to 20 secrets with one call, each payload once.
func (a *Store) Resolve(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.Chosen(refs, store.ByPayload(refs, locate, func(places []location) []store.Result {
		return a.each(ctx, places, a.readAll)
	}))
}

// Versions asks DescribeSecret, which reads no value. A version_id is its own answer
// where the secret is there: AWS does not list versions that have no stage.
func (a *Store) Versions(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.ByPayload(refs, locate, func(places []location) []store.Result {
		return a.each(ctx, places, func(ctx context.Context, region regional, places []location) []store.Result {
			results := make([]store.Result, len(places))
			store.Fan(len(places), store.Calls, func(i int) { results[i] = region.current(ctx, places[i]) })
			return results
		})
	})
}

// each hands places to do, region by region, all regions at once, and explains what
// was not found by the names that are there.
func (a *Store) each(ctx context.Context, places []location, do func(context.Context, regional, []location) []store.Result) []store.Result {
	results := make([]store.Result, len(places))
	session, err := a.open(ctx)
	if err != nil {
		for i := range results {
			results[i].Err = err
		}
		return results
	}
	var regions []string
	at := map[string][]int{}
	for i, place := range places {
		if at[place.region] == nil {
			regions = append(regions, place.region)
		}
		at[place.region] = append(at[place.region], i)
	}
	store.Fan(len(regions), len(regions), func(r int) {
		mine := make([]location, len(at[regions[r]]))
		for j, i := range at[regions[r]] {
			mine[j] = places[i]
		}
		region, err := session.in(regions[r])
		var answers []store.Result
		if err == nil {
			answers = region.explained(ctx, mine, do(ctx, region, mine))
		}
		for j, i := range at[regions[r]] {
			if err != nil {
				results[i].Err = err
				continue
			}
			results[i] = answers[j]
		}
	})
	return results
}

// locate is the payload of ref.
func locate(ref secret.Reference) (location, error) {
	if err := store.Arguments(ref, "region", "version_stage", "version_id"); err != nil {
		return location{}, err
	}
	place := location{id: ref.Path, region: store.Argument(ref, "region"), stage: store.Argument(ref, "version_stage"), version: store.Argument(ref, "version_id")}
	if place.stage == current {
		place.stage = ""
	}
	if place.region != "" && !regionPattern().MatchString(place.region) {
		return location{}, errors.New("the region is none; write it as eu-central-1 is written")
	}
	if place.isARN() {
		arn := arnPattern().FindStringSubmatch(place.id)
		switch {
		case arn == nil:
			return location{}, errors.New("the ARN is none of a secret; write arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME")
		case place.region != "" && place.region != arn[1]:
			return location{}, fmt.Errorf("the ARN is one of %s, and ?region= says %s; leave ?region= out", arn[1], place.region)
		}
		place.region = arn[1]
		return place, nil
	}
	if !namePattern().MatchString(place.id) {
		return location{}, errors.New("the name is none of a secret: AWS takes 1 to 512 letters, digits and /_+=.@!-")
	}
	return place, nil
}
