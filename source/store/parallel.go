package store

import (
	"fmt"
	"sync"

	"github.com/docker-secrets/docker-secrets/secret"
)

// MaxCalls is the number of requests that one store has under way at a time: enough to
// read 200 references in seconds, and few enough that no store throttles one person.
const MaxCalls = 16

// Parallel calls do with each of 0 … n-1, at most limit of them at a time, and returns
// when all calls have returned.
func Parallel(n, limit int, do func(i int)) {
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

// Each returns what ask returns for each of payloads, in order. It makes at most MaxCalls
// calls at a time.
func Each[K any](payloads []K, ask func(K) Result) []Result {
	results := make([]Result, len(payloads))
	Parallel(len(payloads), MaxCalls, func(i int) { results[i] = ask(payloads[i]) })
	return results
}

// OncePerPayload returns one result for each of refs, in order, and asks for each payload
// once, however many of refs select a key of it. locate returns the payload K of a
// reference; ask returns one result for each of its payloads, in order, with the whole
// payload as value. Errors begin with the reference.
func OncePerPayload[K comparable](refs []secret.Reference, locate func(secret.Reference) (K, error), ask func([]K) []Result) []Result {
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
		for j, whole := range ask(payloads) {
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
