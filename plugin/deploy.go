package plugin

import (
	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"
)

func newDeployCommand(dockerCLI command.Cli) *cobra.Command {
	return &cobra.Command{Use: "deploy", Args: atMostOneArgument}
}
