package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/command/formatter"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
)

type diffOptions struct {
	stack    string
	files    []string
	exitCode bool
	timeout  time.Duration
	format   string
}

const diffLong = `Show which secrets of a stack have a newer version in their secret manager.

Deploy records where each value came from, and its version in the secret manager.
This command asks the managers for their newest versions, without reading a value
where they allow that, and the Swarm for the versions in use. It does not show secrets
from places without versions, such as env files: docker secrets deploy --dry-run
compares those.

STATE is "current", "newer" (deploy brings it in), "gone" (no longer in the manager),
"unknown" (no version was recorded by deploy, or the manager has none) or "error". The
keys of one JSON payload share one version: if one changed, all are "newer", and deploy
changes only that one.`

func newDiffCommand(dockerCLI command.Cli) *cobra.Command {
	var options diffOptions
	cmd := &cobra.Command{
		Use:   "diff [OPTIONS] STACK",
		Short: "Show which secrets have a newer version in their secret manager",
		Long:  diffLong,
		Args:  atLeast(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			options.stack = args[0]
			ctx, stop := interruptible(cmd)
			defer stop()
			return reading(ctx, func() error { return runDiff(ctx, dockerCLI, options) })
		},
		ValidArgsFunction: completeStack(dockerCLI),
	}
	flags := cmd.Flags()
	flags.StringArrayVarP(&options.files, "compose-file", "c", nil, "Stack file whose sources are included (default "+defaultOutput+", where it is of this stack)")
	flags.BoolVar(&options.exitCode, "exit-code", false, "Exit with 3 when there is a newer version")
	flags.DurationVar(&options.timeout, "timeout", time.Minute, "Time limit for the secret managers")
	flags.StringVar(&options.format, "format", "table", `"table", "json", "table TEMPLATE" or a Go template`)
	return cmd
}

// runDiff writes the table, and returns what went wrong with each manager after it.
func runDiff(ctx context.Context, dockerCLI command.Cli, options diffOptions) error {
	ctx, cancel := context.WithTimeoutCause(ctx, options.timeout, fmt.Errorf("timed out (--timeout %s)", options.timeout))
	defer cancel()
	file, err := fileAtHand(options.files, options.stack)
	if err != nil {
		return err
	}
	state, err := lookAt(ctx, dockerCLI, options.stack)
	if err != nil {
		return err
	}
	workingDir, err := os.Getwd()
	if err != nil {
		return err
	}
	local, err := localTo(file, workingDir, nil)
	if err != nil {
		return err
	}
	rows := diffRows(state, file)
	fault := askVersions(ctx, source.Systems(local), rows)
	if err = writeDiff(dockerCLI, options.format, rows); err != nil || fault != nil {
		return errors.Join(fault, err)
	}
	for _, row := range rows {
		if options.exitCode && row.state == versionNewer {
			return pending()
		}
	}
	return nil
}

// askVersions fills rows in. References that were recorded are ours; one that a
// person broke by hand is its row's error.
func askVersions(ctx context.Context, systems []store.System, rows []*diffRow) error {
	var refs []secret.Reference
	var asked []*diffRow
	var faults []error
	for _, row := range rows {
		ref, err := secret.ParseReference(row.deployed.Reference)
		if err != nil {
			row.state = versionError
			faults = append(faults, fmt.Errorf("%s: its recorded source is %w", row.secret, err))
			continue
		}
		refs, asked = append(refs, ref), append(asked, row)
	}
	for i, result := range source.Versions(ctx, systems, refs) {
		if err := asked[i].answer(result); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", asked[i].secret, err))
		}
	}
	return errors.Join(faults...)
}

func writeDiff(dockerCLI command.Cli, format string, rows []*diffRow) error {
	if len(rows) == 0 && strings.HasPrefix(format, formatter.TableFormatKey) {
		_, _ = fmt.Fprintln(dockerCLI.Err(), "no secret of this stack comes from a secret manager")
		return nil
	}
	if format == formatter.TableFormatKey {
		format = "table {{.Secret}}\t{{.Deployed}}\t{{.Newest}}\t{{.State}}\t{{.Source}}"
	}
	out := formatter.Context{Output: visibleWriter{dockerCLI.Out()}, Format: formatter.Format(format)}
	return out.Write(newDiffContext(nil), func(write func(formatter.SubContext) error) error {
		for _, row := range rows {
			if err := write(newDiffContext(row)); err != nil {
				return err
			}
		}
		return nil
	})
}
