package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/audit"
	"github.com/docker-secrets/docker-secrets/swarm"
)

type logOptions struct {
	stack  string
	file   string
	format string
}

const logLong = `Show what was done to the secrets of a stack, by whom and when.

Reads the audit log, a file that $` + auditVariable + ` or --audit names, and adds what the
Swarm records: when each version was created, by whom, and from which source. If
$` + auditVariable + ` is set, deploy, rotate, prune and push write one JSON line to the audit
log for each operation. It can also be "syslog:" or syslog://HOST:PORT.`

func newLogCommand(dockerCLI command.Cli) *cobra.Command {
	var options logOptions
	cmd := &cobra.Command{
		Use:     "log [OPTIONS] STACK",
		Short:   "Show what was done to the secrets of a stack",
		Long:    logLong,
		Example: "  docker secrets log gym_ai\n  docker secrets log gym_ai --format json | jq 'select(.operation == \"remove\")'",
		Args:    atLeast(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(cmd, options.format); err != nil {
				return err
			}
			options.stack = args[0]
			ctx, stop := interruptible(cmd)
			defer stop()
			return reading(ctx, func() error { return runLog(ctx, dockerCLI, options) })
		},
		ValidArgsFunction: completeStack(dockerCLI),
	}
	flags := cmd.Flags()
	flags.StringVar(&options.file, "audit", "", "Audit log to read (default $"+auditVariable+")")
	flags.StringVar(&options.format, "format", "text", `"text", or "json", one object a line`)
	return cmd
}

// runLog shows the entries of the audit log and of the Swarm, the oldest first.
func runLog(ctx context.Context, dockerCLI command.Cli, options logOptions) error {
	entries, err := options.entries(dockerCLI)
	if err != nil {
		return err
	}
	state, fault := swarm.Observe(ctx, dockerCLI.Client(), options.stack)
	if fault == nil {
		entries = withObjects(entries, state)
	}
	slices.SortStableFunc(entries, func(a, b audit.Entry) int { return a.Time.Compare(b.Time) })
	switch {
	case len(entries) == 0 && fault != nil:
		return fault
	case len(entries) == 0:
		return fmt.Errorf("no such stack in the audit log or on the Swarm: %s", options.stack)
	}
	if err := printLog(dockerCLI, options.format, entries); err != nil && !readerLeft(err) {
		return err
	}
	if fault != nil {
		return fmt.Errorf("only the audit log is shown: %w", fault)
	}
	return nil
}

// entries reads the audit log. Without one there are none.
func (o logOptions) entries(dockerCLI command.Cli) ([]audit.Entry, error) {
	path := o.file
	if path == "" {
		path = os.Getenv(auditVariable) //nolint:forbidigo // where the log is, as for those who write it
	}
	if path == "" || strings.HasPrefix(path, "syslog:") || strings.HasPrefix(path, "syslog+tcp:") {
		_, _ = fmt.Fprintf(dockerCLI.Err(), "no audit log: name its file with --audit, or set %s\n", auditVariable)
		return nil, nil
	}
	file, err := os.Open(path) //nolint:forbidigo // a log has no bound, and is read line by line
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %s", path, reason(err))
	}
	defer func() { _ = file.Close() }()
	entries, skipped, err := audit.Read(file, o.stack)
	if err != nil {
		return nil, errors.New(path + " cannot be read as an audit log")
	}
	if skipped > 0 {
		_, _ = fmt.Fprintf(dockerCLI.Err(), "%s: %s could not be read\n", path, counted(skipped, "line"))
	}
	return entries, nil
}

// withObjects adds the versions on the Swarm whose creation is not in entries.
func withObjects(entries []audit.Entry, state swarm.State) []audit.Entry {
	logged := map[string]bool{}
	for _, e := range entries {
		if e.Operation == string(swarm.OpCreate) && e.Result == audit.Done {
			logged[e.Kind+" "+e.Version] = true
		}
	}
	for _, object := range state.Objects {
		if object.Owner.Stack != state.Stack || logged[object.Kind.String()+" "+object.Name] {
			continue
		}
		entries = append(entries, audit.Entry{
			Time: object.CreatedAt.UTC(), Who: object.Made.By, Stack: state.Stack, Command: "swarm", Operation: string(swarm.OpCreate),
			Kind: object.Kind.String(), Secret: object.Owner.Secret, Version: object.Name, From: object.Made.From, Result: audit.Done,
		})
	}
	return entries
}

func printLog(dockerCLI command.Cli, format string, entries []audit.Entry) error {
	if forPrograms(format) {
		encoder := json.NewEncoder(dockerCLI.Out())
		encoder.SetEscapeHTML(false)
		for _, e := range entries {
			if err := encoder.Encode(e); err != nil {
				return err
			}
		}
		return nil
	}
	table := tabwriter.NewWriter(dockerCLI.Out(), 10, 1, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "TIME\tWHO\tCOMMAND\tOPERATION\tRESULT\tFROM")
	for _, e := range entries {
		what := strings.TrimSpace(e.Operation + " " + e.Version)
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", e.Time.Format(time.DateTime), orDash(e.Who), e.Command, orDash(what), e.Result, orDash(e.From))
	}
	return table.Flush()
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
