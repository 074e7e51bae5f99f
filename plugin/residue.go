package plugin

import (
	"context"
	"fmt"

	"github.com/docker-secrets/docker-secrets/swarm"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// shownResidues is how many places people are told; programs get all.
const shownResidues = 10

// clean cleans up after a deploy that went well: it removes versions that nothing needs,
// and names the values that the Swarm still holds in clear, or clears them with --scrub.
// Without the lock it changes nothing.
func (d *deployment) clean(ctx context.Context, p deployProposal, locked bool) error {
	after, err := swarm.Observe(ctx, d.api, d.stack)
	if err != nil {
		return err
	}
	residues := swarm.FindResidue(after, p.searched())
	if d.options.scrub && len(residues) > 0 {
		if residues, err = d.scrub(ctx, p, after); err != nil {
			return fmt.Errorf("not scrubbed: %w", err)
		}
		if after, err = swarm.Observe(ctx, d.api, d.stack); err != nil {
			return err
		}
	}
	d.tellResidues(residues)
	return d.prune(ctx, p.plan, after, locked)
}

// searched returns the wants whose values are not ordinary words. A value that a person
// put in clear with --inline is no residue.
func (p deployProposal) searched() []swarm.Want {
	var wants []swarm.Want
	for _, want := range p.wants {
		inlined := false
		for _, variable := range p.inlined {
			inlined = inlined || variable.value.Equal(want.Value)
		}
		if want.Found && !want.Template && !inlined && verdict.Distinctive(want.Value) {
			wants = append(wants, want)
		}
	}
	return wants
}

func (d *deployment) scrub(ctx context.Context, p deployProposal, after swarm.State) ([]swarm.Residue, error) {
	d.tell.note("%s: scrubbing", d.stack)
	show, end := d.tell.watching()
	defer end()
	return swarm.Scrub(ctx, d.api, after, p.searched(), d.watchOptions(nil, show))
}

// tellResidues says where the Swarm still holds values in clear, and what to do about it.
func (d *deployment) tellResidues(residues []swarm.Residue) {
	if len(residues) == 0 {
		return
	}
	if d.tell.json {
		for _, residue := range residues {
			d.tell.emit(event{Event: "residue", Residue: &residueReport{Secret: residue.Name, Where: residue.Where}})
		}
		return
	}
	advice := "clear what the swarm remembers of earlier deploys with --scrub"
	if d.options.scrub {
		advice = "remove them from the files they come from"
	}
	d.tell.note("the Swarm still holds plaintext values; %s:", advice)
	for i, residue := range residues {
		if i == shownResidues {
			d.tell.note("  and %d more", len(residues)-shownResidues)
			return
		}
		d.tell.note("  %s: %s", residue.Name, residue.Where)
	}
}

// prune removes versions of the stack that nothing needs any more, after a deploy
// that carried deployed out. Where there is something to remove and the deploy needed no lock, it takes one for that.
func (d *deployment) prune(ctx context.Context, deployed swarm.Plan, after swarm.State, locked bool) error {
	plan := d.newPrune(deployed, after)
	switch {
	case plan.Empty():
		return nil
	case locked:
		return d.applyPrune(ctx, plan)
	}
	return d.underLock(ctx, func(lockCtx context.Context) error {
		state, err := swarm.Observe(lockCtx, d.api, d.stack)
		if err != nil {
			return err
		}
		return d.applyPrune(lockCtx, d.newPrune(deployed, state))
	})
}

func (d *deployment) newPrune(deployed swarm.Plan, state swarm.State) swarm.Plan {
	return swarm.NewPrune(d.stack, state, swarm.PruneOptions{Named: deployed.Pins, Keep: d.keep})
}
