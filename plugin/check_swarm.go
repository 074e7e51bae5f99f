package plugin

import (
	"context"

	"github.com/docker-secrets/docker-secrets/check"
)

// swarmFacts is what the rules ask about the Swarm.
func (i *inspection) swarmFacts(ctx context.Context) (check.Swarm, error) {
	facts := check.Swarm{Stack: i.options.stack, MaxAge: i.options.maxAge, Managers: i.managerAddresses()}
	if i.options.stack == "" {
		facts.Blind = "the Swarm, because no STACK was given: docker secrets check STACK"
		return facts, nil
	}
	return facts, ctx.Err()
}
