package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/swarm"
)

type rotateOptions struct {
	stack      string
	secrets    []string
	stdin      bool
	from       string
	generate   int
	files      []string
	consent    consent
	dryRun     bool
	noRollback bool
	noPin      bool
	keep       int
	timeout    time.Duration
	format     string
}

const rotateLong = `Give secrets of a running stack new values.

Makes a new version of each secret, updates every service that uses one of them,
once however many it uses, and waits until its tasks run. When that fails, every
service goes back to the version it had. No stack file is needed; where the stack's
own is at hand, the new versions are pinned in it. Values come from --from, from
--generate, from stdin with -, or else from the terminal, which does not show them.

Templates that embed a secret, such as a database URL, follow by themselves. The
events of --format json are those of deploy.`

func newRotateCommand(dockerCLI command.Cli) *cobra.Command {
	var options rotateOptions
	cmd := &cobra.Command{
		Use:     "rotate [OPTIONS] STACK SECRET [SECRET...] [-]",
		Short:   "Give secrets of a running stack new values",
		Long:    rotateLong,
		Example: "  docker secrets rotate shop session_key --generate 48\n  pass shop/api | docker secrets rotate shop api_key -",
		Args:    atLeast(2, 0),
		RunE: func(cmd *cobra.Command, args []string) error {
			options.stack, options.secrets = args[0], args[1:]
			if last := len(options.secrets) - 1; options.secrets[last] == "-" {
				options.stdin, options.secrets = true, options.secrets[:last]
			}
			if err := checkRotate(cmd, dockerCLI, &options); err != nil {
				return err
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			return runRotate(ctx, dockerCLI, options)
		},
		ValidArgsFunction: completeStackSecrets(dockerCLI),
	}
	flags := cmd.Flags()
	flags.StringVar(&options.from, "from", "", "Reference to take the value from, as in x-from, or a base that the secrets' names follow")
	flags.IntVar(&options.generate, "generate", 0, "Generate values of that many letters and digits")
	flags.StringArrayVarP(&options.files, "compose-file", "c", nil, "Stack file to pin the new versions in (default "+defaultOutput+", where it is of this stack)")
	flags.BoolVar(&options.consent.initialised, "yes", false, "Change secrets too that a database was initialised with, and which it keeps the old value of")
	flags.BoolVar(&options.consent.weak, "allow-weak", false, "Take new values that protect nothing, such as changeme")
	flags.BoolVar(&options.dryRun, "dry-run", false, "Show the plan and change nothing; exit with 3")
	flags.BoolVar(&options.noRollback, "no-rollback", false, "Leave a failed rotation as it is")
	flags.BoolVar(&options.noPin, "no-pin", false, "Do not write new versions into the stack file")
	flags.IntVar(&options.keep, "keep", 1, "How many versions before the current one to keep")
	flags.DurationVar(&options.timeout, "timeout", defaultTimeout, "How long the whole rotation may take")
	flags.StringVar(&options.format, "format", "text", `"text" for people on stderr, "json" for programs on stdout, one object a line`)
	return cmd
}

// shortestGenerated is the fewest letters and digits that cannot be guessed.
const shortestGenerated = 16

func checkRotate(cmd *cobra.Command, dockerCLI command.Cli, options *rotateOptions) error {
	if err := checkFormat(cmd, options.format); err != nil {
		return err
	}
	sources := 0
	for _, given := range []bool{options.stdin, options.from != "", cmd.Flags().Changed("generate")} {
		if given {
			sources++
		}
	}
	slices.Sort(options.secrets)
	options.secrets = slices.Compact(options.secrets)
	switch one := len(options.secrets) == 1; {
	case len(options.secrets) == 0:
		return usageError(cmd, "name the secrets to rotate")
	case sources > 1:
		return usageError(cmd, "-, --from and --generate are three ways; choose one")
	case !one && (options.stdin || options.from != "" && checkBase(cmd, "", options.from) != nil):
		return usageError(cmd, "one value is for one secret; rotate them one by one, use --generate, or --from with a base that has them all (awssecrets://shop-prod/)")
	case sources == 0 && !dockerCLI.In().IsTerminal():
		return usageError(cmd, "there is no terminal to ask on; give the value with -, --from or --generate")
	case cmd.Flags().Changed("generate") && (options.generate < shortestGenerated || options.generate > secret.MaxSize):
		return usageError(cmd, fmt.Sprintf("--generate %d: write %d to %d", options.generate, shortestGenerated, secret.MaxSize))
	case options.keep < 0:
		return usageError(cmd, fmt.Sprintf("--keep %d: write 0 or more", options.keep))
	}
	return nil
}

// runRotate goes deploy's way, but for docker stack deploy: the services are
// updated directly.
func runRotate(user context.Context, dockerCLI command.Cli, options rotateOptions) error {
	r := &rotation{options: options, change: change{
		cli: dockerCLI, api: dockerCLI.Client(), tell: &teller{cli: dockerCLI, json: options.format == "json"}, stack: options.stack,
		timeout: options.timeout, deadline: time.Now().Add(options.timeout),
		noReturn: options.noRollback, noPin: options.noPin, keep: options.keep, decide: swarm.Options{Default: swarm.Rotate},
	}}
	if err := r.prepare(user); err != nil {
		return r.interrupted(user, err)
	}
	if options.dryRun {
		return pending()
	}
	return r.ended(user, r.underLock(user, func(held context.Context) error {
		ctx, cancel := r.timed(held)
		defer cancel()
		if err := r.planAgain(ctx); err != nil {
			return err
		}
		if err := r.carryOut(ctx); err != nil {
			return r.failed(user, held, err)
		}
		return r.interrupted(user, r.finish(ctx))
	}))
}

// rotation is one run of rotate, filled from top to bottom.
type rotation struct {
	change

	options rotateOptions
}

// prepare is all that comes before the first effect.
func (r *rotation) prepare(user context.Context) error {
	ctx, cancel := r.timed(user)
	defer cancel()
	var err error
	if r.file, err = fileAtHand(r.options.files, r.stack); err != nil {
		return err
	}
	if r.before, err = swarm.Observe(ctx, r.api, r.stack); err != nil {
		return err
	}
	if err := r.want(); err != nil {
		return err
	}
	if err := r.values(ctx); err != nil {
		return err
	}
	if err := errors.Join(r.comparePlan(ctx), r.consented(r.options.consent)); err != nil {
		return err
	}
	r.showPlan()
	return r.preparePins()
}

// planAgain repeats what was seen before the lock was taken.
func (r *rotation) planAgain(ctx context.Context) error {
	shown := r.plan.String()
	var err error
	if r.before, err = swarm.Observe(ctx, r.api, r.stack); err != nil {
		return err
	}
	for i := range r.wants {
		versions := r.before.Versions(r.wants[i].Name)
		if len(versions) == 0 {
			return fmt.Errorf("%s was removed meanwhile; run the same command again", r.wants[i].Name)
		}
		r.wants[i].Pin = r.pinOf(r.wants[i].Name, versions)
	}
	if err := errors.Join(r.comparePlan(ctx), r.consented(r.options.consent)); err != nil {
		return err
	}
	if r.plan.String() != shown {
		r.tell.note("the swarm was changed meanwhile; the plan is now:")
		r.showPlan()
	}
	return r.preparePins()
}

// carryOut pins before it switches: what is killed in between is finished by a
// deploy of the stack file as well as by the same rotation again.
func (r *rotation) carryOut(ctx context.Context) error {
	r.begun = true
	if err := swarm.Apply(ctx, r.api, r.plan); err != nil {
		return err
	}
	r.pin()
	r.touched = true
	updated, err := swarm.Switch(ctx, r.api, r.before, r.plan)
	if err != nil {
		return err
	}
	for _, service := range updated {
		r.tell.note("updating service %s", service)
	}
	if err := r.watch(ctx, r.before); err != nil {
		return fmt.Errorf("%s is not running as it should:\n%s", r.stack, indent(err.Error()))
	}
	return nil
}

// finish says what is left to people, and prunes.
func (r *rotation) finish(ctx context.Context) error {
	text := fmt.Sprintf("%s runs with %s", r.stack, strings.Join(r.pinned(), ", "))
	r.tell.note("%s", text)
	r.advise()
	after, err := swarm.Observe(ctx, r.api, r.stack)
	if err == nil {
		named := append(filePins(r.file), r.plan.Pins...)
		plan := swarm.NewPrune(r.stack, after, swarm.PruneOptions{Named: named, Keep: r.keep})
		// Other secrets are none of this rotation's business.
		plan.Ops = slices.DeleteFunc(plan.Ops, func(op swarm.Op) bool {
			return op.Kind != swarm.Secret || !slices.ContainsFunc(r.wants, func(w swarm.Want) bool { return w.Name == op.Want })
		})
		err = r.applyPrune(ctx, plan)
	}
	if err != nil {
		text += ", but " + err.Error()
		r.tell.result("running", text)
		return errors.New(text)
	}
	r.tell.result("running", text)
	return nil
}

func (r *rotation) pinned() []string {
	var names []string
	for _, pin := range r.plan.Pins {
		names = append(names, pin.SwarmName)
	}
	return names
}

// advise says what would undo the rotation: a stack file without the new pins, and
// a source with the old value.
func (r *rotation) advise() {
	inFile := map[string]compose.StackObject{}
	for _, one := range r.file.Objects {
		if !one.Config {
			inFile[one.Name] = one
		}
	}
	for _, pin := range r.plan.Pins {
		one, ok := inFile[pin.Name]
		switch {
		case !ok:
			r.tell.note("the stack file should have secrets.%s.name: %s", pin.Name, pin.SwarmName)
		case len(one.From) > 0 && !slices.Contains(referenceTexts(one.From), r.placeOf(pin.Name)):
			r.tell.note("%s: put the new value at %s too, or a deploy from there will ask to change it back", pin.Name, strings.Join(referenceTexts(one.From), " and "))
		}
	}
}

// placeOf is where the new value of the secret of that name was found.
func (r *rotation) placeOf(name string) string {
	for _, want := range r.wants {
		if want.Name == name {
			return want.From
		}
	}
	return ""
}
