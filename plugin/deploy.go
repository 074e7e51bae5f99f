package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// defaultTimeout is how long a deploy may take, waiting included.
const defaultTimeout = 5 * time.Minute

type deployOptions struct {
	stack        string
	files        []string
	envFiles     []string
	inline       []string
	rotate       bool
	dryRun       bool
	detach       bool
	timeout      time.Duration
	registryAuth bool
	resolveImage string
	prune        bool
	format       string
	global       []string // docker's own flags, for the child
	workingDir   string
}

func newDeployCommand(dockerCLI command.Cli) *cobra.Command {
	var options deployOptions
	cmd := &cobra.Command{
		Use:   "deploy [OPTIONS] [STACK]",
		Short: "Create the secrets of a stack file and deploy it",
		Args:  atMostOneArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(cmd, options.format); err != nil {
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
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	flags := cmd.Flags()
	flags.StringArrayVarP(&options.files, "compose-file", "c", []string{defaultOutput}, "Stack file; may be given several times")
	flags.StringArrayVar(&options.envFiles, "env-file", nil, "Env file for values that come from the environment, instead of .env")
	flags.StringArrayVar(&options.inline, "inline", nil, "Variable that may stand in the service's specification in clear, because the stack file has it where no secret can be read")
	flags.BoolVar(&options.rotate, "rotate", false, "Change secrets that run with another value")
	flags.BoolVar(&options.dryRun, "dry-run", false, "Show the plan and change nothing; exit with 3 when there is something to do")
	flags.BoolVarP(&options.detach, "detach", "d", false, "Do not wait until the tasks run")
	flags.DurationVar(&options.timeout, "timeout", defaultTimeout, "How long the whole deploy may take")
	flags.BoolVar(&options.registryAuth, "with-registry-auth", false, "Send registry authentication details to Swarm agents")
	flags.StringVar(&options.resolveImage, "resolve-image", "", `Query the registry for image digests: "always", "changed" or "never"`)
	flags.BoolVar(&options.prune, "prune", false, "Remove services that the stack file does not name any more")
	flags.StringVar(&options.format, "format", "text", `Format of the plan: "text" for people on stderr, "json" on stdout`)
	return cmd
}

// runDeploy goes one way: observe, resolve, plan, show, apply, deploy, watch.
func runDeploy(ctx context.Context, dockerCLI command.Cli, options deployOptions) error {
	ctx, cancel := context.WithTimeoutCause(ctx, options.timeout, fmt.Errorf("the time of --timeout %s is over", options.timeout))
	defer cancel()
	var err error
	if options.workingDir, err = os.Getwd(); err != nil {
		return err
	}
	d := &deployment{cli: dockerCLI, options: options, api: dockerCLI.Client()}
	if err := d.read(); err != nil {
		return err
	}
	if d.before, err = swarm.Observe(ctx, d.api, d.stack.Name); err != nil {
		return err
	}
	if err := d.resolve(ctx); err != nil {
		return err
	}
	if err := d.makePlan(ctx); err != nil {
		return err
	}
	if err := d.showPlan(); err != nil {
		return err
	}
	if options.dryRun {
		return d.concludeDryRun()
	}
	if err := swarm.Apply(ctx, d.api, d.plan); err != nil {
		return d.interrupted(ctx, err)
	}
	if err := d.pin(); err != nil {
		return err
	}
	if err := d.deploy(ctx); err != nil {
		return d.interrupted(ctx, err)
	}
	return d.interrupted(ctx, d.watch(ctx))
}

// deployment is one run of deploy, filled from top to bottom.
type deployment struct {
	cli     command.Cli
	options deployOptions
	api     swarm.API
	stack   compose.Stack
	before  swarm.State
	wants   []swarm.Want
	inlined []inlinedValue
	plan    swarm.Plan
	events  []swarm.Progress
}

// read reads the stack files and decides the stack's name.
func (d *deployment) read() error {
	for i, file := range d.options.files {
		if _, err := os.Stat(file); err == nil || i > 0 || file != defaultOutput {
			continue
		}
		if filepath.Base(file) == file {
			return fmt.Errorf("%s: no stack file here; make it with docker secrets migrate, or name one with -c", file)
		}
	}
	stack, err := compose.ReadStack(d.options.files)
	if err != nil {
		return err
	}
	if d.options.stack != "" {
		stack.Name = d.options.stack
	}
	if stack.Name == "" {
		return errors.New("the stack has no name: the stack file has no x-stack; give one: docker secrets deploy STACK")
	}
	d.stack = stack
	return d.checkInline()
}

func (d *deployment) concludeDryRun() error {
	if d.plan.Empty() && len(d.newPins()) == 0 {
		return nil
	}
	return pending()
}

// interrupted says how to go on after an interrupt; any other error, and none,
// stays as it is.
func (d *deployment) interrupted(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil || !errors.Is(context.Cause(ctx), context.Canceled) {
		return err
	}
	return fmt.Errorf("stopped waiting: %s may be half deployed, and Swarm goes on with what it has; run the same command again to finish", d.stack.Name)
}
