package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
)

type pushOptions struct {
	files      []string
	envFiles   []string
	to         string
	dryRun     bool
	yes        bool
	allow      bool // --allow-source
	timeout    time.Duration
	format     string
	workingDir string
}

const pushLong = `Write the current values of a stack file's sources to a secret manager.

Each secret is written below the base of --to under its own name, or with - instead of
_ if the manager has that name already or does not allow _. Places that have the same
value are not changed. Overwriting a different value needs confirmation or --yes; the
manager keeps the old value as an earlier version.

docker secrets migrate --to BASE makes the stack file take the values from there.

With --format json, stdout has one JSON object a line: first the "event": "plan" with
the places, then "note", and last "result", whose "status" is written or failed. A
dry run that finds something to write ends with the plan; an error before the plan is
no event, only text on stderr.`

func newPushCommand(dockerCLI command.Cli) *cobra.Command {
	var options pushOptions
	cmd := &cobra.Command{
		Use:     "push [OPTIONS] --to BASE",
		Short:   "Write the values of a stack file into a secret manager",
		Long:    pushLong,
		Example: "  docker secrets push --to awssecrets://gym-ai-prod/\n  docker secrets push --to vault://secret/gym-ai#/",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkFormat(cmd, options.format); err != nil {
				return err
			}
			if options.to == "" {
				return usageError(cmd, "name where to with --to BASE, such as awssecrets://gym-ai-prod/")
			}
			if err := checkBase(cmd, "--to", options.to); err != nil {
				return err
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			return orInterrupted(ctx, runPush(ctx, dockerCLI, options))
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	flags := cmd.Flags()
	sameFlag(flags, "yes", "force")
	flags.StringArrayVarP(&options.files, "compose-file", "c", []string{defaultOutput}, "Stack file; may be given several times")
	flags.StringArrayVar(&options.envFiles, "env-file", nil, "Env file for values that come from the environment, instead of .env")
	flags.StringVar(&options.to, "to", "", "Base in a secret manager, which the secrets' names are appended to")
	flags.BoolVar(&options.allow, "allow-source", false, "Use sources with which a stack file from someone else could read your own keys: files outside its folder, programs, other places in secret managers")
	flags.BoolVar(&options.dryRun, "dry-run", false, "Show what would be written; exit with 3 when there is something")
	flags.BoolVarP(&options.yes, "yes", "f", false, "Write over places that hold other values")
	flags.DurationVar(&options.timeout, "timeout", time.Minute, "How long the manager may take to be read, and then to be written")
	flags.StringVar(&options.format, "format", "text", `"text" for people on stderr, "json" for programs on stdout, one object a line`)
	return cmd
}

// runPush goes one way: read, look up here, look up there, show, write.
func runPush(ctx context.Context, dockerCLI command.Cli, options pushOptions) error {
	var err error
	if options.workingDir, err = os.Getwd(); err != nil {
		return err
	}
	p := &push{options: options, cli: dockerCLI, tell: newTeller(dockerCLI, options.format)}
	if err = p.look(ctx); err != nil {
		return err
	}
	p.show()
	if p.changes() == 0 {
		p.tell.note("nothing to write")
		p.tell.result("written", "nothing to write")
		return nil
	}
	if options.dryRun {
		return pending()
	}
	if err = p.ask(ctx); err != nil {
		p.tell.result("failed", err.Error())
		return err
	}
	if p.trail, err = openTrail(dockerCLI, "push", p.stack); err != nil {
		return err
	}
	return p.trail.end(p.write(ctx))
}

// timed returns ctx with the time of --timeout from now on: looking and writing have it
// each, since a person may take any time to say yes in between.
func (p *push) timed(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, p.options.timeout, fmt.Errorf("timed out (--timeout %s)", p.options.timeout))
}

// push is one run of push, filled from top to bottom.
type push struct {
	options pushOptions
	cli     command.Cli
	tell    *teller
	stack   string // x-stack:, for the audit log
	trail   *trail // the audit log; nil for none

	store     store.Store
	transfers []transfer
}

// pushOp says what becomes of one place.
type pushOp string

const (
	pushCreate    pushOp = "create"
	pushOverwrite pushOp = "overwrite"
	pushKeep      pushOp = "keep"
)

// transfer is one secret and its place in the manager.
type transfer struct {
	op    pushOp
	name  string
	from  string
	entry store.Entry
}

// look finds what the values are here and what is there, and writes nothing.
func (p *push) look(ctx context.Context) error {
	ctx, cancel := p.timed(ctx)
	defer cancel()
	base, err := source.ParseBase(p.options.to)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	if p.store, err = storeOf(base); err != nil {
		return err
	}
	file, err := readStack(p.options.files)
	if err != nil {
		return err
	}
	p.stack = file.Name
	here, err := newFinder(file, p.options.workingDir, p.options.envFiles, "")
	if err != nil {
		return err
	}
	here.within = p.options.timeout
	lookups := lookupsOf(file)
	if here.judge, err = p.judge(file, base, lookups); err != nil {
		return err
	}
	answers, err := p.find(ctx, here, lookups)
	faults := []error{err}
	for i, answer := range answers {
		if errors.Is(answer.Err, store.ErrNotFound) {
			faults = append(faults, fmt.Errorf("%s: no value here: %s", lookups[i].name, answer.nowhere()))
		}
	}
	if err = errors.Join(faults...); err != nil {
		return err
	}
	return p.compare(ctx, base, lookups, answers)
}

// lookupsOf returns what to look up for the secrets of file whose values come from
// somewhere.
func lookupsOf(file stackfile.Stack) []lookup {
	var lookups []lookup
	for _, object := range file.Objects {
		if !object.Config && object.Text == nil {
			lookups = append(lookups, lookup{name: object.Name, from: object.From, names: namesOf(object)})
		}
	}
	return lookups
}
