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

Looks at the Swarm, finds each value where x-from says, shows the plan, creates
what is missing, runs docker stack deploy and waits until every task has run for
some time, which the last line names, and jobs have completed. When that fails,
every service and the stack file go back to what they were.

With --format json, stdout has one JSON object a line. The first has "event":
"plan" with the operations; then come "note", "waiting", "progress" and "residue";
the last one is "result", whose "status" is running, started (--detach), failed, rolled
back or interrupted. A fault before the plan is no event, only text on stderr.`

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
	flags.BoolVar(&options.allowUnread, "allow-unread", false, "Deploy services of which the stack file says (x-unread) that they start without their secrets")
	flags.BoolVarP(&options.detach, "detach", "d", false, "Do not wait until the tasks run; nothing is rolled back or pruned then")
	flags.BoolVar(&options.rollback, "rollback", true, "Go back to what ran before when the deploy fails")
	flags.BoolVar(&options.noRollback, "no-rollback", false, "Leave a failed deploy as it is")
	flags.BoolVar(&options.scrub, "scrub", false, "Clear values out of what the Swarm remembers of older specifications and tasks; restarts the services that have them")
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
	flags.StringArrayVar(&options.set, "set", nil, `Secret whose value to read from stdin ("NAME=-"); a terminal asks and does not show it`)
	flags.StringVar(&options.from, "from", "", `Where to look for values first: a base that the secrets' names follow ("awssecrets://shop-prod/")`)
	flags.BoolVar(&options.allowSource, "allow-source", false, "Use sources that a stack file of somebody else could take your own keys from: files outside its folder, programs, secret managers that the stack has not used before")
	flags.StringArrayVar(&options.share, "share", nil, "Secret that another stack made, to be used together with it")
	flags.BoolVar(&options.rotate, "rotate", false, "Change secrets that run with another value")
	flags.BoolVar(&options.allowWeak, "allow-weak", false, "Take new values that protect nothing, such as changeme")
	flags.BoolVarP(&options.yes, "yes", "f", false, "Change secrets too that a database was initialised with, and which it keeps the old value of")
	flags.BoolVar(&options.dryRun, "dry-run", false, "Show the plan and change nothing; exit with 3 when there is something to do")
	flags.BoolVar(&options.exitCode, "exit-code", false, "Exit with 3, not 0, when secrets or configs were changed")
	flags.BoolVar(&options.noPin, "no-pin", false, "Do not write new versions into the stack file")
	flags.DurationVar(&options.timeout, "timeout", defaultTimeout, "How long all of it may take")
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
