package plugin

import (
	"context"
	"errors"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// judge returns who judges the sources of file, as for a deploy. Whoever runs the command
// named the base, so that values which are below it already may be read there.
func (p *push) judge(file stackfile.Stack, base source.Base, lookups []lookup) (*source.Judge, error) {
	local, err := localTo(file, p.options.workingDir, p.options.envFiles)
	if err != nil {
		return nil, err
	}
	judge := &source.Judge{Local: local, Names: namedVariables(file), Shown: file.Made.Variables, Allowed: p.options.allow}
	for _, lookup := range lookups {
		for _, place := range base.Places(lookup.name) {
			judge.Used = append(judge.Used, source.Place(place))
		}
	}
	return judge, nil
}

// find is here.all. On a terminal, sources that nobody allowed are asked about; elsewhere
// they are errors.
func (p *push) find(ctx context.Context, here finder, lookups []lookup) ([]answer, error) {
	answers, err := here.all(ctx, lookups)
	held := heldOf(lookups, answers)
	if len(held) == 0 {
		return answers, err
	}
	if err != nil || p.options.dryRun || !p.cli.In().IsTerminal() {
		return answers, errors.Join(append(held, err)...)
	}
	for _, fault := range held {
		text, _, _ := strings.Cut(fault.Error(), "; ")
		p.tell.note("%s", text)
	}
	yes, err := confirm(ctx, p.cli, "The stack file requests these values. Use them?")
	if err != nil || !yes {
		return answers, errors.Join(append(held, err)...)
	}
	here.judge.Allowed = true
	return here.all(ctx, lookups)
}

// heldOf returns an error for each answer whose source nobody allowed.
func heldOf(lookups []lookup, answers []answer) []error {
	var faults []error
	for i, answer := range answers {
		if held := answer.held(); held != nil {
			faults = append(faults, &swarm.SourceError{Name: lookups[i].name, From: held.Ref.String(), Reason: held.Reason()})
		}
	}
	return faults
}
