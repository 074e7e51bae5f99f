package plugin

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// failed is what becomes of a change that went wrong. It is taken back unless the
// person stopped it, or said so, or the lock is lost and with it the right to
// change anything. The error says what was wrong and what runs now.
func (c *change) failed(user, held context.Context, cause error) error {
	if user.Err() != nil {
		return c.interrupted(user, cause)
	}
	status, now := "failed", ""
	switch {
	case held.Err() != nil:
		cause, now = context.Cause(held), "nothing was rolled back"
	case !c.touched:
		now = "no service was changed"
		if err := c.files.restore(); err != nil {
			now += "; " + err.Error()
		}
	case !c.before.Deployed():
		now = fmt.Sprintf("this was the first deploy of %s, so there is nothing to go back to: its services stay as they are; correct what is wrong and deploy again, or remove them with docker stack rm %s", c.stack, c.stack)
	case c.noReturn:
		now = "not rolled back (--no-rollback): the services stay as they are; correct what is wrong and deploy again"
	case held == user:
		// The deploy had nothing to lock for; to take it back, it has.
		err := c.underLock(user, func(held context.Context) error {
			status, now = c.rollBack(user, held)
			return nil
		})
		if err != nil {
			now = strings.TrimPrefix(now+"\n"+err.Error(), "\n")
		}
	default:
		status, now = c.rollBack(user, held)
	}
	text := cause.Error() + "\n" + now
	c.tell.result(status, text)
	return errors.New(text)
}

// rollBack gives every service, and the stack files, back what they had before,
// and waits until that runs. It has the change's whole time again.
func (c *change) rollBack(user, held context.Context) (status, now string) {
	c.tell.note("%s: rolling back", c.stack)
	ctx, cancel := context.WithTimeoutCause(held, c.timeout, fmt.Errorf("the time of --timeout %s is over", c.timeout))
	defer cancel()
	failed, err := swarm.Observe(ctx, c.api, c.stack)
	var restored swarm.Restored
	if err == nil {
		restored, err = swarm.Restore(ctx, c.api, c.before)
	}
	err = errors.Join(err, c.files.restore())
	if err == nil {
		err = c.watch(ctx, failed)
	}
	switch {
	case user.Err() != nil:
		return "failed", "stopped waiting for the rollback, which Swarm goes on with; see docker stack ps " + c.stack
	case err != nil:
		return "failed", fmt.Sprintf("the rollback failed too:\n%s\nsee docker stack ps %s", indent(err.Error()), c.stack)
	}
	return "rolled back", c.whatRuns(restored)
}

// whatRuns says what a rollback led to.
func (c *change) whatRuns(restored swarm.Restored) string {
	lines := []string{"rolled back: " + c.stack + " runs as before"}
	if len(restored.Services) > 0 {
		lines[0] += " (" + strings.Join(restored.Services, ", ") + ")"
	}
	if len(restored.New) > 0 {
		lines = append(lines, fmt.Sprintf("new services have nothing to go back to and stay: %s; remove them with docker service rm", strings.Join(restored.New, ", ")))
	}
	if len(restored.Gone) > 0 {
		lines = append(lines, fmt.Sprintf("services that --prune removed cannot be brought back: %s; deploy the stack file that had them", strings.Join(restored.Gone, ", ")))
	}
	var unused []string
	for _, op := range c.plan.Ops {
		if op.Type == swarm.OpCreate && op.Kind == swarm.Secret {
			unused = append(unused, op.Name)
		}
	}
	if len(unused) > 0 {
		lines = append(lines, "created and not in use: "+strings.Join(unused, ", "))
	}
	return strings.Join(lines, "\n")
}
