package plugin

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// failed ends a change that went wrong. It takes the change back unless the person
// stopped it, or said so, or the lock is lost and with it the right to change anything.
// The error says what was wrong and what runs now.
func (c *change) failed(ctx, lockCtx context.Context, p proposal, a attempt, cause error) error {
	if ctx.Err() != nil {
		return c.interrupted(ctx, a.reached, cause)
	}
	status, now := "failed", ""
	switch {
	case lockCtx.Err() != nil:
		cause, now = context.Cause(lockCtx), "nothing was rolled back"
	case a.reached < switching:
		now = "no service was changed"
	case !p.before.Deployed():
		now = fmt.Sprintf("this was the first deploy of %s, so there is nothing to go back to: its services stay as they are; correct what is wrong and deploy again, or remove them with docker stack rm %s", c.stack, c.stack)
	case c.noReturn:
		now = "not rolled back (--no-rollback): the services stay as they are; correct what is wrong and deploy again"
	case !isLocked(ctx, lockCtx):
		// The deploy had nothing to lock for; to take it back, it has.
		err := c.underLock(ctx, func(lockCtx context.Context) error {
			status, now = c.rollBack(ctx, lockCtx, p, a)
			return nil
		})
		if err != nil {
			now = strings.TrimPrefix(now+"\n"+err.Error(), "\n")
		}
	default:
		status, now = c.rollBack(ctx, lockCtx, p, a)
	}
	text := cause.Error() + "\n" + now
	c.tell.result(status, text)
	return errors.New(text)
}

// rollBack gives every service, and the stack files, back what they had before,
// and waits until that runs. It has the change's whole time again. A stack file that cannot
// be written keeps its new pins, which now names; the services go back all the same.
func (c *change) rollBack(ctx, lockCtx context.Context, p proposal, a attempt) (status, now string) {
	c.tell.note("%s: rolling back", c.stack)
	timed, cancel := context.WithTimeoutCause(lockCtx, c.timeout, fmt.Errorf("timed out (--timeout %s)", c.timeout))
	defer cancel()
	failed, err := swarm.Observe(timed, c.api, c.stack)
	var restored swarm.Restored
	if err == nil {
		restored, err = swarm.Restore(timed, c.api, p.before, a.written)
	}
	stay := unpin(a.pinned)
	if err == nil {
		_, err = c.watch(timed, failed, p.wants, restored.Services)
	}
	switch {
	case ctx.Err() != nil:
		status, now = "failed", "stopped waiting for the rollback, which Swarm goes on with; see docker stack ps "+c.stack
	case err != nil:
		status, now = "failed", fmt.Sprintf("the rollback failed too:\n%s\nsee docker stack ps %s", indent(err.Error()), c.stack)
	default:
		status, now = "rolled back", c.whatRuns(p.plan, restored)
	}
	return status, strings.Join(append([]string{now}, stay...), "\n")
}

// whatRuns says what a rollback led to, of a change that carried plan out.
func (c *change) whatRuns(plan swarm.Plan, restored swarm.Restored) string {
	lines := []string{"rolled back: " + c.stack + " runs as before"}
	if len(restored.Others) > 0 {
		lines[0] = "rolled back: the other services of " + c.stack + " run as before"
	}
	if len(restored.Services) > 0 {
		lines[0] += " (" + strings.Join(restored.Services, ", ") + ")"
	}
	if len(restored.Others) > 0 {
		lines = append(lines, fmt.Sprintf("services that were changed meanwhile are left as they are: %s; see docker service inspect", strings.Join(restored.Others, ", ")))
	}
	if len(restored.New) > 0 {
		lines = append(lines, fmt.Sprintf("new services have nothing to go back to and stay: %s; remove them with docker service rm", strings.Join(restored.New, ", ")))
	}
	if len(restored.Gone) > 0 {
		lines = append(lines, fmt.Sprintf("services that --prune removed cannot be brought back: %s; deploy the stack file that had them", strings.Join(restored.Gone, ", ")))
	}
	var unused []string
	for _, op := range plan.Ops {
		if op.Type == swarm.OpCreate && op.Kind == swarm.Secret {
			unused = append(unused, op.Name)
		}
	}
	if len(unused) > 0 {
		lines = append(lines, "created and not in use: "+strings.Join(unused, ", "))
	}
	return strings.Join(lines, "\n")
}

// written returns the services as the change has just made them. Where the Swarm cannot be
// asked, a rollback takes all of them back.
func (c *change) written(ctx context.Context) swarm.Written {
	written, err := swarm.ReadWritten(ctx, c.api, c.stack)
	if err != nil {
		return nil
	}
	return written
}
