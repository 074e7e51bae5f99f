package plugin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// lookPause is the time between two looks at tasks that end.
const lookPause = 500 * time.Millisecond

type pruneOptions struct {
	stack   string
	files   []string
	keep    int
	dryRun  bool
	force   bool
	timeout time.Duration
}

const pruneLong = `Remove unused secrets and configs of a stack.

Removes only secrets and configs that docker secrets created for the stack. Keeps those
that a service of any stack refers to, now or in its previous specification, that a
task uses, or that the stack file names, and the --keep versions before the one in use.
After docker stack rm, nothing is in use and everything is removed, except what a stack
file given with -c names. The script that sets variables is one config for all stacks;
it is removed with the last stack.`

func newPruneCommand(dockerCLI command.Cli) *cobra.Command {
	var options pruneOptions
	cmd := &cobra.Command{
		Use:   "prune [OPTIONS] STACK",
		Short: "Remove unused versions",
		Long:  pruneLong,
		Args:  atLeast(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			options.stack = args[0]
			if options.keep < 0 {
				return usageError(cmd, fmt.Sprintf("--keep %d: write 0 or more", options.keep))
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			return orInterrupted(ctx, runPrune(ctx, dockerCLI, options))
		},
		ValidArgsFunction: completeStack(dockerCLI),
	}
	flags := cmd.Flags()
	flags.StringArrayVarP(&options.files, "compose-file", "c", nil, "Stack file whose secrets stay (default "+defaultOutput+", where it is of this stack)")
	flags.IntVar(&options.keep, "keep", 1, "How many versions before the current one to keep")
	flags.BoolVar(&options.dryRun, "dry-run", false, "Show what would be removed; exit with 3 when there is something")
	sameFlag(flags, "force", "yes")
	flags.BoolVarP(&options.force, "force", "f", false, "Do not prompt for confirmation (also --yes)")
	flags.DurationVar(&options.timeout, "timeout", time.Minute, "How long the tasks of a removed stack may take to end")
	return cmd
}

// runPrune looks, shows, asks, and removes.
func runPrune(ctx context.Context, dockerCLI command.Cli, options pruneOptions) error {
	file, err := fileAtHand(options.files, options.stack)
	if err != nil {
		return err
	}
	tell := &teller{cli: dockerCLI}
	ctx, end := tell.beat(ctx)
	defer end()
	p := pruner{options: options, file: file, change: change{
		cli: dockerCLI, api: swarm.NewSession(dockerCLI.Client()), stack: options.stack, tell: tell,
	}}
	plan, err := p.look(ctx)
	if err != nil {
		return err
	}
	if plan.Empty() {
		if file.Name != p.stack {
			if err = knownStack(ctx, p.api, p.stack); err != nil {
				return err
			}
		}
		p.tell.note("nothing to remove")
		return nil
	}
	p.tell.showPlan(plan)
	if options.dryRun {
		return pending()
	}
	if err = p.ask(ctx); err != nil {
		return err
	}
	if err = p.begin("prune"); err != nil {
		return err
	}
	err = p.trail.end(p.underLock(ctx, func(lockCtx context.Context) error {
		again, fault := p.look(lockCtx)
		if fault != nil {
			return fault
		}
		p.tell.showAgain(plan, again, "what is removed", func() { p.tell.showPlan(again) })
		return p.apply(lockCtx, again)
	}))
	if err != nil && ctx.Err() != nil {
		return errors.New("stopped; the next prune removes what is left")
	}
	return err
}

// pruner is how a prune was asked for. It does not change.
type pruner struct {
	change

	options pruneOptions
	file    stackfile.Stack // zero if no file is at hand
}

// look plans what to remove. The tasks of a stack that was removed just now still
// use its secrets, so their end is waited for.
func (p *pruner) look(ctx context.Context) (swarm.Plan, error) {
	ctx, cancel := context.WithTimeout(ctx, p.options.timeout)
	defer cancel()
	defer p.tell.pulse.waits("the swarm, and tasks that end")()
	for {
		state, err := swarm.Observe(ctx, p.api, p.stack)
		if err != nil {
			return swarm.Plan{}, err
		}
		if state.Deployed() || !state.Live() {
			return swarm.NewPrune(p.stack, state, swarm.PruneOptions{Named: p.named(state), Keep: p.options.keep, Pending: true}), nil
		}
		select {
		case <-ctx.Done():
			return swarm.Plan{}, fmt.Errorf("tasks of %s still run, though its services are gone; see docker ps, and run the same command again", p.stack)
		case <-time.After(lookPause):
		}
	}
}

// named returns what the stack file keeps. If the stack was removed, a file that merely
// lies here keeps nothing.
func (p *pruner) named(state swarm.State) []swarm.Pin {
	if len(p.options.files) == 0 && !state.Deployed() {
		return nil
	}
	return filePins(p.file)
}

// ask returns an error unless the person wants the removal.
func (p *pruner) ask(ctx context.Context) error {
	if p.options.force {
		return nil
	}
	if !p.cli.In().IsTerminal() {
		return errors.New("no terminal to ask on; nothing was removed; use --force to skip the prompt")
	}
	yes, err := confirm(ctx, p.cli, "Removed values cannot be recovered. Continue?")
	if err == nil && !yes {
		err = errors.New("nothing was removed")
	}
	return err
}

// applyPrune says what plan removes, and removes it.
func (c *change) applyPrune(ctx context.Context, plan swarm.Plan) error {
	for _, op := range plan.Ops {
		c.tell.note("%s", op)
	}
	if err := c.apply(ctx, plan); err != nil {
		return fmt.Errorf("not pruned: %w", err)
	}
	return nil
}
