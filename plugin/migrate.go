package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/prove"
	"github.com/docker-secrets/docker-secrets/compose/recall"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

type migrateOptions struct {
	load    compose.Options
	policy  verdict.Policy
	output  string // "-" is stdout
	prefix  string
	to      string
	deliver []string
	explain string // the service
	offline bool
	refresh bool
	check   bool
	diff    bool
	force   bool
	strict  bool
	verbose bool
	moveNew bool // only secrets that are in no secret manager yet go --to: the stack file says so, not the command line
	format  string

	interactive bool
	undo        bool
}

func newMigrateCommand(dockerCLI command.Cli) *cobra.Command {
	var options migrateOptions
	cmd := &cobra.Command{
		Use:   "migrate [OPTIONS]",
		Short: "Write a stack file in which the secrets of a Compose application are Swarm secrets",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkFormat(cmd, options.format); err != nil {
				return err
			}
			if options.undo {
				return runUndo(cmd, dockerCLI, options)
			}
			if fault := options.contradiction(); fault != "" {
				return usageError(cmd, fault)
			}
			if err := checkBase(cmd, "--to", options.to); err != nil {
				return err
			}
			if fault := options.cannotAsk(dockerCLI); fault != "" {
				return usageError(cmd, fault)
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			if options.interactive { // ask puts the terminal back
				return runMigrate(ctx, cmd, dockerCLI, options)
			}
			_, err := untilInterrupted(ctx, func() (struct{}, error) { return struct{}{}, runMigrate(ctx, cmd, dockerCLI, options) })
			return err
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	flags := cmd.Flags()
	flags.StringArrayVarP(&options.load.Files, "file", "f", nil, `Compose file, "-" for stdin; may be given several times`)
	flags.StringArrayVar(&options.load.EnvFiles, "env-file", nil, "Env file to interpolate with, instead of .env")
	flags.StringArrayVar(&options.load.Profiles, "profile", nil, "Profile whose services are wanted too")
	flags.StringVarP(&options.load.Name, "project-name", "p", "", "Project name")
	flags.StringVar(&options.load.ProjectDir, "project-directory", "", "Folder that the files' relative paths start from")
	flags.StringVarP(&options.output, "output", "o", "", `Stack file to write, "-" for stdout (default "`+defaultOutput+`" beside the first file)`)
	flags.StringArrayVar(&options.policy.Secret, "secret", nil, "Variables to call secret: a glob over VARIABLE or service.VARIABLE")
	flags.StringArrayVar(&options.policy.Plain, "plain", nil, "Variables to call plain: a glob over VARIABLE or service.VARIABLE, or over the path of a text, such as labels.traefik.*")
	flags.BoolVar(&options.interactive, "interactive", false, "Ask about variables in doubt, and write the answers to x-docker-secrets in the first compose file")
	flags.StringVar(&options.prefix, "prefix", "", "Text before each secret's name on the Swarm")
	flags.StringVar(&options.to, "to", "", "Take values from below this base in a secret manager, where docker secrets push wrote them, instead of from here")
	flags.StringArrayVar(&options.deliver, "deliver", nil, "How services read their secrets: native, file or env, or SERVICE= before one of them")
	flags.StringVar(&options.explain, "explain", "", "Write nothing; show how this service reads its secrets, with code")
	flags.BoolVar(&options.offline, "offline", false, "Ask neither the Engine nor a registry about images")
	flags.BoolVar(&options.undo, "undo", false, "Write a compose file for development from the stack file that -f names (default "+defaultOutput+"), to stdout or -o")
	flags.BoolVar(&options.refresh, "refresh", false, "Ask the Engine and the registries again about images that the stack file has in x-images")
	flags.BoolVar(&options.check, "check", false, "Write nothing; exit with 3 when the stack file is not what migrate would write")
	flags.BoolVar(&options.diff, "diff", false, "Write nothing; show how the stack file would change")
	flags.BoolVar(&options.force, "force", false, "Replace a stack file that docker secrets did not write, or that was edited by hand")
	flags.BoolVar(&options.load.KeepNames, "no-interpolate", false, "Keep ${NAME} of variables that are no secrets, where the docker CLI fills them in")
	flags.BoolVar(&options.load.Confined, "confined", false, "Refuse files outside the project's folder that the compose files name")
	flags.BoolVar(&options.strict, "strict", false, "Write nothing and fail when the file uses settings that Swarm does not support")
	flags.BoolVar(&options.verbose, "verbose", false, "List every variable and every finding, with its place")
	flags.StringVar(&options.format, "format", "text", `Format of the report: "text" for people on stderr, "json" on stdout`)
	return cmd
}

// contradiction returns why a flag cannot be read, or two cannot be given together, ""
// if all can.
func (o migrateOptions) contradiction() string {
	if err := o.policy.Check(); err != nil {
		return err.Error()
	}
	if _, fault := deliveries(o.deliver); fault != "" {
		return fault
	}
	switch {
	case o.output == "-" && o.format == "json":
		return "-o -: the stack file and the JSON report cannot both go to stdout; name a file"
	case o.refresh && o.offline:
		return "--refresh asks about images again; --offline asks nobody"
	}
	return ""
}

// runMigrate goes one way: load, classify, seal, rewrite, lower, render, prove, write.
func runMigrate(ctx context.Context, cmd *cobra.Command, dockerCLI command.Cli, options migrateOptions) error {
	var err error
	if options.load.Dir, err = os.Getwd(); err != nil {
		return err
	}
	options.load.Environ = os.Environ() //nolint:forbidigo // what Compose interpolates with
	options.load.Stdin = dockerCLI.In()
	options.load.Output = options.output
	memory := options.remember(ctx, cmd.Flags().Changed)
	app, err := compose.Load(ctx, options.load)
	if err != nil {
		return err
	}
	if fault := options.mistyped(app); fault != "" {
		return usageError(cmd, fault)
	}
	file, err := openOutput(app, options)
	if err != nil {
		return err
	}
	if options.interactive {
		if app, err = ask(ctx, people(dockerCLI), terminalKeys(dockerCLI.In()), app, options); err != nil {
			return err
		}
	}
	sources := localSources(ctx, app.OutputDir(), options.load.Environ)
	output, err := migrate(ctx, dockerCLI, app, file, options, sources, memory)
	if err != nil {
		return err
	}
	if options.explain != "" {
		return explain(visibleWriter{dockerCLI.Out()}, options.explain, output)
	}
	content, err := output.render(ctx, app, file, options)
	if err != nil {
		return err
	}
	if err = output.prove(app, content, sources); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return errInterrupted // nothing is written any more
	}
	return conclude(dockerCLI, output, file, content, options)
}

// migration is what becomes of one application.
type migration struct {
	decisions    transform.Decisions
	sealing      classify.Sealing
	rewritten    transform.Rewritten
	stack        map[string]any
	layout       *compose.Layout
	clear        []compose.InClear // also what the owner calls plain
	warnings     []transform.Warning
	notes        []string
	project      string
	memory       *recall.Memory
	redactor     verdict.Redactor
	codebase     func(service string) transform.Codebase // for --explain
	kept         []string                                // secrets and variables that are as the stack file had them, because their values are not here
	otherSources map[string][]string                     // x-from: of the secrets for which the stack file has another than the application
}

func migrate(ctx context.Context, dockerCLI command.Cli, app *compose.Application, old outputFile, options migrateOptions, sources prove.Sources, memory *recall.Memory) (*migration, error) {
	memory.Used(app.Taken())
	policy := options.policy
	policy.Written = &app.Written.Policy
	decisions, sealing := classify.Classify(app.Input, policy)
	settle(app, &decisions, sealing, sources, memory)
	app.RebaseReferences(&decisions)
	templates := classify.Templates(app.Input, sealing)
	kept := memory.Keep(&decisions, sealing, templates)
	sealed, err := app.Seal(ctx, sealing)
	if err != nil {
		return nil, err
	}
	settings := transform.Options{Prefix: options.prefix, Templates: templates, Offline: options.offline}
	var fault string
	if settings.Deliver, fault = deliveries(slices.Concat(app.Written.Deliver, options.deliver)); fault != "" {
		return nil, errors.New("x-docker-secrets.delivery: " + fault)
	}
	builds := readBuilds(app, sealed, decisions)
	classify.BuiltOn(app.Input, &decisions, builds.bases())
	settings.Reads = builds.mentions()
	found := lookUp(ctx, dockerCLI, old, transform.Questions(sealed.Model, decisions, settings), builds, options)
	settings.Images, settings.NotKnown, settings.Runs = found.configs, found.notKnown, found.runs
	rewritten, err := transform.Rewrite(sealed.Model, decisions, settings)
	if err != nil {
		return nil, err
	}
	stack, lowered, err := sealed.Lower(rewritten.Model)
	if err != nil {
		return nil, err
	}
	found.record(stack, rewritten.Images)
	recordUnread(stack, rewritten.Unread)
	clear := sealed.InClear(stack, sealing)
	for _, c := range clear {
		if !c.Plain {
			sealed.Warnings = append(sealed.Warnings, sealed.Warning(c))
		}
	}
	rewritten.Warnings = append(rewritten.Warnings, app.Mounted(sealed.Model, sealing)...)
	for i, w := range rewritten.Warnings {
		rewritten.Warnings[i].Path = sealed.Layout.Line(w.Path)
	}
	warnings := slices.Concat(rewritten.Warnings, sealed.Warnings)
	slices.SortStableFunc(warnings, func(a, b transform.Warning) int { return strings.Compare(a.Service, b.Service) })
	output := &migration{
		decisions: decisions, sealing: sealing, rewritten: rewritten, stack: stack, layout: sealed.Layout,
		clear: clear, warnings: slices.Concat(warnings, lowered, app.Unset(sealing)), notes: app.Notes, project: sealed.Name,
		codebase: builds.codebase(sealed.Model),
		memory:   memory, kept: slices.Sorted(slices.Values(append(kept, app.Kept()...))),
	}
	output.hide()
	return output, nil
}

// hide sets what takes the secrets, and the credentials that stay in clear, out of texts,
// and takes them out of the warnings: the rewrite and Lower quote names and paths.
func (m *migration) hide() {
	var inClear []secret.Value
	for _, c := range m.clear {
		if !c.Plain {
			inClear = append(inClear, c.Parts...)
		}
	}
	m.redactor = m.sealing.Redactor(inClear...)
	distinctive := inClear // a password "postgres" is a word of our own messages
	for _, v := range m.sealing.Values() {
		if verdict.Distinctive(v.Value) {
			distinctive = append(distinctive, v.Value)
		}
	}
	own := verdict.NewRedactor(distinctive)
	for i, w := range m.warnings {
		m.warnings[i].Message = own.Redact(w.Message)
	}
}

func (m *migration) render(ctx context.Context, app *compose.Application, old outputFile, options migrateOptions) ([]byte, error) {
	stack := stackfile.File{
		Stack: m.stack, Inlined: m.rewritten.Inlined, InClear: compose.Paths(m.clear), Renamed: m.rewritten.Renamed, Sources: app.Sources(), Layout: m.layout, Old: old.content, Kept: len(m.kept) > 0,
	}
	stack.Made = m.madeWith(app, options, fmt.Sprint(m.stack))
	var err error
	if stack.Moved, err = moved(ctx, options.toMove(stack.Sourced(), m.memory), options); err != nil {
		return nil, err
	}
	m.otherSources = stack.Elsewhere()
	return stack.Render()
}
