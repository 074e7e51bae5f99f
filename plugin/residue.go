package plugin

import (
	"context"
	"fmt"

	"github.com/docker-secrets/docker-secrets/swarm"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// shownResidues is how many places people are told; programs get all.
const shownResidues = 10

// clean is what comes after a deploy that went well: versions that nothing needs
// are removed, and values that still stand in clear somewhere are named or, with
// --scrub, cleared. Without the lock nothing is changed.
func (d *deployment) clean(ctx context.Context, locked bool) error {
	after, err := swarm.Observe(ctx, d.api, d.stack)
	if err != nil {
		return err
	}
	residues := swarm.FindResidue(after, d.searched())
	if d.options.scrub && len(residues) > 0 {
		if residues, err = d.scrub(ctx, after); err != nil {
			return fmt.Errorf("not scrubbed: %w", err)
		}
		if after, err = swarm.Observe(ctx, d.api, d.stack); err != nil {
			return err
		}
	}
	d.tellResidues(residues)
	return d.prune(ctx, after, locked)
}

// searched is the wants whose values can be told from ordinary words. What a
// person put in clear with --inline is no residue.
func (d *deployment) searched() []swarm.Want {
	var wants []swarm.Want
	for _, want := range d.wants {
		inlined := false
		for _, one := range d.inlined {
			inlined = inlined || one.value.Equal(want.Value)
		}
		if want.Found && !want.Template && !inlined && verdict.Distinctive(want.Value) {
			wants = append(wants, want)
		}
	}
	return wants
}

func (d *deployment) scrub(ctx context.Context, after swarm.State) ([]swarm.Residue, error) {
	d.tell.note("%s: scrubbing", d.stack)
	show, end := d.tell.watching()
	defer end()
	return swarm.Scrub(ctx, d.api, after, d.searched(), show)
}

// tellResidues says where values still stand, and what to do about it.
func (d *deployment) tellResidues(residues []swarm.Residue) {
	if len(residues) == 0 {
		return
	}
	if d.tell.json {
		for _, one := range residues {
			d.tell.emit(event{Event: "residue", Residue: &residueReport{Secret: one.Name, Where: one.Where}})
		}
		return
	}
	advice := "clear what the swarm remembers of earlier deploys with --scrub"
	if d.options.scrub {
		advice = "take them out of the files they come from"
	}
	d.tell.note("the swarm still holds values in clear; %s:", advice)
	for i, one := range residues {
		if i == shownResidues {
			d.tell.note("  and %d more", len(residues)-shownResidues)
			return
		}
		d.tell.note("  %s: %s", one.Name, one.Where)
	}
}

// prune removes versions of the stack that nothing needs any more. Where there is
// something to remove and the deploy needed no lock, it takes one for that.
func (d *deployment) prune(ctx context.Context, after swarm.State, locked bool) error {
	plan := d.newPrune(after)
	switch {
	case plan.Empty():
		return nil
	case locked:
		return d.applyPrune(ctx, plan)
	}
	return d.underLock(ctx, func(held context.Context) error {
		state, err := swarm.Observe(held, d.api, d.stack)
		if err != nil {
			return err
		}
		return d.applyPrune(held, d.newPrune(state))
	})
}

func (d *deployment) newPrune(state swarm.State) swarm.Plan {
	return swarm.NewPrune(d.stack, state, swarm.PruneOptions{Named: d.plan.Pins, Keep: d.keep})
}
