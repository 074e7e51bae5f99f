package plugin

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/prove"
	"github.com/docker-secrets/docker-secrets/compose/recall"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// migration is what becomes of one application.
type migration struct {
	decisions    transform.Decisions
	sealing      classify.Sealing
	rewritten    transform.Rewritten
	stack        map[string]any
	layout       *compose.Layout
	held         []compose.Held    // by the application's own secrets and configs
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
	knowBases(app)
	decisions, sealing := classify.Classify(app.Input, policy)
	learn(ctx, sealing.Secrets()...)
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
	builds.recordBases(stack, rewritten.Delivered)
	recordUnread(stack, rewritten.Unread)
	clear := sealed.InClear(stack, sealing)
	for _, c := range clear {
		if !c.Plain {
			sealed.Warnings = append(sealed.Warnings, sealed.Warning(c))
		}
	}
	sealed.Warnings = append(sealed.Warnings, sealed.Common(sealing, calledPlain(decisions))...)
	rewritten.Warnings = append(rewritten.Warnings, app.Mounted(sealed.Model, sealing)...)
	for i, w := range rewritten.Warnings {
		rewritten.Warnings[i].Path = sealed.Layout.Line(w.Path)
	}
	warnings := slices.Concat(rewritten.Warnings, sealed.Warnings)
	slices.SortStableFunc(warnings, func(a, b transform.Warning) int { return strings.Compare(a.Service, b.Service) })
	output := &migration{
		decisions: decisions, sealing: sealing, rewritten: rewritten, stack: stack, layout: sealed.Layout,
		held: app.Held(sealed, sealing), clear: clear, warnings: slices.Concat(warnings, lowered, app.Unset(sealing)), notes: app.Notes, project: sealed.Name,
		codebase: builds.codebase(sealed.Model),
		memory:   memory, kept: slices.Sorted(slices.Values(append(kept, app.Kept()...))),
	}
	output.hide()
	return output, nil
}

// calledPlain tells of the variables that the owner calls plain.
func calledPlain(decisions transform.Decisions) func(service, variable string) bool {
	plain := map[[2]string]bool{}
	for _, d := range decisions.Variables {
		plain[[2]string{d.Service, d.Name}] = d.CalledPlain()
	}
	return func(service, variable string) bool { return plain[[2]string{service, variable}] }
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
	stack.Made = m.madeWith(app, options, textsIn(m.stack))
	var err error
	if stack.Moved, err = moved(ctx, options.toMove(stack.Sourced(), m.memory), options); err != nil {
		return nil, err
	}
	m.otherSources = stack.Elsewhere()
	return stack.Render()
}
