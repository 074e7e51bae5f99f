package plugin

import (
	"fmt"
	"io"
	"runtime"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
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
			return printVersion(dockerCLI.Out())
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
}

// printVersion writes the version alone on the first line, for programs, and below it what
// a report of a fault needs. A program that was built without git has no commit.
func printVersion(to io.Writer) error {
	text := "docker secrets " + about.Version + "\n"
	if about.Commit != "" {
		text += "commit: " + about.Commit + "\n"
	}
	text += fmt.Sprintf("built with: %s for %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	text += fmt.Sprintf("stack files: writes format %d, reads up to %d\n", stackfile.Format, stackfile.Format)
	_, err := io.WriteString(to, text)
	return err
}
