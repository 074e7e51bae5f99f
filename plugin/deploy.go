package plugin

import (
	"fmt"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

type deployOptions struct {
	stack        string
	files        []string
	envFiles     []string
	inline       []string
	set          []string
	from         string
	share        []string
	allowSource  bool
	rotate       bool
	allowWeak    bool
	allowUnread  bool
	yes          bool
	dryRun       bool
	exitCode     bool
	detach       bool
	rollback     bool
	noRollback   bool
	noPin        bool
	scrub        bool
	keep         int
	timeout      time.Duration
	wait         waitOptions
	registryAuth bool
	resolveImage string
	prune        bool
	format       string
	global       []string // docker's own flags, for the child
	workingDir   string
	secretsOnly  bool // docker secrets create
}

const deployLong = `Create the secrets of a stack file and deploy it.

Inspects the Swarm, finds each value where x-from says, shows the plan, creates what
is missing, runs docker stack deploy, and waits until jobs have completed and every
task has run for some time, which the last line states. If that fails, it restores
every service and the stack file.

With --format json, stdout has one JSON object a line. The first has "event":
"plan" with the operations; then come "note", "waiting", "progress" and "residue";
the last one is "result", whose "status" is running, started (--detach), failed, rolled
back or interrupted. An error before the plan is no event, only text on stderr.`

func newDeployCommand(dockerCLI command.Cli) *cobra.Command {
	var options deployOptions
	cmd := &cobra.Command{
		Use:   "deploy [OPTIONS] [STACK]",
		Short: "Create the secrets of a stack file and deploy it",
		Long:  deployLong,
		Args:  atMostOneArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkDeployFlags(cmd, options); err != nil {
				return err
			}
			if len(args) > 0 {
				options.stack = args[0]
			}
			options.global = globalFlags(cmd)
			ctx, stop := interruptible(cmd)
			defer stop()
			return runDeploy(ctx, dockerCLI, options)
		},
		ValidArgsFunction: completeStack(dockerCLI),
	}
	flags := cmd.Flags()
	addSecretFlags(flags, &options)
	flags.StringArrayVar(&options.inline, "inline", nil, "Variable that may be in plaintext in the service's specification, where no secret can be read")
	flags.BoolVar(&options.allowUnread, "allow-unread", false, "Deploy services that will start without their secrets (x-unread in the stack file)")
	flags.BoolVarP(&options.detach, "detach", "d", false, "Do not wait until the tasks run; nothing is rolled back or pruned then")
	flags.BoolVar(&options.rollback, "rollback", true, "Roll back if the deploy fails")
	flags.BoolVar(&options.noRollback, "no-rollback", false, "Do not roll back a failed deploy")
	flags.BoolVar(&options.scrub, "scrub", false, "Remove plaintext values from previous specifications and old tasks; restarts the services that have them")
	flags.IntVar(&options.keep, "keep", 1, "How many versions before the current one to keep")
	addWaitFlags(cmd, &options.wait)
	flags.BoolVar(&options.registryAuth, "with-registry-auth", false, "Send registry authentication details to Swarm agents")
	flags.StringVar(&options.resolveImage, "resolve-image", "", `Query the registry for image digests: "always", "changed" or "never"`)
	flags.BoolVar(&options.prune, "prune", false, "Remove services that the stack file does not name any more")
	return cmd
}

// addSecretFlags adds the flags about the secrets of a stack file, and what becomes of them.
func addSecretFlags(flags *pflag.FlagSet, options *deployOptions) {
	sameFlag(flags, "yes", "force")
	flags.StringArrayVarP(&options.files, "compose-file", "c", []string{defaultOutput}, "Stack file; may be given several times")
	flags.StringArrayVar(&options.envFiles, "env-file", nil, "Env file for values that come from the environment, instead of .env")
	flags.StringArrayVar(&options.set, "set", nil, `Read the value of a secret from stdin ("NAME=-"), or ask for it on a terminal`)
	flags.StringVar(&options.from, "from", "", `Base to look for values first ("awssecrets://shop-prod/")`)
	flags.BoolVar(&options.allowSource, "allow-source", false, "Use sources with which a stack file from someone else could read your own keys: files outside its folder, programs, secret managers that the stack has not used before")
	flags.StringArrayVar(&options.share, "share", nil, "Secret of another stack to use as well")
	flags.BoolVar(&options.rotate, "rotate", false, "Change the values of secrets that are in use")
	flags.BoolVar(&options.allowWeak, "allow-weak", false, "Accept weak or default values, such as changeme")
	flags.BoolVarP(&options.yes, "yes", "f", false, "Also change secrets that initialised a database, which keeps the old value")
	flags.BoolVar(&options.dryRun, "dry-run", false, "Show the plan and change nothing; exit with 3 when there is something to do")
	flags.BoolVar(&options.exitCode, "exit-code", false, "Exit with 3, not 0, when secrets or configs were changed")
	flags.BoolVar(&options.noPin, "no-pin", false, "Do not write new versions into the stack file")
	flags.DurationVar(&options.timeout, "timeout", defaultTimeout, "Time limit for the whole command")
	flags.StringVar(&options.format, "format", "text", `"text" for people on stderr, "json" for programs on stdout, one object a line`)
}

func checkDeployFlags(cmd *cobra.Command, options deployOptions) error {
	if err := checkSecretFlags(cmd, options); err != nil {
		return err
	}
	if options.keep < 0 {
		return usageError(cmd, fmt.Sprintf("--keep %d: write 0 or more", options.keep))
	}
	if options.scrub && options.detach {
		return usageError(cmd, "--scrub and --detach: only a deploy that waits can be scrubbed")
	}
	return checkWait(cmd, options.wait, options.timeout)
}

// checkSecretFlags checks the flags of addSecretFlags.
func checkSecretFlags(cmd *cobra.Command, options deployOptions) error {
	if err := checkFormat(cmd, options.format); err != nil {
		return err
	}
	if _, err := setNames(options.set); err != nil {
		return usageError(cmd, err.Error())
	}
	return checkBase(cmd, "--from", options.from)
}
