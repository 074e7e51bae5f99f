package plugin

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/command/formatter"
	"github.com/docker/cli/opts"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

type lsOptions struct {
	stack  string
	files  []string
	filter opts.FilterOpt
	format string
	quiet  bool
}

const lsLong = `List the secrets that docker secrets created, of one stack or of all.

STATE is "in use" (by a service's specification), "previous" (in a previous
specification, or used by a running task: a rollback needs it), "unused", "missing" (in
the stack file, but not on the Swarm) or "foreign" (in the stack file, but not created
by docker secrets). SOURCE is the source in the stack file, if there is one, or the
place in a secret manager that deploy recorded.

Filters: name=PART, stack=NAME, state=STATE, service=NAME.`

func newLsCommand(dockerCLI command.Cli) *cobra.Command {
	options := lsOptions{filter: opts.NewFilterOpt()}
	cmd := &cobra.Command{
		Use:     "ls [OPTIONS] [STACK]",
		Aliases: []string{"list"},
		Short:   "List secrets, their versions and who uses them",
		Long:    lsLong,
		Args:    atMostOneArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				options.stack = args[0]
			}
			if err := checkFilter(cmd, options.filter); err != nil {
				return err
			}
			return runLs(cmd.Context(), dockerCLI, options)
		},
		ValidArgsFunction: completeStack(dockerCLI),
	}
	flags := cmd.Flags()
	flags.StringArrayVarP(&options.files, "compose-file", "c", nil, "Stack file that says what the stack needs (default "+defaultOutput+", where it is of this stack)")
	flags.VarP(&options.filter, "filter", "f", "Filter output based on conditions provided")
	flags.StringVar(&options.format, "format", "table", `"table", "json", "table TEMPLATE" or a Go template`)
	flags.BoolVarP(&options.quiet, "quiet", "q", false, "Only display IDs")
	return cmd
}

// filterKeys are what --filter takes.
//
//nolint:gochecknoglobals // a table, never written
var filterKeys = []string{"name", "stack", "state", "service"}

// usages are the states that --filter state= takes.
//
//nolint:gochecknoglobals // a table, never written
var usages = []swarm.Usage{swarm.InUse, swarm.Previous, swarm.Unused, swarm.Missing, swarm.Foreign}

func checkFilter(cmd *cobra.Command, filter opts.FilterOpt) error {
	for _, state := range filter.Value().Get("state") {
		if !slices.Contains(usages, swarm.Usage(state)) {
			return usageError(cmd, fmt.Sprintf("--filter state=%s: states are in use, previous, unused, missing, foreign", state))
		}
	}
	for _, key := range filter.Value().Keys() {
		if !slices.Contains(filterKeys, key) {
			return usageError(cmd, fmt.Sprintf("--filter %s: filters are %s", key, strings.Join(filterKeys, ", ")))
		}
	}
	return nil
}

func runLs(ctx context.Context, dockerCLI command.Cli, options lsOptions) error {
	file, err := fileAtHand(options.files, options.stack)
	if err != nil {
		return err
	}
	state, err := lookAt(ctx, dockerCLI, options.stack)
	if err != nil {
		return err
	}
	rows := listRows(state, file)
	if len(rows) == 0 && options.stack != "" {
		if err = knownStack(ctx, dockerCLI.Client(), options.stack); err != nil {
			return err
		}
	}
	rows = slices.DeleteFunc(rows, func(r listRow) bool { return !r.passes(options.filter) })
	slices.SortStableFunc(rows, func(a, b listRow) int { return a.compare(b) })
	return writeRows(dockerCLI, options, rows)
}

// lookTime is how long a command that only looks waits for a Swarm without a leader.
const lookTime = time.Minute

// lookAt observes the Swarm for a command that only looks. It says on stderr what it waits
// for, and waits for a minute at most.
func lookAt(ctx context.Context, dockerCLI command.Cli, stack string) (swarm.State, error) {
	tell := &teller{cli: dockerCLI}
	ctx, end := tell.beat(ctx)
	defer end()
	ctx, cancel := context.WithTimeoutCause(ctx, lookTime, fmt.Errorf("timed out after %s", lookTime))
	defer cancel()
	return swarm.Observe(ctx, dockerCLI.Client(), stack)
}

// listRow is one line of the list.
type listRow struct {
	swarm.Listed
	source string
}

// listRows returns the secrets of state; the configs that carry scripts are no secrets.
func listRows(state swarm.State, file stackfile.Stack) []listRow {
	sources, logical := map[string]string{}, map[string]string{}
	for _, object := range file.Objects {
		if !object.Config {
			sources[object.Name] = strings.Join(referenceTexts(object.From), " and ")
		}
	}
	pins := filePins(file)
	for _, pin := range pins {
		if pin.Kind == swarm.Secret {
			logical[pin.Object] = pin.Secret
		}
	}
	var rows []listRow
	for _, listed := range swarm.List(state, pins) {
		if listed.Kind != swarm.Secret {
			continue
		}
		switch listed.Usage {
		case swarm.Missing:
			listed.Owner.Stack = file.Name
		case swarm.Foreign:
			listed.Owner.Secret = logical[listed.Name]
		case swarm.InUse, swarm.Previous, swarm.Unused:
		}
		row := listRow{Listed: listed, source: listed.Source.Reference}
		if written := sources[listed.Owner.Secret]; written != "" && (listed.Owner.Stack == file.Name || listed.Usage == swarm.Foreign) {
			row.source = written
		}
		rows = append(rows, row)
	}
	return rows
}

// passes reports whether the row matches filter: for each key given, one of its values.
func (r listRow) passes(filter opts.FilterOpt) bool {
	args := filter.Value()
	services := r.services()
	for key, matches := range map[string]func(string) bool{
		"name":    func(v string) bool { return strings.Contains(r.Name, v) },
		"stack":   func(v string) bool { return r.Owner.Stack == v },
		"state":   func(v string) bool { return string(r.Usage) == v },
		"service": func(v string) bool { return slices.Contains(services, v) || slices.Contains(r.Services, v) },
	} {
		if args.Contains(key) && !slices.ContainsFunc(args.Get(key), matches) {
			return false
		}
	}
	return true
}

// services returns the users; those of the secret's own stack without the stack's name.
func (r listRow) services() []string {
	var names []string
	for _, name := range r.Services {
		names = append(names, strings.TrimPrefix(name, r.Owner.Stack+"_"))
	}
	return names
}

// compare orders rows by stack, secret and version: _v10 comes after _v9.
func (r listRow) compare(other listRow) int {
	return cmp.Or(strings.Compare(r.Owner.Stack, other.Owner.Stack), strings.Compare(r.Owner.Secret, other.Owner.Secret),
		cmp.Compare(r.Owner.Version, other.Owner.Version), strings.Compare(r.Name, other.Name))
}

func writeRows(dockerCLI command.Cli, options lsOptions, rows []listRow) error {
	format := formatter.Format(options.format)
	if format == formatter.TableFormatKey {
		format = "table {{.Name}}\t{{.Version}}\t{{.Stack}}\t{{.CreatedAt}}\t{{.State}}\t{{.Users}}"
	}
	if options.quiet {
		format = "{{.ID}}"
		rows = slices.DeleteFunc(rows, func(r listRow) bool { return r.ID == "" })
	}
	out := formatter.Context{Output: visibleWriter{dockerCLI.Out()}, Format: format}
	return out.Write(newListContext(listRow{}), func(write func(formatter.SubContext) error) error {
		for _, row := range rows {
			if err := write(newListContext(row)); err != nil {
				return err
			}
		}
		return nil
	})
}
