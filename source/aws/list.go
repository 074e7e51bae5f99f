package aws

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// List returns references by name, or by ARN if base is one, with base's region.
func (a *Store) List(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	refs, err := a.list(ctx, base)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", base, err)
	}
	return refs, nil
}

func (a *Store) list(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	if err := store.CheckArguments(base, "region"); err != nil {
		return nil, err
	}
	loc := location{id: base.Path, region: store.Argument(base, "region")}
	if loc.isARN() {
		var err error
		if loc, err = locate(base); err != nil {
			return nil, err
		}
	}
	s, err := a.open(ctx)
	if err != nil {
		return nil, err
	}
	region, err := s.region(loc.region)
	if err != nil {
		return nil, err
	}
	found, err := region.listSecrets(ctx, loc.name(), 0)
	if err != nil {
		return nil, region.fault(ctx, err, loc, "secretsmanager:ListSecrets")
	}
	var refs []secret.Reference
	for _, entry := range found {
		path := aws.ToString(entry.Name)
		if loc.isARN() {
			path = aws.ToString(entry.ARN)
		}
		if strings.HasPrefix(path, base.Path) {
			refs = append(refs, secret.Reference{Scheme: base.Scheme, Path: path, Query: base.Query})
		}
	}
	slices.SortFunc(refs, func(a, b secret.Reference) int { return strings.Compare(a.Path, b.Path) })
	return refs, nil
}

// listSecrets returns the secrets whose names begin with prefix, from the given number of
// pages; 0 means all.
func (r regionClient) listSecrets(ctx context.Context, prefix string, pages int) ([]types.SecretListEntry, error) {
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

// explainMissing completes each errNoSecret in results with similar names, if the caller
// may list the region's.
func (r regionClient) explainMissing(ctx context.Context, locs []location, results []store.Result) []store.Result {
	var names []string
	asked := false
	for i, result := range results {
		if !errors.Is(result.Err, errNoSecret) {
			continue
		}
		if !asked {
			asked = true
			names = r.suggestedNames(ctx)
		}
		results[i].Err = fmt.Errorf("%s has no secret %s%s: %w", r.name, locs[i].name(), store.Suggestion(locs[i].name(), names), store.ErrNotFound)
	}
	return results
}

// suggestedNames returns names of secrets in the region, not always all; nil if they
// cannot be listed quickly.
func (r regionClient) suggestedNames(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, store.SuggestTimeout)
	defer cancel()
	entries, err := r.listSecrets(ctx, "", store.SuggestPages)
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		names = append(names, aws.ToString(entry.Name))
	}
	return names
}
