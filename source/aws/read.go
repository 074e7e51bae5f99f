package aws

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

const (
	// batch is how many secrets BatchGetSecretValue takes.
	batch   = 20
	current = "AWSCURRENT"
)

// readAll reads places in batches where it can, and what no batch answered one by
// one.
func (a *Store) readAll(ctx context.Context, region regional, places []location) []store.Result {
	results := make([]store.Result, len(places))
	batches, left := batches(places)
	unanswered := make([][]int, len(batches))
	store.Fan(len(batches), store.Calls, func(b int) {
		unanswered[b] = region.readBatch(ctx, places, batches[b], results)
	})
	left = append(left, slices.Concat(unanswered...)...)
	store.Fan(len(left), store.Calls, func(i int) { results[left[i]] = region.readOne(ctx, places[left[i]]) })
	return results
}

// batches are the indices of places that go together, and those that go alone:
// versions, and a single one. Names and ARNs go apart, because an answer tells by
// name what was asked by ARN, and by ARN it may be another account's of that name.
func batches(places []location) (batches [][]int, single []int) {
	var names, arns []int
	for i, place := range places {
		switch {
		case !place.plain():
			single = append(single, i)
		case place.isARN():
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
		batches = slices.AppendSeq(batches, slices.Chunk(kind, batch))
	}
	return batches, single
}

// readBatch reads the places at the indices of batch into results and returns the
// indices that are still to be read one by one.
func (r regional) readBatch(ctx context.Context, places []location, batch []int, results []store.Result) []int {
	ids := make([]string, len(batch))
	for j, i := range batch {
		ids[j] = places[i].id
	}
	var values []types.SecretValueEntry
	var faults []types.APIErrorType
	pages := secretsmanager.NewBatchGetSecretValuePaginator(r.api, &secretsmanager.BatchGetSecretValueInput{SecretIdList: ids},
		func(o *secretsmanager.BatchGetSecretValuePaginatorOptions) { o.StopOnDuplicateToken = true })
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			if isAboutAll(err) {
				for _, i := range batch {
					results[i] = store.Result{Err: r.fault(ctx, err, places[i], "secretsmanager:GetSecretValue")}
				}
				return nil
			}
			break // it is not allowed, not known, or one of the names spoils it
		}
		values, faults = append(values, page.SecretValues...), append(faults, page.Errors...)
	}
	var left []int
	for _, i := range batch {
		var answered bool
		if results[i], answered = r.fromBatch(places[i], values, faults); !answered {
			left = append(left, i)
		}
	}
	return left
}

// fromBatch is what a batch says of place, if it says anything that lasts.
func (r regional) fromBatch(place location, values []types.SecretValueEntry, faults []types.APIErrorType) (store.Result, bool) {
	for _, value := range values {
		if same(place.id, deref(value.Name), deref(value.ARN)) {
			return valueOf(value.SecretString, value.SecretBinary, value.VersionId)
		}
	}
	for _, fault := range faults {
		code := deref(fault.ErrorCode)
		if id := deref(fault.SecretId); same(place.id, id, id) && !passes(code) {
			return store.Result{Err: r.refusal(code, deref(fault.Message), place, "secretsmanager:GetSecretValue")}, true
		}
	}
	return store.Result{}, false
}

// same tells whether id, a name or an ARN with or without its six random
// letters, is the secret of that name and ARN.
func same(id, name, arn string) bool {
	return id == name || id == arn || strings.HasPrefix(id, "arn:") && len(arn) == len(id)+7 && strings.HasPrefix(arn, id+"-")
}

// readOne reads place by GetSecretValue.
func (r regional) readOne(ctx context.Context, place location) store.Result {
	input := &secretsmanager.GetSecretValueInput{SecretId: &place.id}
	if place.stage != "" {
		input.VersionStage = &place.stage
	}
	if place.version != "" {
		input.VersionId = &place.version
	}
	output, err := r.api.GetSecretValue(ctx, input)
	if err != nil {
		return store.Result{Err: r.fault(ctx, err, place, "secretsmanager:GetSecretValue")}
	}
	result, answered := valueOf(output.SecretString, output.SecretBinary, output.VersionId)
	if !answered {
		return store.Result{Err: errors.New("AWS answers with neither text nor bytes; write the value again")}
	}
	return result
}

// valueOf is a secret's text or bytes, as they are.
func valueOf(text *string, bytes []byte, version *string) (store.Result, bool) {
	switch {
	case text != nil:
		return store.Result{Value: secret.NewValue(*text), Version: deref(version)}, true
	case bytes != nil:
		return store.Result{Value: secret.NewValue(string(bytes)), Version: deref(version)}, true
	}
	return store.Result{}, false
}

// current is the version that place has now.
func (r regional) current(ctx context.Context, place location) store.Result {
	output, err := r.api.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &place.id})
	stage := place.stage
	if stage == "" {
		stage = current
	}
	switch {
	case err != nil:
		return store.Result{Err: r.fault(ctx, err, place, "secretsmanager:DescribeSecret")}
	case output.DeletedDate != nil:
		return store.Result{Err: r.deleted(place)}
	case place.version != "":
		return store.Result{Version: place.version}
	}
	for version, stages := range output.VersionIdsToStages {
		if slices.Contains(stages, stage) {
			return store.Result{Version: version}
		}
	}
	return store.Result{Err: r.noVersion(place)}
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
