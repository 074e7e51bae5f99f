package plugin

import (
	"fmt"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/internal/about"
)

// newVersionCommand returns the command that prints the version and asks nobody.
func newVersionCommand(dockerCLI command.Cli) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Show the version of docker secrets",
		Example: "  docker secrets version",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(dockerCLI.Out(), "docker secrets "+about.Version)
			return err
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
}
