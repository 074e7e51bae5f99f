package store

import (
	"fmt"
	"sync"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Calls is how many requests one store has under way at once: enough that 200
// references take seconds, few enough that no store throttles a person.
const Calls = 16

// Fan calls do with 0 … n-1, at most limit of them at once, and returns when all have.
func Fan(n, limit int, do func(i int)) {
	var all sync.WaitGroup
	slots := make(chan struct{}, limit)
	for i := range n {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			do(i)
		})
	}
	all.Wait()
}

// ByPayload answers each of refs, in order, by what locate says is its payload,
// K, and reads each payload once however many refs have a part of it. read answers
// the payloads in order; its values are whole. Errors get their reference in front.
func ByPayload[K comparable](refs []secret.Reference, locate func(secret.Reference) (K, error), read func([]K) []Result) []Result {
	results := make([]Result, len(refs))
	var payloads []K
	at := map[K][]int{}
	for i, ref := range refs {
		key, err := locate(ref)
		if err != nil {
			results[i].Err = err
			continue
		}
		if at[key] == nil {
			payloads = append(payloads, key)
		}
		at[key] = append(at[key], i)
	}
	if len(payloads) > 0 {
		for j, whole := range read(payloads) {
			for _, i := range at[payloads[j]] {
				results[i] = whole
			}
		}
	}
	for i, ref := range refs {
		if results[i].Err != nil {
			results[i] = Result{Err: fmt.Errorf("%s: %w", ref, results[i].Err)}
		}
	}
	return results
}

// Chosen takes the parts that refs name out of results that hold whole payloads.
func Chosen(refs []secret.Reference, results []Result) []Result {
	for i, ref := range refs {
		if results[i].Err != nil {
			continue
		}
		value, err := Choose(results[i].Value, ref.Fragment)
		if err != nil {
			results[i] = Result{Err: fmt.Errorf("%s: %w", ref, err)}
			continue
		}
		results[i].Value = value
	}
	return results
}
