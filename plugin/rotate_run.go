package plugin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// runRotate goes deploy's way, but for docker stack deploy: the services are
// updated directly.
func runRotate(user context.Context, dockerCLI command.Cli, options rotateOptions) error {
	r := &rotation{options: options, change: change{
		cli: dockerCLI, api: dockerCLI.Client(), tell: &teller{cli: dockerCLI, json: options.format == "json"}, stack: options.stack,
		timeout: options.timeout, deadline: time.Now().Add(options.timeout),
		noReturn: options.noRollback, noPin: options.noPin, keep: options.keep, decide: swarm.Consent{Default: swarm.Rotate},
	}}
	if err := r.prepare(user); err != nil {
		return r.interrupted(user, err)
	}
	if options.dryRun {
		return pending()
	}
	return r.ended(user, r.underLock(user, func(held context.Context) error {
		ctx, cancel := r.timed(held)
		defer cancel()
		if err := r.planAgain(ctx); err != nil {
			return err
		}
		if err := r.carryOut(ctx); err != nil {
			return r.takeBack(user, held, err)
		}
		return r.interrupted(user, r.finish(ctx))
	}))
}

// rotation is one run of rotate, filled from top to bottom.
type rotation struct {
	change

	options rotateOptions
	job     swarm.Job // of --before; else the zero one
	jobRan  bool      // it went through
}

// prepare is all that comes before the first effect.
func (r *rotation) prepare(user context.Context) error {
	ctx, cancel := r.timed(user)
	defer cancel()
	var err error
	if r.file, err = fileAtHand(r.options.files, r.stack); err != nil {
		return err
	}
	if r.before, err = swarm.Observe(ctx, r.api, r.stack); err != nil {
		return err
	}
	if err := r.want(); err != nil {
		return err
	}
	if err := r.values(ctx); err != nil {
		return err
	}
	if err := r.makePlan(ctx); err != nil {
		return err
	}
	r.showAll()
	return r.preparePins()
}

func (r *rotation) makePlan(ctx context.Context) error {
	err := r.comparePlan(ctx)
	if err == nil {
		err = r.makeJob()
	}
	given := r.options.consent
	given.brought = r.job.Secrets
	return errors.Join(err, r.consented(given))
}

// showAll shows the plan, the job that comes before the switch, and what the plan
// does not reach.
func (r *rotation) showAll() {
	r.showPlan()
	r.tellJob()
	r.tellOutside()
}

// planAgain repeats what was seen before the lock was taken.
func (r *rotation) planAgain(ctx context.Context) error {
	shown := r.plan.String()
	var err error
	if r.before, err = swarm.Observe(ctx, r.api, r.stack); err != nil {
		return err
	}
	for i := range r.wants {
		versions := r.before.Versions(r.wants[i].Name)
		if len(versions) == 0 {
			return fmt.Errorf("%s was removed meanwhile; run the same command again", r.wants[i].Name)
		}
		r.wants[i].Pin = r.pinOf(r.wants[i].Name, versions)
	}
	if err := r.makePlan(ctx); err != nil {
		return err
	}
	if r.plan.String() != shown {
		r.tell.note("the swarm was changed meanwhile; the plan is now:")
		r.showAll()
	}
	return r.preparePins()
}

// carryOut pins before it switches: what is killed in between is finished by a
// deploy of the stack file as well as by the same rotation again. The job comes
// before both, so that one that fails leaves nothing to take back.
func (r *rotation) carryOut(ctx context.Context) error {
	r.begun = true
	if err := swarm.Apply(ctx, r.api, r.plan); err != nil {
		return err
	}
	if err := r.runJob(ctx); err != nil {
		return err
	}
	r.pin()
	r.touched = true
	updated, err := swarm.Switch(ctx, r.api, r.before, r.plan)
	if err != nil {
		return err
	}
	for _, service := range updated {
		r.tell.note("updating service %s", service)
	}
	if err := r.watch(ctx, r.before); err != nil {
		return fmt.Errorf("%s is not running as it should:\n%s", r.stack, indent(err.Error()))
	}
	return nil
}
