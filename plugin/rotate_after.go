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

// finish says what is left to people, and prunes.
func (r *rotation) finish(ctx context.Context) error {
	text := fmt.Sprintf("%s runs with %s", r.stack, strings.Join(r.pinned(), ", "))
	r.tell.note("%s", text)
	r.advise()
	after, err := swarm.Observe(ctx, r.api, r.stack)
	if err == nil {
		named := append(filePins(r.file), r.plan.Pins...)
		plan := swarm.NewPrune(r.stack, after, swarm.PruneOptions{Named: named, Keep: r.keep})
		// Other secrets are none of this rotation's business.
		plan.Ops = slices.DeleteFunc(plan.Ops, func(op swarm.Op) bool {
			return op.Kind != swarm.Secret || !slices.ContainsFunc(r.wants, func(w swarm.Want) bool { return w.Name == op.Want })
		})
		err = r.applyPrune(ctx, plan)
	}
	if err != nil {
		text += ", but " + err.Error()
		r.tell.result("running", text)
		return errors.New(text)
	}
	r.tell.result("running", text)
	return nil
}

func (r *rotation) pinned() []string {
	var names []string
	for _, pin := range r.plan.Pins {
		names = append(names, pin.Object)
	}
	return names
}

// advise says what would undo the rotation: a stack file without the new pins, and
// a source with the old value.
func (r *rotation) advise() {
	inFile := map[string]stackfile.Object{}
	for _, one := range r.file.Objects {
		if !one.Config {
			inFile[one.Name] = one
		}
	}
	for _, pin := range r.plan.Pins {
		one, ok := inFile[pin.Secret]
		switch {
		case !ok:
			r.tell.note("the stack file should have secrets.%s.name: %s", pin.Secret, pin.Object)
		case len(one.From) > 0 && !slices.Contains(referenceTexts(one.From), r.placeOf(pin.Secret)):
			r.tell.note("%s: put the new value at %s too, or a deploy from there will ask to change it back", pin.Secret, strings.Join(referenceTexts(one.From), " and "))
		}
	}
}

// placeOf is where the new value of the secret of that name was found.
func (r *rotation) placeOf(name string) string {
	for _, want := range r.wants {
		if want.Name == name {
			return want.From
		}
	}
	return ""
}
