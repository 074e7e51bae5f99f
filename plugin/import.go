package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/backup"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/swarm"
)

type importOptions struct {
	path     string
	stack    string // "" for the one in the file
	identity string
	dryRun   bool
	timeout  time.Duration
}

const importLong = `Create the secrets of an encrypted file that docker secrets export wrote.

A secret that exists on the Swarm is not changed, whatever its value. Secrets without a
value in the file are listed. Services are not changed: deploy the stack afterwards.`

func newImportCommand(dockerCLI command.Cli) *cobra.Command {
	var options importOptions
	cmd := &cobra.Command{
		Use:     "import [OPTIONS] FILE [STACK] --identity KEYFILE",
		Short:   "Create the secrets of an encrypted file on the Swarm",
		Long:    importLong,
		Example: "  docker secrets import gym_ai.age --identity key.txt --dry-run",
		Args:    atLeast(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if options.identity == "" {
				return usageError(cmd, "name the file with your key with --identity, as age-keygen wrote it")
			}
			if options.path = args[0]; len(args) > 1 {
				options.stack = args[1]
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			return runImport(ctx, dockerCLI, options)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&options.identity, "identity", "i", "", `File with the private key, "-" for stdin`)
	flags.BoolVar(&options.dryRun, "dry-run", false, "Show the plan and change nothing; exit with 3 when there is something to do")
	flags.DurationVar(&options.timeout, "timeout", defaultTimeout, "How long it may take")
	return cmd
}

// runImport decrypts, observes, plans, shows and creates.
func runImport(ctx context.Context, dockerCLI command.Cli, options importOptions) error {
	stored, err := untilInterrupted(ctx, func() (backup.Stack, error) { return options.read(dockerCLI) })
	if err != nil {
		return err
	}
	if options.stack != "" {
		stored.Name = options.stack
	}
	c := &change{
		cli: dockerCLI, api: dockerCLI.Client(), tell: &teller{cli: dockerCLI}, stack: stored.Name,
		timeout: options.timeout, deadline: time.Now().Add(options.timeout),
	}
	ctx, cancel := c.timed(ctx)
	defer cancel()
	wants, missing := wantsOf(stored, options.path)
	if len(missing) > 0 {
		c.tell.note("without a value in the file: %s", strings.Join(missing, ", "))
	}
	p, err := c.planImport(ctx, wants)
	if err != nil {
		return err
	}
	c.tell.showPlan(p.plan)
	switch {
	case p.plan.Empty():
		return nil
	case options.dryRun:
		return pending()
	}
	if err = c.begin("import"); err != nil {
		return err
	}
	return c.trail.end(c.underLock(ctx, func(lockCtx context.Context) error {
		again, fault := c.planImport(lockCtx, wants)
		if fault != nil {
			return fault
		}
		return c.apply(lockCtx, again.plan)
	}))
}

// planImport plans to create what the Swarm does not have. What runs stays.
func (c *change) planImport(ctx context.Context, wants []swarm.Want) (proposal, error) {
	seen, err := swarm.Observe(ctx, c.api, c.stack)
	if err != nil {
		return proposal{}, err
	}
	return c.newProposal(ctx, stackfile.Stack{}, wants, swarm.Consent{Default: swarm.Keep}, seen)
}

// wantsOf returns what of stored has a value, and the names of the rest.
func wantsOf(stored backup.Stack, path string) (wants []swarm.Want, missing []string) {
	for _, one := range stored.Secrets {
		if !one.Known {
			missing = append(missing, one.Name)
			continue
		}
		wants = append(wants, swarm.Want{Kind: swarm.Secret, Name: one.Name, Pin: one.Object, Value: one.Value, Found: true, From: path})
	}
	return wants, missing
}

// read decrypts the file.
func (o importOptions) read(dockerCLI command.Cli) (backup.Stack, error) {
	encrypted, err := os.Open(o.path) //nolint:forbidigo // a person names it; reading ends at the first byte that export did not write
	if err != nil {
		return backup.Stack{}, fmt.Errorf("%s cannot be read: %s", o.path, reason(err))
	}
	defer func() { _ = encrypted.Close() }()
	identities, err := o.identities(dockerCLI)
	if err != nil {
		return backup.Stack{}, err
	}
	stored, err := backup.Read(encrypted, identities)
	if err != nil {
		return backup.Stack{}, fmt.Errorf("%s: %w", o.path, err)
	}
	return stored, nil
}

// identities reads the private key. No error quotes it.
func (o importOptions) identities(dockerCLI command.Cli) ([]age.Identity, error) {
	var from io.Reader = dockerCLI.In()
	if o.identity != "-" {
		file, err := os.Open(o.identity) //nolint:forbidigo // a person names it; it may be a pipe of a shell
		if err != nil {
			return nil, fmt.Errorf("--identity: %s cannot be read: %s", o.identity, reason(err))
		}
		defer func() { _ = file.Close() }()
		from = file
	}
	content, err := regular.Bounded(from)
	if err != nil {
		return nil, fmt.Errorf("--identity: the key cannot be read: %s", reason(err))
	}
	identities, err := age.ParseIdentities(bytes.NewReader(content))
	if err != nil {
		return nil, errors.New("--identity: the file has no key as age-keygen writes it")
	}
	return identities, nil
}
