package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// propose works out what the deploy is to do. On a terminal, values that are missing
// and changed values are asked about; elsewhere --rotate says what becomes of them. With
// an error, the plan has what is possible, and what waits for a decision.
func (d *deployment) propose(ctx context.Context, file stackfile.Stack, resolved resolution, seen swarm.State) (proposal, error) {
	var choices swarm.Consent
	if d.options.rotate {
		choices.Default = swarm.Rotate
	}
	wants := d.withKnown(resolved.wants, resolved.inputs)
	p, err := d.newProposal(ctx, file, wants, choices, seen)
	if asks := d.cli.In().IsTerminal() && !d.options.dryRun && resolved.fault == nil; !asks {
		return d.decided(p, errors.Join(append(resolved.held, resolved.fault, err)...))
	}
	if missing, ok := allFaultsAre[*swarm.MissingError](err); ok {
		if wants, err = d.askMissing(ctx, wants, missing[0].Names); err != nil {
			return proposal{}, err
		}
		p, err = d.newProposal(ctx, file, wants, choices, seen)
	}
	if changed, ok := allFaultsAre[*swarm.ConsentError](err); ok {
		if choices.Secrets, err = d.askChanged(ctx, changed); err != nil {
			return proposal{}, err
		}
		p, err = d.newProposal(ctx, file, wants, choices, seen)
	}
	return d.decided(p, err)
}

// decided returns p with what its operations need that the flags do not allow. That is in
// the error too, after err.
func (d *deployment) decided(p proposal, err error) (proposal, error) {
	needs := consent{weak: d.options.allowWeak, initialised: d.options.yes}.check(p, nil)
	return p.withNeeds(needs), errors.Join(err, joinNeeds(needs))
}

// prepareAgain works out earlier anew, from the Swarm and the stack files as they are
// now; the lock is held. Another deploy may have ended in between. Consent that was
// given stays.
func (d *deployment) prepareAgain(ctx context.Context, earlier deployProposal) (deployProposal, error) {
	file, err := stackfile.Read(d.options.files)
	if err != nil {
		return deployProposal{}, err
	}
	wants, err := pinnedAs(earlier.wants, file)
	if err != nil {
		return deployProposal{}, err
	}
	seen, err := swarm.Observe(ctx, d.api, d.stack)
	if err != nil {
		return deployProposal{}, err
	}
	p, err := d.newProposal(ctx, file, wants, earlier.consent, seen)
	if p, err = d.decided(p, err); err != nil {
		return deployProposal{}, err
	}
	d.tell.showAgain(earlier.plan, p.plan, "the plan", func() { d.tell.showPlan(p.plan) })
	p, err = d.withPins(p, file)
	return deployProposal{proposal: p, inlined: earlier.inlined, inputs: earlier.inputs}, err
}

// pinnedAs returns wants, one for each of file's objects in order, with the pins that
// file has now. It fails if file has other objects, or another version of the shim, whose
// name says its content.
func pinnedAs(wants []swarm.Want, file stackfile.Stack) ([]swarm.Want, error) {
	same := slices.EqualFunc(wants, file.Objects, func(want swarm.Want, object stackfile.Object) bool {
		return want.Name == object.Name && (!want.Common || want.Pin == object.Pin)
	})
	if !same {
		return nil, errors.New("the stack file was changed meanwhile; run the same command again")
	}
	wants = slices.Clone(wants)
	for i, object := range file.Objects {
		wants[i].Pin = object.Pin
	}
	return wants, nil
}

// allFaultsAre returns the faults in err, false unless each is an E.
func allFaultsAre[E error](err error) (all []E, is bool) {
	for _, fault := range faultsOf(err) {
		found, ok := errors.AsType[E](fault)
		if !ok {
			return nil, false
		}
		all = append(all, found)
	}
	return all, len(all) > 0
}

// askMissing returns wants with the values that a person types for the secrets called
// names.
func (d *deployment) askMissing(ctx context.Context, wants []swarm.Want, names []string) ([]swarm.Want, error) {
	wants = slices.Clone(wants)
	for i := range wants {
		want := &wants[i]
		if want.Kind != swarm.Secret || !slices.Contains(names, want.Name) {
			continue
		}
		value, err := askValue(ctx, d.cli, want.Name)
		if err != nil {
			return nil, err
		}
		want.Value, want.Found, want.From = value, true, "the terminal"
	}
	return wants, nil
}

// askChanged asks about each changed value, and returns the choices by secret. Any
// answer but yes keeps the value on the Swarm.
func (d *deployment) askChanged(ctx context.Context, changed []*swarm.ConsentError) (map[string]swarm.Choice, error) {
	choices := map[string]swarm.Choice{}
	for _, fault := range changed {
		yes, err := confirm(ctx, d.cli, fmt.Sprintf("%s has a new value; the running one is %s. Rotate it?", fault.Name, fault.Running))
		if err != nil {
			return nil, err
		}
		choices[fault.Name] = swarm.Keep
		if yes {
			choices[fault.Name] = swarm.Rotate
		}
	}
	return choices, nil
}
