package plugin

import (
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
		return state.Stacks(), cobra.ShellCompDirectiveNoFileComp
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
		return state.SecretNames(), cobra.ShellCompDirectiveNoFileComp
	}
}
