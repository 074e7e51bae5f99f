package plugin

import (
	"context"
	"errors"
	"sync"

	"github.com/docker/cli/cli"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// discretion is what one run of a command has learnt: values that none of its errors may
// show. Errors are made to quote none; this is for the one that does all the same, such as
// a parser's or the Engine's.
type discretion struct {
	mutex  sync.Mutex
	values []secret.Value
}

type discretionKey struct{}

// learn notes values in the run that ctx belongs to. Whatever reads values for a command
// calls it. Common ones are left out: a password "postgres" is a word of our own messages.
func learn(ctx context.Context, values ...secret.Value) {
	d, ok := ctx.Value(discretionKey{}).(*discretion)
	if !ok {
		return
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for _, v := range values {
		if _, managed := secret.Managed(v.Reveal()); !managed && verdict.Distinctive(v) {
			d.values = append(d.values, v)
		}
	}
}

// discreet returns run with the values that it learns taken out of its error. newRootCommand
// puts it around every command.
func discreet(run func(cmd *cobra.Command, args []string) error) func(cmd *cobra.Command, args []string) error {
	return func(cmd *cobra.Command, args []string) error {
		d := &discretion{}
		cmd.SetContext(context.WithValue(cmd.Context(), discretionKey{}, d))
		return d.hush(run(cmd, args))
	}
}

// hush returns err without the values that were learnt.
func (d *discretion) hush(err error) error {
	if err == nil {
		return nil
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	text := err.Error()
	hushed := verdict.NewRedactor(d.values).Redact(text)
	if hushed == text {
		return err
	}
	if status, ok := errors.AsType[cli.StatusError](err); ok {
		return cli.StatusError{Status: hushed, StatusCode: status.StatusCode}
	}
	return errors.New(hushed)
}
