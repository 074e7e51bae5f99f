package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// undoTime is how long the command of --before is tried the other way round: the
// database may just restart.
const undoTime = 30 * time.Second

// parseBefore takes a --before apart. The command is not repeated in errors: it may
// hold what it should not.
func parseBefore(text string) (service, command string, err error) {
	service, command, found := strings.Cut(text, ":")
	service, command = strings.TrimSpace(service), strings.TrimSpace(command)
	switch {
	case !found || strings.ContainsAny(service, " \t\n"):
		return "", "", errors.New("--before: write 'SERVICE: COMMAND'")
	case service == "":
		return "", "", errors.New("--before: the service is missing; write 'SERVICE: COMMAND'")
	case command == "":
		return "", "", fmt.Errorf("--before %s: the command is missing; write 'SERVICE: COMMAND'", service)
	}
	return service, command, nil
}

// newJob makes the job of --before for p's plan; without --before it is the zero Job.
func (r *rotation) newJob(p proposal) (swarm.Job, error) {
	if r.options.before == "" {
		return swarm.Job{}, nil
	}
	service, command, err := parseBefore(r.options.before)
	if err != nil {
		return swarm.Job{}, err
	}
	job, err := swarm.NewJob(p.before, p.plan, service, command)
	if err != nil {
		return swarm.Job{}, fmt.Errorf("--before: %w", err)
	}
	return job, nil
}

// tellJob prints the job's line below the plan.
func (r *rotation) tellJob(job swarm.Job) {
	switch {
	case r.options.before == "":
	case job.Empty():
		r.tell.note("%s uses these versions already; the command of --before does not run", job.Service)
	default:
		r.tell.note("run the command of --before in a container like %s's, new values in %s", job.Service, strings.Join(job.Files, ", "))
	}
}

// runJob runs the command of --before. Versions that it cannot have brought in are
// removed again when it fails.
func (r *rotation) runJob(ctx context.Context, p rotateProposal) error {
	if p.job.Empty() {
		return nil
	}
	service := p.job.Service
	r.tell.note("%s: running the command of --before", service)
	endWait := r.tell.pulse.waits("the command of --before")
	instead, err := p.job.Run(ctx, r.api, valuesOf(p.wants))
	endWait()
	if err == nil {
		if len(instead) > 0 {
			r.tell.note("%s had the value of %s already, from a rotation that did not finish", service, strings.Join(instead, ", "))
		}
		r.tell.note("%s: the command succeeded", service)
		return nil
	}
	if failed, is := errors.AsType[*swarm.JobError](err); is && !failed.Ran {
		removed, fault := swarm.Discard(ctx, r.api, p.plan)
		text := "--before: " + err.Error()
		if len(removed) > 0 {
			text += "\nremoved again: " + strings.Join(removed, ", ")
		}
		return errors.Join(errors.New(text), fault)
	}
	return fmt.Errorf("--before: %w\n%s", err, r.unsure(p))
}

// unsure returns what is known after a command that was started and has not succeeded.
func (r *rotation) unsure(p rotateProposal) string {
	return fmt.Sprintf("%s may already have the new value, so %s is kept, and the next run of this rotation tries that value too; "+
		"if nothing was changed in %s, docker secrets prune %s removes it", p.job.Service, strings.Join(p.brought(), ", "), p.job.Service, r.stack)
}

// brought returns the versions that the job brings in.
func (p rotateProposal) brought() []string {
	var names []string
	for _, op := range p.plan.Ops {
		if op.Kind == swarm.Secret && slices.Contains(p.job.Secrets, op.Secret) {
			names = append(names, op.Name)
		}
	}
	return names
}

// takeBack ends a rotation that went wrong: it runs the command of --before the other way
// round before the services go back, so that they find the value that they had.
func (r *rotation) takeBack(ctx, lockCtx context.Context, p rotateProposal, a attempt, cause error) error {
	started := !p.job.Empty()
	ran := started && a.reached == switching
	switch {
	case lockCtx.Err() != nil && ctx.Err() == nil && started:
		r.tell.note("%s", r.unsure(p))
	case ctx.Err() != nil && started && !ran:
		text := "stopped; no service was changed. " + r.unsure(p)
		r.tell.result("interrupted", text)
		return errors.New(text)
	case !ran || ctx.Err() != nil || r.noReturn:
		// Nothing was changed inside, or the services go on to what was.
	default:
		cause = fmt.Errorf("%w\n%s", cause, r.undoJob(lockCtx, p))
	}
	return r.failed(ctx, lockCtx, p.proposal, a, cause)
}

// undoJob runs the command the other way round and says what came of it.
func (r *rotation) undoJob(lockCtx context.Context, p rotateProposal) string {
	service := p.job.Service
	r.tell.note("%s: running the command of --before in reverse", service)
	timed, cancel := context.WithTimeout(lockCtx, undoTime)
	defer cancel()
	defer r.tell.pulse.waits("the command of --before, in reverse")()
	err := p.job.Undo(timed, r.api, valuesOf(p.wants))
	if err == nil {
		return service + " has the old value again: the command of --before ran in reverse"
	}
	return fmt.Sprintf("%s keeps the new value (%s), so that services which read the old one cannot log in: the command of --before could not be run in reverse:\n%s\n"+
		"fix the problem above, and run the same rotation again: the command is tried with that value too", service, strings.Join(p.brought(), ", "), indent(err.Error()))
}
