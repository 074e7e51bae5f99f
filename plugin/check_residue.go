package plugin

import (
	"context"
	"maps"
	"slices"

	"github.com/docker-secrets/docker-secrets/check"
	"github.com/docker-secrets/docker-secrets/swarm"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// residues fills in what the Swarm holds in clear: the values of secrets that are known
// here, and variables that are secrets by their names.
func (o *observed) residues() {
	known := map[string]bool{}
	add := func(name, where string) {
		if !known[where] {
			known[where] = true
			o.facts.Residues = append(o.facts.Residues, check.Residue{Name: name, Where: where})
		}
	}
	var searched []swarm.Want
	for _, want := range o.wants {
		if want.Found && !want.Template && verdict.Distinctive(want.Value) {
			searched = append(searched, want)
		}
	}
	for _, residue := range swarm.FindResidue(o.state, searched) {
		add(residue.Name, residue.Where)
	}
	for _, c := range o.state.Clear() {
		o.facts.Searched++
		judged := verdict.Policy{}.Judge(verdict.Candidate{Image: c.Image, Name: c.Name, Value: c.Value})
		if judged.Verdict == transform.Secret && c.Name != shimVariable {
			add(c.Name, c.Where+": environment "+c.Name)
		}
	}
	o.facts.Searched += len(searched) + o.facts.Running
}

// shared fills in what other stacks have too.
func (o *observed) shared(ctx context.Context, api swarm.API) error {
	for _, object := range o.state.Objects {
		if object.Kind != swarm.Secret || !slices.Contains(o.state.UsingStacks(object), o.facts.Stack) {
			continue
		}
		users := o.state.OtherUsers(object)
		for _, service := range slices.Sorted(maps.Keys(users)) {
			o.facts.Shared = append(o.facts.Shared, check.Shared{Secret: object.Name, With: service, Stack: users[service], Object: true})
		}
	}
	same, asked, err := swarm.SameValues(ctx, api, o.state, o.wants)
	if err != nil {
		return err
	}
	o.facts.Compared = asked
	for _, found := range same {
		o.facts.Shared = append(o.facts.Shared, check.Shared{Secret: found.Secret, With: found.Other.Name, Stack: o.state.StackOf(found.Other)})
	}
	return nil
}

// shimVariable lists the files of secrets, and holds none; stacks of earlier versions of
// docker secrets have it.
const shimVariable = "DOCKER_SECRETS_ENV"
