package aws

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

const (
	// batchSize is the number of secrets that BatchGetSecretValue accepts.
	batchSize    = 20
	currentStage = "AWSCURRENT"
)

// readAll reads locations in batches where possible, and one by one those that no batch
// answered.
func (a *Store) readAll(ctx context.Context, region regionClient, locs []location) []store.Result {
	results := make([]store.Result, len(locs))
	batches, left := batches(locs)
	unanswered := make([][]int, len(batches))
	store.Parallel(len(batches), store.MaxCalls, func(b int) {
		unanswered[b] = region.readBatch(ctx, locs, batches[b], results)
	})
	left = append(left, slices.Concat(unanswered...)...)
	store.Parallel(len(left), store.MaxCalls, func(i int) { results[left[i]] = region.read(ctx, locs[left[i]]) })
	return results
}

// batches returns the indices of the locations to read together, and of those to read one
// by one: versions other than the current one, and a location that would be alone in its
// batch. Names and ARNs are in different batches: a batch answers an ARN by name, and that
// may be the name of another account's secret.
func batches(locs []location) (batches [][]int, single []int) {
	var names, arns []int
	for i, loc := range locs {
		switch {
		case !loc.isCurrent():
			single = append(single, i)
		case loc.isARN():
			arns = append(arns, i)
		default:
			names = append(names, i)
		}
	}
	for _, kind := range [][]int{names, arns} {
		if len(kind) == 1 {
			single = append(single, kind[0])
			continue
		}
		batches = slices.AppendSeq(batches, slices.Chunk(kind, batchSize))
	}
	return batches, single
}

// readBatch reads the locations at the indices in batch into results. It returns the
// indices that have to be read one by one.
func (r regionClient) readBatch(ctx context.Context, locs []location, batch []int, results []store.Result) []int {
	ids := make([]string, len(batch))
	for j, i := range batch {
		ids[j] = locs[i].id
	}
	var values []types.SecretValueEntry
	var faults []types.APIErrorType
	pages := secretsmanager.NewBatchGetSecretValuePaginator(r.api, &secretsmanager.BatchGetSecretValueInput{SecretIdList: ids},
		func(o *secretsmanager.BatchGetSecretValuePaginatorOptions) { o.StopOnDuplicateToken = true })
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			if appliesToAll(err) {
				for _, i := range batch {
					results[i] = store.Result{Err: r.fault(ctx, err, locs[i], "secretsmanager:GetSecretValue")}
				}
				return nil
			}
			break // batches are not allowed or not known here, or one name is invalid
		}
		values, faults = append(values, page.SecretValues...), append(faults, page.Errors...)
	}
	var left []int
	for _, i := range batch {
		var answered bool
		if results[i], answered = r.fromBatch(locs[i], values, faults); !answered {
			left = append(left, i)
		}
	}
	return left
}

// fromBatch returns the result of loc out of a batch's answer; false if the answer has
// none, or only a temporary error.
func (r regionClient) fromBatch(loc location, values []types.SecretValueEntry, faults []types.APIErrorType) (store.Result, bool) {
	for _, value := range values {
		if matchesID(loc.id, aws.ToString(value.Name), aws.ToString(value.ARN)) {
			return resultOf(value.SecretString, value.SecretBinary, value.VersionId)
		}
	}
	for _, fault := range faults {
		code := aws.ToString(fault.ErrorCode)
		if id := aws.ToString(fault.SecretId); matchesID(loc.id, id, id) && !isTemporary(code) {
			return store.Result{Err: r.codeFault(code, aws.ToString(fault.Message), loc, "secretsmanager:GetSecretValue")}, true
		}
	}
	return store.Result{}, false
}

// matchesID reports whether id is the secret with this name and ARN. id is a name, or an
// ARN with or without its six random letters.
func matchesID(id, name, arn string) bool {
	return id == name || id == arn || strings.HasPrefix(id, "arn:") && len(arn) == len(id)+7 && strings.HasPrefix(arn, id+"-")
}

// read reads the payload with GetSecretValue.
func (r regionClient) read(ctx context.Context, loc location) store.Result {
	input := &secretsmanager.GetSecretValueInput{SecretId: &loc.id}
	if loc.stage != "" {
		input.VersionStage = &loc.stage
	}
	if loc.version != "" {
		input.VersionId = &loc.version
	}
	output, err := r.api.GetSecretValue(ctx, input)
	if err != nil {
		return store.Result{Err: r.fault(ctx, err, loc, "secretsmanager:GetSecretValue")}
	}
	result, answered := resultOf(output.SecretString, output.SecretBinary, output.VersionId)
	if !answered {
		return store.Result{Err: errors.New("AWS answers with neither text nor bytes; write the value again")}
	}
	return result
}

// resultOf returns the result with a secret's text or else its bytes; false if it has
// neither.
func resultOf(text *string, bytes []byte, version *string) (store.Result, bool) {
	switch {
	case text != nil:
		return store.Result{Value: secret.NewValue(*text), Version: aws.ToString(version)}, true
	case bytes != nil:
		return store.Result{Value: secret.NewValue(string(bytes)), Version: aws.ToString(version)}, true
	}
	return store.Result{}, false
}

// version returns the version that read would return now, without the value.
func (r regionClient) version(ctx context.Context, loc location) store.Result {
	output, err := r.api.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &loc.id})
	stage := loc.stage
	if stage == "" {
		stage = currentStage
	}
	switch {
	case err != nil:
		return store.Result{Err: r.fault(ctx, err, loc, "secretsmanager:DescribeSecret")}
	case output.DeletedDate != nil:
		return store.Result{Err: r.deletedFault(loc)}
	case loc.version != "":
		return store.Result{Version: loc.version}
	}
	for version, stages := range output.VersionIdsToStages {
		if slices.Contains(stages, stage) {
			return store.Result{Version: version}
		}
	}
	return store.Result{Err: r.noVersionFault(loc)}
}
