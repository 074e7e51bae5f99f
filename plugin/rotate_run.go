package plugin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// rotation is how a rotate was asked for. It does not change.
type rotation struct {
	change

	options rotateOptions
}

// rotateProposal is what a rotate is to do.
type rotateProposal struct {
	proposal

	job swarm.Job // of --before; zero without it
}

// runRotate goes deploy's way, but for docker stack deploy: the services are
// updated directly.
func runRotate(ctx context.Context, dockerCLI command.Cli, options rotateOptions) error {
	r := &rotation{options: options, change: change{
		cli: dockerCLI, api: swarm.NewSession(dockerCLI.Client()), tell: newTeller(dockerCLI, options.format), stack: options.stack,
		timeout: options.timeout, deadline: time.Now().Add(options.timeout),
		noReturn: options.noRollback, noPin: options.noPin, keep: options.keep, wait: options.wait,
	}}
	ctx, end := r.tell.beat(ctx)
	defer end()
	p, err := r.prepare(ctx)
	if err != nil {
		return r.interrupted(ctx, planning, err)
	}
	if options.dryRun {
		return pending()
	}
	if err = r.begin("rotate"); err != nil {
		return err
	}
	return r.trail.end(r.run(ctx, p))
}

// run carries p out under the stack's lock.
func (r *rotation) run(ctx context.Context, p rotateProposal) error {
	reached := planning
	err := r.underLock(ctx, func(lockCtx context.Context) error {
		timed, cancel := r.timed(lockCtx)
		defer cancel()
		again, fault := r.prepareAgain(timed, p)
		if fault != nil {
			return fault
		}
		done, fault := r.carryOut(timed, again)
		reached = done.reached
		if fault != nil {
			return r.takeBack(ctx, lockCtx, again, done, fault)
		}
		return r.interrupted(ctx, reached, r.finish(timed, again.proposal, done))
	})
	return r.ended(ctx, reached, err)
}

// prepare does everything that comes before the first effect.
func (r *rotation) prepare(ctx context.Context) (rotateProposal, error) {
	ctx, cancel := r.timed(ctx)
	defer cancel()
	file, err := fileAtHand(r.options.files, r.stack)
	if err != nil {
		return rotateProposal{}, err
	}
	seen, err := swarm.Observe(ctx, r.api, r.stack)
	if err != nil {
		return rotateProposal{}, err
	}
	names, err := secretNames(seen, r.options.secrets)
	if err != nil {
		return rotateProposal{}, err
	}
	answers, err := r.values(ctx, file, names)
	if err != nil {
		return rotateProposal{}, err
	}
	var wants []swarm.Want
	for i, name := range names {
		wants = append(wants, answers[i].want(swarm.Want{Name: name, Pin: pinOf(name, file, seen), Services: usersOf(name, seen)}))
	}
	p, err := r.propose(ctx, file, wants, seen)
	if err != nil && r.options.dryRun {
		return p, r.showUndecided(p.plan, err)
	}
	if err != nil {
		return rotateProposal{}, err
	}
	r.show(p)
	return r.pinned(p, file)
}

// propose works out what the rotation is to do.
func (r *rotation) propose(ctx context.Context, file stackfile.Stack, wants []swarm.Want, seen swarm.State) (rotateProposal, error) {
	p, err := r.newProposal(ctx, file, wants, swarm.Consent{Default: swarm.Rotate}, seen)
	var job swarm.Job
	if err == nil {
		job, err = r.newJob(p)
	}
	needs := r.options.consent.check(p, job.Secrets)
	return rotateProposal{proposal: p.withNeeds(needs), job: job}, errors.Join(err, joinNeeds(needs))
}

// pinned returns p with the edits of the stack file that its plan needs.
func (r *rotation) pinned(p rotateProposal, file stackfile.Stack) (rotateProposal, error) {
	withPins, err := r.withPins(p.proposal, file)
	return rotateProposal{proposal: withPins, job: p.job}, err
}

// show shows the plan, the job that comes before the switch, and what the plan
// does not reach.
func (r *rotation) show(p rotateProposal) {
	r.tell.showPlan(p.plan)
	r.tellJob(p.job)
	r.tellOutside(p.proposal)
}

// prepareAgain works out earlier anew, from the Swarm as it is now; the lock is held.
func (r *rotation) prepareAgain(ctx context.Context, earlier rotateProposal) (rotateProposal, error) {
	seen, err := swarm.Observe(ctx, r.api, r.stack)
	if err != nil {
		return rotateProposal{}, err
	}
	var wants []swarm.Want
	for _, want := range earlier.wants {
		if len(seen.Versions(want.Name)) == 0 {
			return rotateProposal{}, fmt.Errorf("%s was removed meanwhile; run the same command again", want.Name)
		}
		want.Pin = pinOf(want.Name, earlier.file, seen)
		wants = append(wants, want)
	}
	p, err := r.propose(ctx, earlier.file, wants, seen)
	if err != nil {
		return rotateProposal{}, err
	}
	r.tell.showAgain(earlier.plan, p.plan, "the plan", func() { r.show(p) })
	return r.pinned(p, earlier.file)
}

// carryOut pins before it switches: what is killed in between is finished by a
// deploy of the stack file as well as by the same rotation again. The job comes
// before both, so that one that fails leaves nothing to take back.
func (r *rotation) carryOut(ctx context.Context, p rotateProposal) (attempt, error) {
	if err := r.apply(ctx, p.plan); err != nil {
		return attempt{reached: creating}, err
	}
	if err := r.runJob(ctx, p); err != nil {
		return attempt{reached: creating}, err
	}
	pinned, _ := p.pins.write(r.tell)
	now := attempt{reached: switching, pinned: pinned}
	updated, err := swarm.Switch(ctx, r.api, p.before, p.plan)
	now.written = r.written(ctx)
	if err != nil {
		return now, err
	}
	for _, service := range updated {
		r.tell.note("updating service %s", service)
	}
	if now.lasted, err = r.watch(ctx, p.before, p.wants, updated); err != nil {
		return now, fmt.Errorf("%s is not running as it should:\n%s", r.stack, indent(err.Error()))
	}
	return now, nil
}
