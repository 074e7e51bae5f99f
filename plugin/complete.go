package plugin

import (
	"maps"
	"slices"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// completeStack completes the first argument with the stacks that have secrets of
// ours. A Swarm that cannot be asked completes nothing.
func completeStack(dockerCLI command.Cli) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		state, err := swarm.Observe(cmd.Context(), dockerCLI.Client(), "")
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return stacksOf(state), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeStackSecrets completes a stack, and then its secrets.
func completeStackSecrets(dockerCLI command.Cli) cobra.CompletionFunc {
	stacks := completeStack(dockerCLI)
	return func(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return stacks(cmd, args, toComplete)
		}
		state, err := swarm.Observe(cmd.Context(), dockerCLI.Client(), args[0])
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return secretsOf(state), cobra.ShellCompDirectiveNoFileComp
	}
}

// stacksOf is the stacks that we created something for, sorted.
func stacksOf(state swarm.State) []string {
	return ownerNames(state, func(o swarm.Object) string { return o.Owner.Stack })
}

// secretsOf is the logical names of the snapshot's stack's secrets, sorted.
func secretsOf(state swarm.State) []string {
	return ownerNames(state, func(o swarm.Object) string {
		if o.Kind != swarm.Secret || o.Owner.Stack != state.Stack {
			return ""
		}
		return o.Owner.Name
	})
}

func ownerNames(state swarm.State, name func(swarm.Object) string) []string {
	names := map[string]bool{}
	for _, object := range state.Objects {
		if text := name(object); text != "" {
			names[text] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
