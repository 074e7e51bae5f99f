package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"time"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// defaultTimeout is how long a change may take, waiting included.
const defaultTimeout = 5 * time.Minute

// change is what deploy and rotate have in common: new versions for a stack, made
// under its lock, watched, and taken back when they fail.
type change struct {
	cli      command.Cli
	api      swarm.API
	tell     *teller
	stack    string
	timeout  time.Duration
	deadline time.Time
	noReturn bool // --no-rollback
	noPin    bool // --no-pin
	keep     int  // versions before the current one

	file     stackfile.Stack // the zero one where none is at hand
	before   swarm.State
	wants    []swarm.Want
	decide   swarm.Consent
	plan     swarm.Plan
	files    pinnedFiles
	unpinned []stackfile.Pin // pins in use that no stack file holds

	begun   bool // something may have been created
	touched bool // services may have been changed
}

// timed is ctx with the change's deadline.
func (c *change) timed(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithDeadlineCause(ctx, c.deadline, fmt.Errorf("the time of --timeout %s is over", c.timeout))
}

// underLock runs do as the only one who changes the stack. user ends when the
// person stops the command; what do gets ends too when the lock is lost.
func (c *change) underLock(user context.Context, do func(held context.Context) error) error {
	held, unlock, err := swarm.Lock(user, c.api, c.stack, whoami())
	if err != nil {
		return err
	}
	// A job that is there now is of a run that was killed.
	if err = swarm.RemoveJobs(held, c.api, c.stack); err == nil {
		err = do(held)
	}
	return errors.Join(err, unlock())
}

// whoami is how the lock names its holder: alice@build-7.
func whoami() string {
	name := fmt.Sprintf("user %d", os.Getuid())
	if current, err := user.Current(); err == nil {
		name = current.Username
	}
	host, err := os.Hostname()
	if err != nil {
		return name
	}
	return name + "@" + host
}

// changes tells whether c's plan does something to the Swarm.
func (c *change) changes() bool {
	for _, op := range c.plan.Ops {
		if op.Type != swarm.OpKeep {
			return true
		}
	}
	return false
}

// changesUse tells whether services use other secrets or configs after c's plan. A
// label that says another version of the same value changes none.
func (c *change) changesUse() bool {
	for _, op := range c.plan.Ops {
		if op.Type != swarm.OpKeep && op.Type != swarm.OpLabel {
			return true
		}
	}
	return false
}

// watch waits until the tasks run.
func (c *change) watch(ctx context.Context, before swarm.State) error {
	show, end := c.tell.watching()
	defer end()
	var values []secret.Value
	for _, want := range c.wants {
		values = append(values, want.Value)
	}
	return swarm.Watch(ctx, c.api, c.stack, swarm.WatchOptions{Before: before, Values: values, Report: show})
}

// ended tells programs of an error that came before anything was begun; the others
// were told already.
func (c *change) ended(user context.Context, err error) error {
	switch {
	case err == nil || c.begun:
		return err
	case user.Err() != nil:
		return c.interrupted(user, err)
	}
	c.tell.result("failed", err.Error())
	return err
}

// interrupted says how to go on when the person stopped the command; any other
// error, and none, stays as it is.
func (c *change) interrupted(user context.Context, err error) error {
	if err == nil || user.Err() == nil {
		return err
	}
	text := "stopped; nothing was changed on the swarm"
	if c.begun {
		text = fmt.Sprintf("stopped waiting: %s may be half deployed, and Swarm goes on with what it has; run the same command again to finish", c.stack)
	}
	c.tell.result("interrupted", text)
	return errors.New(text)
}
