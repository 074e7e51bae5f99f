package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// finish says what is left to people after p was carried out, and prunes.
func (r *rotation) finish(ctx context.Context, p proposal, a attempt) error {
	text := fmt.Sprintf("%s runs with %s", r.stack, strings.Join(pinnedObjects(p.plan), ", "))
	if a.lasted != "" {
		text += "; its tasks have been " + a.lasted
	}
	r.tell.note("%s", text)
	r.advise(p)
	if err := r.pruneRotated(ctx, p); err != nil {
		text += ", but " + err.Error()
		r.tell.result("running", text)
		return errors.New(text)
	}
	r.tell.result("running", text)
	return nil
}

// pinnedObjects returns the names on the Swarm that plan pins, in its order.
func pinnedObjects(plan swarm.Plan) []string {
	var names []string
	for _, pin := range plan.Pins {
		names = append(names, pin.Object)
	}
	return names
}

// pruneRotated removes versions of the rotated secrets that nothing needs any more.
// It leaves other secrets alone.
func (r *rotation) pruneRotated(ctx context.Context, p proposal) error {
	after, err := swarm.Observe(ctx, r.api, r.stack)
	if err != nil {
		return err
	}
	named := append(filePins(p.file), p.plan.Pins...)
	plan := swarm.NewPrune(r.stack, after, swarm.PruneOptions{Named: named, Keep: r.keep})
	plan.Ops = slices.DeleteFunc(plan.Ops, func(op swarm.Op) bool {
		return op.Kind != swarm.Secret || !slices.ContainsFunc(p.wants, func(w swarm.Want) bool { return w.Name == op.Secret })
	})
	return r.applyPrune(ctx, plan)
}

// advise says what would undo the rotation: a stack file without the new pins, and
// a source with the old value.
func (r *rotation) advise(p proposal) {
	inFile := map[string]stackfile.Object{}
	for _, object := range p.file.Objects {
		if !object.Config {
			inFile[object.Name] = object
		}
	}
	foundAt := map[string]string{}
	for _, want := range p.wants {
		foundAt[want.Name] = want.From
	}
	for _, pin := range p.plan.Pins {
		object, ok := inFile[pin.Secret]
		sources := referenceTexts(object.From)
		switch {
		case !ok:
			r.tell.note("the stack file should have secrets.%s.name: %s", pin.Secret, pin.Object)
		case len(sources) > 0 && !slices.Contains(sources, foundAt[pin.Secret]):
			r.tell.note("%s: put the new value at %s too, or a deploy from there will ask to change it back", pin.Secret, strings.Join(sources, " and "))
		}
	}
}
