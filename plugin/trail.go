package plugin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/docker/cli/cli"
	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/audit"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// auditVariable names where the audit log is: a file, or a syslog.
const auditVariable = "DOCKER_SECRETS_AUDIT"

// trail is the audit log of one command. Nil writes nothing.
type trail struct {
	log   *audit.Log
	entry audit.Entry // what all lines of the command have
	told  string      // the last result that was told, such as "rolled back"
}

// openTrail opens the audit log, if there is to be one, and writes that command begins.
// It comes before the first effect: a log that cannot be written stops the command.
func openTrail(dockerCLI command.Cli, command, stack string) (*trail, error) {
	target := os.Getenv(auditVariable) //nolint:forbidigo // where to, as the user or the machine says
	if target == "" {
		return nil, nil //nolint:nilnil // no log is wanted
	}
	opened, err := audit.Open(target)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", auditVariable, err)
	}
	t := &trail{log: opened, entry: audit.Entry{Who: whoami(), Context: dockerCLI.CurrentContext(), Stack: stack, Command: command}}
	if err := t.append(audit.Entry{Result: audit.Begun}); err != nil {
		_ = opened.Close()
		return nil, fmt.Errorf("%s: %w; nothing was done", auditVariable, err)
	}
	return t, nil
}

// append writes e with what all lines have.
func (t *trail) append(e audit.Entry) error {
	if t == nil {
		return nil
	}
	e.Time, e.Who, e.Context, e.Stack, e.Command = time.Now().UTC(), t.entry.Who, t.entry.Context, t.entry.Stack, t.entry.Command
	return t.log.Append(e)
}

// ops writes one line for each operation of plan that does something. fault is what
// Apply returned, which names those that failed.
func (t *trail) ops(plan swarm.Plan, fault error) error {
	var faults []error
	for _, op := range plan.Ops {
		if op.Type == swarm.OpKeep {
			continue
		}
		result := audit.Done
		if fault != nil && strings.Contains(fault.Error(), fmt.Sprintf("%s %s %s:", op.Type, op.Kind, op.Name)) {
			result = audit.Failed
		}
		faults = append(faults, t.append(audit.Entry{
			Operation: string(op.Type), Kind: op.Kind.String(), Secret: op.Secret, Version: op.Name, From: op.From, Result: result,
		}))
	}
	return errors.Join(faults...)
}

// end writes how the command ended, with err or without, and closes the log. It returns
// err, with what went wrong with the log itself.
func (t *trail) end(err error) error {
	if t == nil {
		return err
	}
	result := audit.Done
	var status cli.StatusError
	if err != nil && (!errors.As(err, &status) || status.StatusCode != exitPending) {
		result = audit.Failed
	}
	fault := t.append(audit.Entry{Result: cmp.Or(t.told, result)})
	if joined := errors.Join(fault, t.log.Close()); joined != nil {
		return errors.Join(err, fmt.Errorf("the operation succeeded, but %w", joined))
	}
	return err
}

// apply carries plan out, and writes each operation into the audit log.
func (c *change) apply(ctx context.Context, plan swarm.Plan) error {
	plan.MadeBy = whoami()
	err := swarm.Apply(ctx, c.api, plan)
	return errors.Join(err, c.trail.ops(plan, err))
}

// begin opens the audit log for command.
func (c *change) begin(command string) (err error) {
	c.trail, err = openTrail(c.cli, command, c.stack)
	c.tell.trail = c.trail
	return err
}
