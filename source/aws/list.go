package aws

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// List answers with names, or with ARNs where base is one, and keeps base's region.
func (a *Store) List(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	refs, err := a.list(ctx, base)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", base, err)
	}
	return refs, nil
}

func (a *Store) list(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	if err := store.Arguments(base, "region"); err != nil {
		return nil, err
	}
	place := location{id: base.Path, region: store.Argument(base, "region")}
	if place.isARN() {
		var err error
		if place, err = locate(base); err != nil {
			return nil, err
		}
	}
	session, err := a.open(ctx)
	if err != nil {
		return nil, err
	}
	region, err := session.in(place.region)
	if err != nil {
		return nil, err
	}
	found, err := region.entries(ctx, place.name(), 0)
	if err != nil {
		return nil, region.fault(ctx, err, place, "secretsmanager:ListSecrets")
	}
	var refs []secret.Reference
	for _, entry := range found {
		path := deref(entry.Name)
		if place.isARN() {
			path = deref(entry.ARN)
		}
		if strings.HasPrefix(path, base.Path) {
			refs = append(refs, secret.Reference{Scheme: base.Scheme, Path: path, Query: base.Query})
		}
	}
	slices.SortFunc(refs, func(a, b secret.Reference) int { return strings.Compare(a.Path, b.Path) })
	return refs, nil
}

// entries are the secrets whose names begin with prefix, from so many pages; 0 is all.
func (r regional) entries(ctx context.Context, prefix string, pages int) ([]types.SecretListEntry, error) {
	size := int32(100) // the most that AWS gives
	input := &secretsmanager.ListSecretsInput{MaxResults: &size}
	if prefix != "" {
		input.Filters = []types.Filter{{Key: types.FilterNameStringTypeName, Values: []string{prefix}}}
	}
	var all []types.SecretListEntry
	list := secretsmanager.NewListSecretsPaginator(r.api, input, func(o *secretsmanager.ListSecretsPaginatorOptions) { o.StopOnDuplicateToken = true })
	for n := 0; list.HasMorePages() && (pages == 0 || n < pages); n++ {
		page, err := list.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page.SecretList...)
	}
	return all, nil
}

// explained gives those of results that found no secret the names that the region
// has, where the caller may list them.
func (r regional) explained(ctx context.Context, places []location, results []store.Result) []store.Result {
	var names []string
	asked := false
	for i, result := range results {
		if !errors.Is(result.Err, errNoSecret) {
			continue
		}
		if !asked {
			asked = true
			names = r.names(ctx)
		}
		results[i].Err = fmt.Errorf("%s has no secret %s%s: %w", r.name, places[i].name(), store.DidYouMean(places[i].name(), names), store.ErrNotFound)
	}
	return results
}

// names are some of the region's, or none when they cannot be had quickly.
func (r regional) names(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, store.NearTime)
	defer cancel()
	entries, err := r.entries(ctx, "", store.NearPages)
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		names = append(names, deref(entry.Name))
	}
	return names
}
