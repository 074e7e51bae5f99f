package plugin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/docker-secrets/docker-secrets/secret"
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

// makeJob makes the job of --before for the plan, if there is to be one.
func (r *rotation) makeJob() error {
	if r.options.before == "" {
		return nil
	}
	service, command, err := parseBefore(r.options.before)
	if err != nil {
		return err
	}
	if r.job, err = swarm.NewJob(r.before, r.plan, service, command); err != nil {
		return fmt.Errorf("--before: %w", err)
	}
	return nil
}

// tellJob is the job's line below the plan.
func (r *rotation) tellJob() {
	switch {
	case r.options.before == "":
	case r.job.Empty():
		r.tell.note("%s uses these versions already; the command of --before does not run", r.job.Service)
	default:
		r.tell.note("run the command of --before in a container like %s's, new values in %s", r.job.Service, strings.Join(r.job.Files, ", "))
	}
}

func (r *rotation) newValues() []secret.Value {
	var values []secret.Value
	for _, want := range r.wants {
		values = append(values, want.Value)
	}
	return values
}

// runJob runs the command of --before. Versions that it cannot have brought in are
// removed again when it fails.
func (r *rotation) runJob(ctx context.Context) error {
	if r.options.before == "" || r.job.Empty() {
		return nil
	}
	r.tell.note("%s: running the command of --before", r.job.Service)
	instead, err := r.job.Run(ctx, r.api, r.newValues())
	if err == nil {
		r.jobRan = true
		if len(instead) > 0 {
			r.tell.note("%s had the value of %s already, from a rotation that did not come to its end", r.job.Service, strings.Join(instead, ", "))
		}
		r.tell.note("%s: the command has done its work", r.job.Service)
		return nil
	}
	if failed, is := errors.AsType[*swarm.JobError](err); is && !failed.Ran {
		removed, fault := swarm.Discard(ctx, r.api, r.plan)
		text := "--before: " + err.Error()
		if len(removed) > 0 {
			text += "\nremoved again: " + strings.Join(removed, ", ")
		}
		return errors.Join(errors.New(text), fault)
	}
	return fmt.Errorf("--before: %w\n%s", err, r.unsure())
}

// unsure says what is known after a command that was started and has not succeeded.
func (r *rotation) unsure() string {
	return fmt.Sprintf("%s may have the new value all the same, so %s stays on the swarm, and the same rotation again tries that value too; "+
		"if nothing was changed in %s, docker secrets prune %s removes it", r.job.Service, strings.Join(r.brought(), ", "), r.job.Service, r.stack)
}

// brought is the versions that the job was to bring in.
func (r *rotation) brought() []string {
	var names []string
	for _, op := range r.plan.Ops {
		for _, name := range r.job.Secrets {
			if op.Want == name && op.Kind == swarm.Secret {
				names = append(names, op.Name)
			}
		}
	}
	return names
}

// takeBack is what becomes of a rotation that went wrong: the command of --before
// runs the other way round before the services go back, so that they find the value
// that they had.
func (r *rotation) takeBack(user, held context.Context, cause error) error {
	running := r.options.before != "" && !r.job.Empty() && r.begun && !r.touched
	switch {
	case held.Err() != nil && user.Err() == nil && (running || r.jobRan):
		r.tell.note("%s", r.unsure())
	case user.Err() != nil && running && !r.jobRan:
		text := "stopped; no service was changed. " + r.unsure()
		r.tell.result("interrupted", text)
		return errors.New(text)
	case !r.jobRan || user.Err() != nil || r.noReturn && r.touched:
		// Nothing was changed inside, or the services go on to what was.
	default:
		cause = fmt.Errorf("%w\n%s", cause, r.undoJob(held))
	}
	return r.failed(user, held, cause)
}

// undoJob runs the command the other way round and says what came of it.
func (r *rotation) undoJob(held context.Context) string {
	r.tell.note("%s: running the command of --before the other way round", r.job.Service)
	ctx, cancel := context.WithTimeout(held, undoTime)
	defer cancel()
	err := r.job.Undo(ctx, r.api, r.newValues())
	if err == nil {
		return r.job.Service + " has the old value again: the command of --before ran the other way round"
	}
	return fmt.Sprintf("%s keeps the new value (%s), so that services which read the old one cannot log in: the command of --before could not be run the other way round:\n%s\n"+
		"mend what is wrong above, and run the same rotation again: the command is tried with that value too", r.job.Service, strings.Join(r.brought(), ", "), indent(err.Error()))
}
