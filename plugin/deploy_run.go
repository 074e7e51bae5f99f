package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/internal/stamp"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// deployment is how a deploy was asked for. It does not change.
type deployment struct {
	change

	options deployOptions
	input   stackfile.ChildInput // what docker stack deploy reads; zero without it
	ledger  *stamp.Ledger        // what earlier deploys found equal
}

// deployProposal is what a deploy will do.
type deployProposal struct {
	proposal

	inlined []inlinedValue
	inputs  inputs
	waits   bool // for a decision; only of a dry run
}

// runDeploy goes one way: read, observe, resolve, plan, show, apply, pin, deploy,
// watch, prune.
func runDeploy(ctx context.Context, dockerCLI command.Cli, options deployOptions) error {
	var err error
	if options.workingDir, err = os.Getwd(); err != nil {
		return err
	}
	file, input, stack, err := readDeploy(options)
	if err != nil {
		return err
	}
	d := newDeployment(dockerCLI, options, stack)
	d.input = input
	ctx, end := d.tell.beat(ctx)
	defer end()
	p, err := d.prepare(ctx, file)
	switch {
	case err != nil:
		return d.interrupted(ctx, planning, err)
	case options.dryRun:
		return concludeDryRun(p)
	}
	command := "deploy"
	if options.secretsOnly {
		command = "create"
	}
	if err = d.begin(command); err != nil {
		return err
	}
	return d.trail.end(d.run(ctx, p))
}

// run carries p out, under the stack's lock where it changes secrets or configs.
func (d *deployment) run(ctx context.Context, p deployProposal) error {
	if !changesSwarm(p.plan) && !p.before.Locked() {
		_, err := d.execute(ctx, ctx, p)
		return err
	}
	reached := planning
	err := d.underLock(ctx, func(lockCtx context.Context) error {
		timed, cancel := d.timed(lockCtx)
		defer cancel()
		again, fault := d.prepareAgain(timed, p)
		if fault != nil {
			return fault
		}
		reached, fault = d.execute(ctx, lockCtx, again)
		return fault
	})
	return d.ended(ctx, reached, err)
}

// readDeploy reads the stack files, with what docker stack deploy takes from them, and says the stack's name.
func readDeploy(options deployOptions) (file stackfile.Stack, input stackfile.ChildInput, stack string, err error) {
	if file, err = readStack(options.files); err != nil {
		return stackfile.Stack{}, stackfile.ChildInput{}, "", err
	}
	stack = file.Name
	if options.stack != "" {
		stack = options.stack
	}
	if stack == "" {
		return stackfile.Stack{}, stackfile.ChildInput{}, "", errors.New("the stack has no name: the stack file has no x-stack; give one: docker secrets deploy STACK")
	}
	if options.secretsOnly {
		return file, stackfile.ChildInput{}, stack, nil
	}
	input, err = stackfile.ReadChildInput(file.Files)
	if err != nil {
		return stackfile.Stack{}, stackfile.ChildInput{}, "", err
	}
	environ := os.Environ() //nolint:forbidigo // the child's is made from it
	return file, input, stack, errors.Join(checkInline(file, options.inline), checkFilled(input, options.inline, environ))
}

// newDeployment makes the deployment of stack, whose time begins now.
func newDeployment(dockerCLI command.Cli, options deployOptions, stack string) *deployment {
	return &deployment{options: options, ledger: ledgerOf(dockerCLI.Client().DaemonHost(), stack, options.workingDir), change: change{
		cli: dockerCLI, api: swarm.NewSession(dockerCLI.Client()), tell: newTeller(dockerCLI, options.format), stack: stack,
		timeout: options.timeout, deadline: time.Now().Add(options.timeout),
		noReturn: options.noRollback || !options.rollback, noPin: options.noPin, keep: options.keep, wait: options.wait,
	}}
}

// prepare does everything that comes before the first effect.
func (d *deployment) prepare(ctx context.Context, file stackfile.Stack) (deployProposal, error) {
	ctx, cancel := d.timed(ctx)
	defer cancel()
	seen, err := swarm.Observe(ctx, d.api, d.stack)
	if err != nil {
		return deployProposal{}, err
	}
	if !d.options.allowUnread && !d.options.secretsOnly {
		if err = errors.Join(append(checkRemoved(file, seen), checkUnread(ctx, d.cli.Client(), file))...); err != nil {
			return deployProposal{}, err
		}
	}
	if err = d.precheck(ctx, file, seen); err != nil {
		return deployProposal{}, err
	}
	resolved, err := d.lookUp(ctx, file, seen)
	if err != nil {
		return deployProposal{}, err
	}
	p, err := d.propose(ctx, file, resolved, seen)
	if err != nil && d.options.dryRun {
		err = d.showUndecided(p.plan, err)
		return deployProposal{proposal: p, waits: true}, err
	}
	if err != nil {
		return deployProposal{}, err
	}
	d.tell.showPlan(p.plan)
	for _, line := range append(elsewhere(file), unused(file)...) {
		d.tell.note("%s", line)
	}
	if len(resolved.notBelow) > 0 {
		d.tell.note("not below %s, and looked for where x-from says: %s", d.options.from, strings.Join(resolved.notBelow, ", "))
	}
	p, err = d.withPins(p, file)
	return deployProposal{proposal: p, inlined: resolved.inlined, inputs: resolved.inputs}, err
}

// execute carries p out, and returns how far it came. ctx ends when the person stops the
// command, lockCtx also when the lock is lost; they are the same if the deploy needs no
// lock.
func (d *deployment) execute(ctx, lockCtx context.Context, p deployProposal) (phase, error) {
	if d.options.secretsOnly {
		return d.create(ctx, lockCtx, p)
	}
	done, err := d.carryOut(lockCtx, p)
	d.remember(p)
	timed, cancel := d.timedLater(lockCtx, done.lookups)
	defer cancel()
	if err != nil {
		return done.reached, d.failed(ctx, lockCtx, p.proposal, done, err)
	}
	if d.options.detach {
		d.tell.result("started", d.stack+" is started")
		return done.reached, d.concludeChanged(p.plan)
	}
	runs := d.stack + " is running"
	if done.lasted != "" {
		runs += ": its tasks have been " + done.lasted
	}
	d.tell.note("%s", runs)
	if err := d.clean(timed, p, isLocked(ctx, lockCtx)); err != nil {
		text := fmt.Sprintf("%s, but %s", runs, err)
		d.tell.result("running", text)
		return done.reached, d.interrupted(ctx, done.reached, errors.New(text))
	}
	d.tell.result("running", runs)
	return done.reached, d.concludeChanged(p.plan)
}

// isLocked reports whether lockCtx is that of a lock: see execute.
func isLocked(ctx, lockCtx context.Context) bool { return ctx != lockCtx }

// carryOut makes the Swarm and the stack files as p says, and waits until the tasks
// run. With an error it says how far it came all the same.
func (d *deployment) carryOut(ctx context.Context, p deployProposal) (attempt, error) {
	timed, cancel := d.timed(ctx)
	defer cancel()
	if err := d.apply(timed, p.plan); err != nil {
		return attempt{reached: creating}, err
	}
	pinned, unpinned := p.pins.write(d.tell)
	now := attempt{reached: switching, pinned: pinned}
	var err error
	now.lookups, err = d.deploy(ctx, p, unpinned)
	if d.options.detach && err == nil {
		return now, nil
	}
	now.written = d.written(ctx)
	if err != nil {
		return now, err
	}
	rest, cancel := d.timedLater(ctx, now.lookups)
	defer cancel()
	if now.lasted, err = d.watch(rest, p.before, p.wants, p.file.ServiceNames()); err != nil {
		return now, fmt.Errorf("%s is not running as it should:\n%s", d.stack, indent(err.Error()))
	}
	return now, nil
}

// concludeDryRun returns pending if p would change the Swarm or a stack file, or waits for
// a decision, else nil.
func concludeDryRun(p deployProposal) error {
	if !p.waits && !changesSwarm(p.plan) && len(newPins(p.file, p.plan)) == 0 {
		return nil
	}
	return pending()
}

// concludeChanged returns pending if --exit-code was given and plan changed what services
// use, else nil.
func (d *deployment) concludeChanged(plan swarm.Plan) error {
	if d.options.exitCode && changesUse(plan) {
		return pending()
	}
	return nil
}
