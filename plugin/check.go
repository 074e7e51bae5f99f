package plugin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/check"
	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/internal/regular"
)

type checkOptions struct {
	load      compose.Options
	stackFile string
	stack     string // "" without an Engine
	format    string
	failOn    string
	baseline  string
	maxAge    string
	age       time.Duration // maxAge
	version   string        // of the program
}

const checkLong = `Check how the secrets of an application are kept, by the checklist of the guide.

Checks the compose files, env files, git's history, the stack file and, with STACK, the
Swarm. Each finding has a rule (see docs/checks.md), a place, and the command that fixes
it. No value is printed; values are compared in memory.

Exits with 3 if a finding has at least the severity of --fail-on and is not in the
baseline, which is the output of an earlier --format json.`

// checkFormats are the formats of the report, with what writes them.
//
//nolint:gochecknoglobals // a table, never written
var checkFormats = map[string]func(w io.Writer, r check.Report, version string) error{
	"text":  func(w io.Writer, r check.Report, _ string) error { return check.WriteText(w, r) },
	"json":  func(w io.Writer, r check.Report, _ string) error { return check.WriteJSON(w, r) },
	"sarif": check.WriteSARIF,
	"junit": func(w io.Writer, r check.Report, _ string) error { return check.WriteJUnit(w, r) },
}

func newCheckCommand(dockerCLI command.Cli) *cobra.Command {
	var options checkOptions
	cmd := &cobra.Command{
		Use:   "check [OPTIONS] [STACK]",
		Short: "Check how the secrets of an application are kept",
		Long:  checkLong,
		Example: "  docker secrets check\n  docker secrets check gym_ai --max-age 30d\n" +
			"  docker secrets check --format sarif > check.sarif",
		Args: atMostOneArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := options.parse(cmd); err != nil {
				return err
			}
			if len(args) > 0 {
				options.stack = args[0]
			}
			options.version = cmd.Root().Version
			ctx, stop := interruptible(cmd)
			defer stop()
			return reading(ctx, func() error { return runCheck(ctx, dockerCLI, options) })
		},
		ValidArgsFunction: completeStack(dockerCLI),
	}
	flags := cmd.Flags()
	flags.StringArrayVarP(&options.load.Files, "file", "f", nil, `Compose file, "-" for stdin; may be given several times`)
	flags.StringArrayVar(&options.load.EnvFiles, "env-file", nil, "Env file to interpolate with, instead of .env")
	flags.StringArrayVar(&options.load.Profiles, "profile", nil, "Profile to enable")
	flags.StringVar(&options.load.ProjectDir, "project-directory", "", "Folder that relative paths start from")
	flags.StringVarP(&options.stackFile, "compose-file", "c", "", "Stack file (default "+defaultOutput+" next to the first compose file)")
	flags.StringVar(&options.format, "format", "text", `"text", "json", "sarif" (2.1.0) or "junit"`)
	flags.StringVar(&options.failOn, "fail-on", "error", `Exit with 3 if a finding has at least this severity: "error" or "warning"`)
	flags.StringVar(&options.baseline, "baseline", "", "Report of an earlier --format json, whose findings do not fail the check")
	flags.StringVar(&options.maxAge, "max-age", "90d", "Maximum age of a secret, such as 90d or 12h")
	return cmd
}

// parse checks the flags.
func (o *checkOptions) parse(cmd *cobra.Command) error {
	if checkFormats[o.format] == nil {
		return usageError(cmd, fmt.Sprintf("--format %s: write text, json, sarif or junit", o.format))
	}
	if o.failOn != string(check.Error) && o.failOn != string(check.Warning) {
		return usageError(cmd, fmt.Sprintf("--fail-on %s: write error or warning", o.failOn))
	}
	age, err := parseAge(o.maxAge)
	if err != nil {
		return usageError(cmd, fmt.Sprintf("--max-age %s: %s", o.maxAge, err))
	}
	o.age = age
	return nil
}

const day = 24 * time.Hour

// parseAge reads 90d, or what Go takes for a duration.
func parseAge(text string) (time.Duration, error) {
	wrong := errors.New("write a number of days, such as 90d, or a time, such as 12h")
	if days, found := strings.CutSuffix(text, "d"); found {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 || n > 36500 {
			return 0, wrong
		}
		return time.Duration(n) * day, nil
	}
	age, err := time.ParseDuration(text)
	if err != nil || age <= 0 {
		return 0, wrong
	}
	return age, nil
}

// runCheck gathers facts and writes the report about them.
func runCheck(ctx context.Context, dockerCLI command.Cli, options checkOptions) error {
	var baseline check.Baseline
	if options.baseline != "" {
		content, err := regular.Read(options.baseline)
		if err != nil {
			return fmt.Errorf("--baseline: %s cannot be read: %s", options.baseline, reason(err))
		}
		if baseline, err = check.ReadBaseline(content); err != nil {
			return fmt.Errorf("--baseline: %s: %w", options.baseline, err)
		}
	}
	facts, err := gatherFacts(ctx, dockerCLI, options)
	if err != nil {
		return err
	}
	report := check.New(facts, baseline)
	if err := checkFormats[options.format](dockerCLI.Out(), report, options.version); err != nil && !readerLeft(err) {
		return err
	}
	if report.Reaches(check.Severity(options.failOn)) {
		return pending()
	}
	return nil
}

// inspection is what the parts of a check share.
type inspection struct {
	options checkOptions
	cli     command.Cli
	app     *application
	stack   stackAtHand
}

// gatherFacts looks at everything that the rules ask about. Only an application that
// cannot be read is an error; whatever else is not there is a fact.
func gatherFacts(ctx context.Context, dockerCLI command.Cli, options checkOptions) (check.Facts, error) {
	var err error
	if options.load.Dir, err = os.Getwd(); err != nil {
		return check.Facts{}, err
	}
	options.load.Environ = os.Environ() //nolint:forbidigo // what Compose interpolates with
	options.load.Stdin = dockerCLI.In()
	i := &inspection{options: options, cli: dockerCLI}
	if i.app, err = loadApplication(ctx, options); err != nil {
		return check.Facts{}, err
	}
	var facts check.Facts
	if facts.Application, err = i.app.facts(ctx); err != nil {
		return check.Facts{}, err
	}
	facts.Repository = i.repository(ctx)
	facts.Stack = i.stackFacts(ctx)
	facts.Name = i.stackName()
	facts.Swarm, err = i.swarmFacts(ctx)
	return facts, err
}

// stackName returns the name of the stack that the commands which mend something are
// about.
func (i *inspection) stackName() string {
	return cmp.Or(i.options.stack, i.stack.outline.Stack, i.app.app.PlainName())
}

// place returns a place as people name it.
func (a *application) place(at compose.Spot) check.Place {
	if at.File == "" {
		return check.Place{}
	}
	return check.Place{File: filepath.ToSlash(a.app.Show(at.File)), Line: at.Line, Column: at.Column}
}
