package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"time"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// defaultTimeout is how long a change may take, waiting included.
const defaultTimeout = 5 * time.Minute

// change is how a command was asked to change the secrets of a stack: under its
// lock, watched, and taken back when it fails. It does not change itself.
type change struct {
	cli      command.Cli
	api      swarm.API
	tell     *teller
	stack    string
	timeout  time.Duration
	deadline time.Time
	noReturn bool   // --no-rollback
	noPin    bool   // --no-pin
	trail    *trail // the audit log; nil for none
	keep     int    // versions before the current one
	wait     waitOptions
}

// phase is how far a change has come.
type phase int

// The phases, in order.
const (
	planning  phase = iota // nothing was changed
	creating               // secrets and configs may have been created, and the command of --before may have run
	switching              // services may have been changed
)

// attempt is what became of a proposal that was carried out.
type attempt struct {
	reached phase
	pinned  []pinEdit     // the stack files that were written
	written swarm.Written // the services as the change made them; nil if that is not known
	lookups time.Duration // that image digests may have been looked up for, which does not count
	lasted  string        // how long the tasks have run, in words; "" if none had to
}

// timed returns ctx with the change's deadline.
func (c *change) timed(ctx context.Context) (context.Context, context.CancelFunc) {
	return c.timedLater(ctx, 0)
}

// timedLater returns ctx with the change's deadline, later by what does not count.
func (c *change) timedLater(ctx context.Context, later time.Duration) (context.Context, context.CancelFunc) {
	return context.WithDeadlineCause(ctx, c.deadline.Add(later), fmt.Errorf("timed out (--timeout %s)", c.timeout))
}

// underLock runs do as the only one who changes the stack. ctx ends when the person
// stops the command; the lockCtx that do gets ends too when the lock is lost.
func (c *change) underLock(ctx context.Context, do func(lockCtx context.Context) error) error {
	endWait := c.tell.pulse.waits("the lock of " + c.stack)
	lockCtx, unlock, err := swarm.Lock(ctx, c.api, c.stack, whoami())
	endWait()
	if err != nil {
		return err
	}
	// A job that is there now is of a run that was killed.
	if err = swarm.RemoveJobs(lockCtx, c.api, c.stack); err == nil {
		err = do(lockCtx)
	}
	return errors.Join(err, unlock())
}

// whoami returns the lock holder's name: alice@build-7.
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

// valuesOf returns the values of wants, in their order.
func valuesOf(wants []swarm.Want) []secret.Value {
	var values []secret.Value
	for _, want := range wants {
		values = append(values, want.Value)
	}
	return values
}

// ended reports an error to --format json if nothing was changed yet; later errors have
// been reported. It returns err, or what replaces it if the person stopped the command.
func (c *change) ended(ctx context.Context, reached phase, err error) error {
	switch {
	case err == nil || reached > planning:
		return err
	case ctx.Err() != nil:
		return c.interrupted(ctx, reached, err)
	}
	c.tell.result("failed", err.Error())
	return err
}

// interrupted returns an error that says how to go on if the person stopped the
// command, else err unchanged, nil included.
func (c *change) interrupted(ctx context.Context, reached phase, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	text := "stopped; nothing was changed on the swarm"
	if reached > planning {
		text = fmt.Sprintf("stopped waiting: %s may be half deployed, and Swarm goes on with what it has; run the same command again to finish", c.stack)
	}
	c.tell.result("interrupted", text)
	return errors.New(text)
}
