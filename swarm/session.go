package swarm

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
)

// session is an API that remembers whether its daemon was a manager once: what it answers
// while it restarts is then waited out.
type session struct {
	API
	seen atomic.Bool
}

// NewSession returns api for one run of a command.
func NewSession(api API) API { return &session{API: api} }

// awaitManager is checkManager for a daemon that was a manager already in this session.
func awaitManager(ctx context.Context, api API) error {
	_, err := retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		info, err := api.Info(ctx)
		if err == nil {
			// Without the manager, which starts after the daemon, the daemon is a worker.
			if err = managerFault(info); err != nil && !errors.Is(err, errLocked) {
				err = fmt.Errorf("%w: %w", errAgain, err)
			}
		}
		return done, err
	})
	return err
}
