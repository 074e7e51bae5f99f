package plugin

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// judge returns who judges the sources of file: a stack file may come from somebody else
// than the person who deploys it. What the stack used before, as the Swarm says, is allowed.
func (d *deployment) judge(file stackfile.Stack, seen swarm.State) (*source.Judge, error) {
	local, err := localTo(file, d.options.workingDir, d.options.envFiles)
	if err != nil {
		return nil, err
	}
	return &source.Judge{
		Local: local, Names: namedVariables(file), Shown: file.Made.Variables,
		Used: usedSources(seen), Allowed: d.options.allowSource,
	}, nil
}

// namedVariables returns the variables that file names as sources of secrets which are
// called like them.
func namedVariables(file stackfile.Stack) []string {
	var variables []string
	add := func(refs []secret.Reference, names ...string) {
		for _, ref := range refs {
			if ref.Scheme == "env" && source.CalledLike(ref.Path, names) {
				variables = append(variables, ref.Path)
			}
		}
	}
	for _, object := range file.Objects {
		add(object.From, namesOf(object)...)
	}
	for _, inline := range file.Inlined {
		add(inline.From, inline.Name)
	}
	return variables
}

// namesOf returns what the secret is called: in the stack file, on the Swarm, and in its
// services.
func namesOf(object stackfile.Object) []string {
	return append([]string{object.Name, object.Pin}, object.Targets...)
}

// usedSources returns what was allowed about the sources of the stack's secrets, with the
// places in secret managers that they came from.
func usedSources(seen swarm.State) []string {
	used := seen.Allowed()
	for _, object := range seen.Objects {
		if ref, err := secret.ParseReference(object.Source.Reference); err == nil && object.Owner.Stack == seen.Stack {
			used = append(used, source.Place(ref))
		}
	}
	return used
}

// lookUp resolves the sources of file. On a terminal, those that nobody allowed yet are
// asked about.
func (d *deployment) lookUp(ctx context.Context, file stackfile.Stack, seen swarm.State) (resolution, error) {
	judge, err := d.judge(file, seen)
	if err != nil {
		return resolution{}, err
	}
	given, err := d.given(ctx, file)
	if err != nil {
		return resolution{}, err
	}
	if err = d.checkShare(file); err != nil {
		return resolution{}, err
	}
	resolved, err := d.judged(ctx, file, given, judge)
	held := resolved.heldSources()
	if err != nil || len(held) == 0 || d.options.dryRun || !d.cli.In().IsTerminal() {
		return resolved, err
	}
	for _, fault := range held {
		text, _, _ := strings.Cut(fault.Error(), "; ")
		d.tell.note("%s", text)
	}
	yes, err := confirm(ctx, d.cli, "The stack file requests these values. Use them?")
	if err != nil || !yes {
		return resolved, errors.Join(err, errors.Join(held...))
	}
	judge.Allowed = true
	return d.judged(ctx, file, given, judge)
}

// judged is resolve, and judges the files that docker stack deploy reads too. What was
// allowed about them is remembered with the first secret.
func (d *deployment) judged(ctx context.Context, file stackfile.Stack, given map[string]secret.Value, judge *source.Judge) (resolution, error) {
	resolved, err := d.resolve(ctx, file, given, judge)
	if err != nil || d.options.secretsOnly {
		return resolved, err
	}
	marks, held := heldFiles(d.input, file, judge)
	if held != nil {
		resolved.held = append(resolved.held, held)
	}
	for _, mark := range marks {
		if len(resolved.wants) > 0 {
			resolved.wants[0].Allowed = append(slices.Clip(resolved.wants[0].Allowed), mark.Key)
		}
	}
	return resolved, nil
}

// heldSources returns an error for each source that nobody allowed.
func (r resolution) heldSources() []error {
	held := slices.Clone(r.held)
	for _, want := range r.wants {
		if want.Held != "" {
			held = append(held, &swarm.SourceError{Name: want.Name, From: want.From, Reason: want.Held})
		}
	}
	return held
}
