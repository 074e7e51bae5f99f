package plugin

import (
	"errors"
	"fmt"
	"strings"

	"github.com/docker/cli/cli"
	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/docker-secrets/docker-secrets/internal/about"
)

// newRootCommand returns the command tree. name is secrets below docker, the program's
// own name when it runs alone.
func newRootCommand(dockerCLI command.Cli, name string) *cobra.Command {
	root := &cobra.Command{
		Use:                   name + " COMMAND",
		Short:                 about.Short,
		Args:                  noArguments,
		SilenceUsage:          true,
		SilenceErrors:         true,
		TraverseChildren:      true,
		DisableFlagsInUseLine: true,
		CompletionOptions:     cobra.CompletionOptions{HiddenDefaultCmd: true},
		RunE:                  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newMigrateCommand(dockerCLI), newDeployCommand(dockerCLI), newCreateCommand(dockerCLI),
		newRotateCommand(dockerCLI), newLsCommand(dockerCLI), newPruneCommand(dockerCLI), newPushCommand(dockerCLI), newDiffCommand(dockerCLI), newCheckCommand(dockerCLI),
		newGraphCommand(dockerCLI), newLogCommand(dockerCLI), newExportCommand(dockerCLI), newImportCommand(dockerCLI), newVersionCommand(dockerCLI))
	addExamples(root)
	completeFlags(dockerCLI, root)
	for _, cmd := range root.Commands() {
		cmd.DisableFlagsInUseLine = true
		cmd.RunE = discreet(cmd.RunE)
	}
	return root
}

func flagError(cmd *cobra.Command, err error) error {
	text := err.Error()
	if given, isUnknown := strings.CutPrefix(text, "unknown flag: --"); isUnknown {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		text += didYouMean("--"+given, names)
	}
	return usageError(cmd, text)
}

func commandNames(cmd *cobra.Command) []string {
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return names
}

// usageError returns the error for wrong use: exit code 2, and where to read on.
func usageError(cmd *cobra.Command, text string) error {
	return cli.StatusError{
		StatusCode: exitUsage,
		Status:     fmt.Sprintf("%s\n\nUsage:  %s\n\nRun '%s --help' for more information", text, cmd.UseLine(), cmd.CommandPath()),
	}
}

// isUsage reports whether err is cobra's own complaint about what was typed, which has no
// type to tell it by.
func isUsage(err error) bool {
	for _, prefix := range []string{"unknown command", "unknown flag", "unknown shorthand flag", "unknown help topic", "docker: "} {
		if strings.HasPrefix(err.Error(), prefix) {
			return true
		}
	}
	return false
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasSubCommands() {
		return usageError(cmd, fmt.Sprintf("unknown command %q", args[0])+didYouMean(args[0], commandNames(cmd)))
	}
	return usageError(cmd, fmt.Sprintf("%q accepts no arguments", cmd.CommandPath()))
}

func atMostOneArgument(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usageError(cmd, fmt.Sprintf("%q requires at most 1 argument", cmd.CommandPath()))
	}
	return nil
}

// atLeast accepts low to high arguments; a high of 0 means no upper bound.
func atLeast(low, high int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= low && (high == 0 || len(args) <= high) {
			return nil
		}
		wants := "at least " + counted(low, "argument")
		if low == high {
			wants = counted(low, "argument")
		}
		return usageError(cmd, fmt.Sprintf("%q requires %s", cmd.CommandPath(), wants))
	}
}

// pending returns the error for "nothing failed, but there is something to do": exit
// code 3 and no text.
func pending() error { return cli.StatusError{StatusCode: exitPending, Cause: errors.New("")} }
