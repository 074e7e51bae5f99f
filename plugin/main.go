package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/docker/cli/cli"
	"github.com/docker/cli/cli-plugins/metadata"
	"github.com/docker/cli/cli-plugins/plugin"
	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/debug"
	"github.com/spf13/cobra"
	"go.opentelemetry.io/otel"

	"github.com/docker-secrets/docker-secrets/internal/about"
)

// Exit codes, the same for every command.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitPending = 3 // nothing failed; there would be something to do
)

// Main runs the program, as a plugin of the docker CLI or directly, and returns
// the exit code.
func Main() int {
	tuneCollector()
	closeProcess()
	otel.SetErrorHandler(debug.OTELErrorHandler) // as docker's own: else a context that is not there is said three times
	// With a channel, a write to a pipe that nobody reads any more is an error. Without
	// one it kills the process, in the middle of its work. To ignore the signal would be
	// inherited by the docker CLI that deploy runs.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	dockerCLI, err := command.NewDockerCli()
	if err != nil {
		fmt.Fprintln(os.Stderr, err) //nolint:forbidigo // there are no streams yet
		return exitFailed
	}
	if plugin.RunningStandalone() {
		err = runStandalone(dockerCLI)
	} else {
		err = runPlugin(dockerCLI)
	}
	return exitCode(dockerCLI, err)
}

// runPlugin runs the commands below docker, which asks for the metadata first: package
// about has answered already, but for what only the framework can write.
func runPlugin(dockerCLI *command.DockerCli) error {
	return plugin.RunPlugin(dockerCLI, newRootCommand(dockerCLI, "secrets"), metadata.Metadata{
		SchemaVersion: about.Schema, Vendor: about.Vendor, Version: about.Version, URL: about.URL,
	})
}

// runStandalone runs the same commands without the docker CLI around them, with
// its global flags.
func runStandalone(dockerCLI *command.DockerCli) error {
	root := newRootCommand(dockerCLI, "docker-secrets")
	root.Version = about.Version
	root.SetVersionTemplate("docker-secrets {{.Version}}\n")
	options, _ := cli.SetupPluginRootCommand(root) // the same help and global flags
	root.SetFlagErrorFunc(flagError)
	root.Annotations = nil
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		options.SetDefaultOptions(cmd.Root().Flags())
		return dockerCLI.Initialize(options)
	}
	root.SetIn(dockerCLI.In())
	root.SetOut(dockerCLI.Out())
	root.SetErr(dockerCLI.Err())
	return root.ExecuteContext(context.Background())
}

// exitCode prints err, where there is one with words, and chooses the code.
func exitCode(dockerCLI command.Cli, err error) int {
	if err == nil {
		return exitDone
	}
	var status cli.StatusError
	if !errors.As(err, &status) {
		status = cli.StatusError{Cause: err, Status: strings.Join(byCause(faultsOf(err)), "\n"), StatusCode: exitFailed}
		if isUsage(err) {
			status.StatusCode = exitUsage
		}
	}
	if text := status.Error(); text != "" {
		_, _ = fmt.Fprintln(people(dockerCLI), text)
	}
	return status.StatusCode
}

// interruptible is cmd's context, ended by SIGINT, SIGTERM and SIGHUP as well: on a
// terminal they reach the plugin itself, elsewhere docker tells it to end. Below nohup, a
// terminal that is closed stops nothing.
func interruptible(cmd *cobra.Command) (context.Context, context.CancelFunc) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signal.NotifyContext(cmd.Context(), signals...)
}
