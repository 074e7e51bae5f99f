// Package aws reads and writes AWS Secrets Manager, in the way in which the AWS CLI
// would reach it. Its errors quote nothing of AWS's answers but error codes and the
// identity that was refused.
//
// It does not know the other secret managers, and not what a secret is for.
package aws

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Store is AWS Secrets Manager. Profile, credentials, region, proxy and CA come from the
// environment and from ~/.aws, as for the AWS CLI. The zero value is ready. A reference is
//
//	awssecrets://NAME[?region=&version_stage=&version_id=][#/json/key]
//
// NAME may be an ARN, which sets the region. The first reference to a region makes its
// client.
type Store struct {
	maxRetryDelay time.Duration  // 0: the SDK's own. Tests set it.
	client        aws.HTTPClient // nil: the SDK's own. Tests set it.

	mu     sync.Mutex
	loaded *aws.Config
}

// location identifies one payload: a secret and the version of it that is wanted.
type location struct {
	id      string // name or ARN
	region  string // "": the configured one
	stage   string // "": AWSCURRENT
	version string // version ID; "": the version that has the stage
}

// isCurrent reports whether the location is a secret's current version, which
// BatchGetSecretValue can read.
func (l location) isCurrent() bool { return l.stage == "" && l.version == "" }

// name returns the id, of an ARN its last part: the name and six random letters.
func (l location) name() string {
	if parts := strings.SplitN(l.id, ":", 7); len(parts) == 7 {
		return parts[6]
	}
	return l.id
}

func (l location) isARN() bool { return strings.HasPrefix(l.id, "arn:") }

//nolint:gochecknoglobals // expressions, never written
var (
	namePattern   = lazyregexp.New(`^[A-Za-z0-9/_+=.@!-]{1,512}$`)
	arnPattern    = lazyregexp.New(`^arn:[a-z0-9-]+:secretsmanager:([a-z0-9-]+):[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]+$`)
	regionPattern = lazyregexp.New(`^[a-z0-9-]+$`)
)

// Scheme returns "awssecrets".
func (a *Store) Scheme() string { return secret.SchemeAWS }

// Separators returns all of them: AWS accepts each in names.
func (a *Store) Separators() string { return "/._-" }

// Resolve reads each payload once, and up to 20 with one call.
func (a *Store) Resolve(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.SelectKeys(refs, store.OncePerPayload(refs, locate, func(locs []location) []store.Result {
		return a.perRegion(ctx, locs, a.readAll)
	}))
}

// Versions calls DescribeSecret, which reads no value. For a reference with version_id it
// returns that ID if the secret exists, because AWS does not list versions without a stage.
func (a *Store) Versions(ctx context.Context, refs []secret.Reference) []store.Result {
	return store.OncePerPayload(refs, locate, func(locs []location) []store.Result {
		return a.perRegion(ctx, locs, func(ctx context.Context, region regionClient, locs []location) []store.Result {
			return store.Each(locs, func(loc location) store.Result { return region.version(ctx, loc) })
		})
	})
}

// perRegion calls ask for each region with the locations in it, all regions at the same
// time, and returns the results in the order of locs.
func (a *Store) perRegion(ctx context.Context, locs []location, ask func(context.Context, regionClient, []location) []store.Result) []store.Result {
	s, err := a.open(ctx)
	if err != nil {
		return store.Failed(len(locs), err)
	}
	indices := map[string][]int{} // by region
	for i, loc := range locs {
		indices[loc.region] = append(indices[loc.region], i)
	}
	regions := slices.Sorted(maps.Keys(indices))
	results := make([]store.Result, len(locs))
	store.Parallel(len(regions), len(regions), func(r int) {
		own := indices[regions[r]]
		inRegion := make([]location, len(own))
		for j, i := range own {
			inRegion[j] = locs[i]
		}
		for j, result := range s.askRegion(ctx, regions[r], inRegion, ask) {
			results[own[j]] = result
		}
	})
	return results
}

// askRegion calls ask with the client of the region. Results without a secret get
// suggestions.
func (s session) askRegion(ctx context.Context, name string, locs []location, ask func(context.Context, regionClient, []location) []store.Result) []store.Result {
	region, err := s.region(name)
	if err != nil {
		return store.Failed(len(locs), err)
	}
	return region.explainMissing(ctx, locs, ask(ctx, region, locs))
}

// locate returns the payload of ref. It fails if AWS cannot have such a secret.
func locate(ref secret.Reference) (location, error) {
	if err := store.CheckArguments(ref, "region", "version_stage", "version_id"); err != nil {
		return location{}, err
	}
	loc := location{id: ref.Path, region: store.Argument(ref, "region"), stage: store.Argument(ref, "version_stage"), version: store.Argument(ref, "version_id")}
	if loc.stage == currentStage {
		loc.stage = ""
	}
	if loc.region != "" && !regionPattern().MatchString(loc.region) {
		return location{}, errors.New("not a region (example: eu-central-1)")
	}
	if loc.isARN() {
		arn := arnPattern().FindStringSubmatch(loc.id)
		switch {
		case arn == nil:
			return location{}, errors.New("not the ARN of a secret; write arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME")
		case loc.region != "" && loc.region != arn[1]:
			return location{}, fmt.Errorf("the ARN is one of %s, and ?region= says %s; leave ?region= out", arn[1], loc.region)
		}
		loc.region = arn[1]
		return loc, nil
	}
	if !namePattern().MatchString(loc.id) {
		return location{}, errors.New("not a secret name: AWS allows 1 to 512 letters, digits and /_+=.@!-")
	}
	return loc, nil
}
