package plugin

import (
	"context"
	"os"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/plugin/screen"
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
		Short: "Convert a Compose application to a stack file with Swarm secrets",
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
			return reading(ctx, func() error { return runMigrate(ctx, cmd, dockerCLI, options) })
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	flags := cmd.Flags()
	flags.StringArrayVarP(&options.load.Files, "file", "f", nil, `Compose file, "-" for stdin; may be given several times`)
	flags.StringArrayVar(&options.load.EnvFiles, "env-file", nil, "Env file to interpolate with, instead of .env")
	flags.StringArrayVar(&options.load.Profiles, "profile", nil, "Profile to enable")
	flags.StringVarP(&options.load.Name, "project-name", "p", "", "Project name")
	flags.StringVar(&options.load.ProjectDir, "project-directory", "", "Folder that relative paths start from")
	flags.StringVarP(&options.output, "output", "o", "", `Stack file to write, "-" for stdout (default "`+defaultOutput+`" next to the first file)`)
	flags.StringArrayVar(&options.policy.Secret, "secret", nil, "Variables to treat as secrets: a glob over VARIABLE or service.VARIABLE")
	flags.StringArrayVar(&options.policy.Plain, "plain", nil, "Variables to treat as plain: a glob over VARIABLE or service.VARIABLE, or over the path of a text, such as labels.traefik.*")
	flags.BoolVar(&options.interactive, "interactive", false, "Ask about variables in doubt, and write the answers to x-docker-secrets in the first compose file")
	flags.StringVar(&options.prefix, "prefix", "", "Prefix for the secrets' names on the Swarm")
	flags.StringVar(&options.to, "to", "", "Base in a secret manager to take values from, where docker secrets push wrote them")
	flags.StringArrayVar(&options.deliver, "deliver", nil, "How services read their secrets: native, file or env; for one service: SERVICE=env")
	flags.StringVar(&options.explain, "explain", "", "Write nothing; show how this service reads its secrets, with code")
	flags.BoolVar(&options.offline, "offline", false, "Do not look up images at the Engine or a registry")
	flags.BoolVar(&options.undo, "undo", false, "Write a compose file for development from the stack file that -f names (default "+defaultOutput+"), to stdout or -o")
	flags.BoolVar(&options.refresh, "refresh", false, "Look up images again that the stack file has in x-images")
	flags.BoolVar(&options.check, "check", false, "Write nothing; exit with 3 when the stack file is not what migrate would write")
	flags.BoolVar(&options.diff, "diff", false, "Write nothing; show how the stack file would change")
	flags.BoolVar(&options.force, "force", false, "Replace a stack file that docker secrets did not write, or that was edited by hand")
	flags.BoolVar(&options.load.KeepNames, "no-interpolate", false, "Keep ${NAME} of plain variables, for the docker CLI to fill in")
	flags.BoolVar(&options.load.Confined, "confined", false, "Refuse compose files' references to files outside the project's folder")
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
		return "--refresh looks images up again, and --offline looks up none: use one of them"
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
		return explain(visibleWriter{screen.Wrapper(dockerCLI.Out())}, options.explain, output)
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
