package swarm

import (
	"context"
	"errors"
	"sync"
)

// parallel is the number of concurrent calls. More gain nothing: the managers put every
// write through one log.
const parallel = 8

// forEach calls do for 0 to n-1, a few at a time, and returns all errors in that
// order. An error does not stop the others; the end of ctx does.
func forEach(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	errs := make([]error, n)
	slots := make(chan struct{}, parallel)
	var group sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		if ctx.Err() != nil {
			errs[i] = context.Cause(ctx)
			break
		}
		group.Go(func() {
			defer func() { <-slots }()
			errs[i] = do(ctx, i)
		})
	}
	group.Wait()
	return errors.Join(errs...)
}
