package plugin

import (
	"context"
	"fmt"
	"slices"

	"github.com/docker-secrets/docker-secrets/source/store"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// knownStack returns an error if nothing on the Swarm is the stack's: no service, and no
// secret of ours.
func knownStack(ctx context.Context, api swarm.API, stack string) error {
	state, err := swarm.Observe(ctx, api, stack)
	if err != nil {
		return err
	}
	all, err := swarm.Observe(ctx, api, "")
	if err != nil {
		return err
	}
	if names := all.Stacks(); !state.Deployed() && !slices.Contains(names, stack) {
		return fmt.Errorf("no such stack: %s%s", stack, didYouMean(stack, names))
	}
	return nil
}

// didYouMean returns "; did you mean NAME?" with the name that is most like given, "" if
// none is.
func didYouMean(given string, names []string) string {
	if like := store.Similar(given, names); like != "" {
		return "; did you mean " + like + "?"
	}
	return ""
}
