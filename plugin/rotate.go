package plugin

import (
	"fmt"
	"slices"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/secret"
)

type rotateOptions struct {
	stack      string
	secrets    []string
	stdin      bool
	from       string
	generate   int
	before     string
	files      []string
	consent    consent
	dryRun     bool
	noRollback bool
	noPin      bool
	keep       int
	timeout    time.Duration
	wait       waitOptions
	format     string
}

const rotateLong = `Give secrets of a running stack new values.

Creates a new version of each secret, updates each service that uses them once, and
waits until its tasks have run for some time, which the last line states. If that
fails, every service goes back to the version it had. The command needs no stack file;
if it finds the stack's own, it pins the new versions there. Values come from --from,
from --generate, from stdin with -, or from a prompt that does not show them.

A database keeps the password that it was initialised with. --before names a service
and a command that changes the password in the database. Before any service is
switched, the command runs once, with /bin/sh, in a separate container with the
service's image, environment, networks and secrets, but without its volumes and ports.
/run/secrets/NAME holds the value in use, /run/secrets/NAME.new the new one. If the
command fails, nothing is switched; if the switch fails, the command runs in reverse. It
must exit with 0 only when the new value is in place.

Templates that embed a secret, such as a database URL, are updated with it. The events
of --format json are those of deploy.`

func newRotateCommand(dockerCLI command.Cli) *cobra.Command {
	var options rotateOptions
	cmd := &cobra.Command{
		Use:     "rotate [OPTIONS] STACK SECRET [SECRET...] [-]",
		Short:   "Give secrets of a running stack new values",
		Long:    rotateLong,
		Example: "  docker secrets rotate shop session_key --generate 48\n  pass shop/api | docker secrets rotate shop api_key -",
		Args:    atLeast(2, 0),
		RunE: func(cmd *cobra.Command, args []string) error {
			options.stack, options.secrets = args[0], args[1:]
			if last := len(options.secrets) - 1; options.secrets[last] == "-" {
				options.stdin, options.secrets = true, options.secrets[:last]
			}
			if err := checkRotate(cmd, dockerCLI, &options); err != nil {
				return err
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			return runRotate(ctx, dockerCLI, options)
		},
		ValidArgsFunction: completeStackSecrets(dockerCLI),
	}
	flags := cmd.Flags()
	sameFlag(flags, "yes", "force")
	flags.StringVar(&options.from, "from", "", "Reference to take the value from, as in x-from, or a base")
	flags.IntVar(&options.generate, "generate", 0, "Generate values of that many letters and digits")
	flags.StringArrayVarP(&options.files, "compose-file", "c", nil, "Stack file to pin the new versions in (default "+defaultOutput+", where it is of this stack)")
	flags.StringVar(&options.before, "before", "", `Command that changes the value inside a database first: "SERVICE: COMMAND"`)
	flags.BoolVarP(&options.consent.initialised, "yes", "f", false, "Also change secrets that initialised a database, which keeps the old value")
	flags.BoolVar(&options.consent.weak, "allow-weak", false, "Accept weak or default values, such as changeme")
	flags.BoolVar(&options.dryRun, "dry-run", false, "Show the plan and change nothing; exit with 3")
	flags.BoolVar(&options.noRollback, "no-rollback", false, "Do not roll back a failed rotation")
	flags.BoolVar(&options.noPin, "no-pin", false, "Do not write new versions into the stack file")
	flags.IntVar(&options.keep, "keep", 1, "How many versions before the current one to keep")
	flags.DurationVar(&options.timeout, "timeout", defaultTimeout, "Time limit for the whole rotation")
	addWaitFlags(cmd, &options.wait)
	flags.StringVar(&options.format, "format", "text", `"text" for people on stderr, "json" for programs on stdout, one object a line`)
	return cmd
}

// shortestGenerated is the fewest letters and digits that cannot be guessed.
const shortestGenerated = 16

func checkRotate(cmd *cobra.Command, dockerCLI command.Cli, options *rotateOptions) error {
	if err := checkFormat(cmd, options.format); err != nil {
		return err
	}
	if cmd.Flags().Changed("before") {
		if _, _, err := parseBefore(options.before); err != nil {
			return usageError(cmd, err.Error())
		}
	}
	if err := checkWait(cmd, options.wait, options.timeout); err != nil {
		return err
	}
	sources := 0
	for _, given := range []bool{options.stdin, options.from != "", cmd.Flags().Changed("generate")} {
		if given {
			sources++
		}
	}
	slices.Sort(options.secrets)
	options.secrets = slices.Compact(options.secrets)
	switch several := len(options.secrets) > 1; {
	case len(options.secrets) == 0:
		return usageError(cmd, "name the secrets to rotate")
	case sources > 1:
		return usageError(cmd, "-, --from and --generate are mutually exclusive; choose one")
	case several && (options.stdin || options.from != "" && checkBase(cmd, "", options.from) != nil):
		return usageError(cmd, "one value cannot be used for several secrets; rotate them one by one, use --generate, or --from with a base that has them all (awssecrets://shop-prod/)")
	case sources == 0 && !dockerCLI.In().IsTerminal():
		return usageError(cmd, "no terminal to ask on; give the value with -, --from or --generate")
	case cmd.Flags().Changed("generate") && (options.generate < shortestGenerated || options.generate > secret.MaxSize):
		return usageError(cmd, fmt.Sprintf("--generate %d: write %d to %d", options.generate, shortestGenerated, secret.MaxSize))
	case options.keep < 0:
		return usageError(cmd, fmt.Sprintf("--keep %d: write 0 or more", options.keep))
	}
	return nil
}
