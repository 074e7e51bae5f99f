package swarm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	types "github.com/docker/docker/api/types/swarm"
)

// A common config is one and the same for every stack, and is called after its content:
// it has no versions and no owner. Labels say that docker secrets made it, and for which
// stacks.

// usedBy reports whether stack was deployed with o, which is common.
func (o Object) usedBy(stack string) bool { return o.labels[LabelUsedBy+stack] != "" }

// usedByOther reports whether another stack than stack was.
func (o Object) usedByOther(stack string) bool {
	for label := range o.labels {
		if user, found := strings.CutPrefix(label, LabelUsedBy); found && user != stack {
			return true
		}
	}
	return false
}

// holds reports whether o is a config with want's content.
func (o Object) holds(content string) bool { return !o.Template && string(o.data) == content }

// planCommon works out a want that is common. It fails if the Swarm has something else
// of that name, or if the content is neither here nor there.
func planCommon(want Want, state State) (Op, error) {
	object, found := state.find(Config, want.objectName())
	known := want.Found && object.holds(want.Value.Reveal()) || !want.Found && object.Common
	switch {
	case !found && !want.Found:
		return Op{}, fmt.Errorf("%s: config %s does not exist, and %s", want.Name, want.objectName(), want.Absent)
	case !found:
		return Op{Type: OpCreate, Kind: Config, Name: want.objectName(), Secret: want.Name, Cause: causeNew, Services: want.Services, common: true, value: want.Value}, nil
	case !known:
		return Op{}, fmt.Errorf("%s: the swarm has a config %s already, %s, with another content; remove that one", want.Name, object.Name, object.madeBy())
	case !object.Common:
		return want.keep(object, object.madeBy()+", same content"), nil
	case object.usedBy(state.Stack):
		return want.keep(object, "unchanged"), nil
	}
	op := want.keep(object, "used by this stack from now on")
	op.Type, op.common, op.value = OpLabel, true, want.Value
	return op, nil
}

// claim makes op's config, if it is not there, and says in its labels that stack uses
// it. Other stacks may do the same at any time, and one of them creates it first.
func claim(ctx context.Context, api API, stack string, op Op) error {
	_, err := retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		object, found, err := lookUp(ctx, api, Config, op.Name)
		switch {
		case err != nil:
			return done, err
		case !found && op.value.Empty():
			return done, errors.New("it is gone; run the same command again")
		case !found:
			return done, again(createCommon(ctx, api, stack, op))
		case !op.value.Empty() && !object.holds(op.value.Reveal()):
			return done, errTaken
		case !object.Common || object.usedBy(stack):
			return done, nil
		}
		labels := maps.Clone(object.labels)
		labels[LabelUsedBy+stack] = "true"
		return done, again(relabel(ctx, api, object, labels))
	})
	return err
}

// release says in the labels of op's config that stack does not use it any more.
func release(ctx context.Context, api API, stack string, op Op) error {
	_, err := retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		object, found, err := lookUp(ctx, api, Config, op.Name)
		if err != nil || !found || !object.usedBy(stack) {
			return done, err
		}
		labels := maps.Clone(object.labels)
		delete(labels, LabelUsedBy+stack)
		return done, again(relabel(ctx, api, object, labels))
	})
	return err
}

func createCommon(ctx context.Context, api API, stack string, op Op) error {
	labels := map[string]string{LabelCommon: "true", LabelUsedBy + stack: "true"}
	_, err := api.ConfigCreate(ctx, types.ConfigSpec{
		Annotations: types.Annotations{Name: op.Name, Labels: labels}, Data: []byte(op.value.Reveal()),
	})
	return err
}

func relabel(ctx context.Context, api API, object Object, labels map[string]string) error {
	return api.ConfigUpdate(ctx, object.ID, types.Version{Index: object.index}, types.ConfigSpec{
		Annotations: types.Annotations{Name: object.Name, Labels: labels}, Data: bytes.Clone(object.data),
	})
}

// again marks err as one after which to look once more: somebody else was faster.
func again(err error) error {
	if err != nil && (isConflict(err) || isOutdated(err)) {
		return fmt.Errorf("%w: %w", errAgain, err)
	}
	return err
}

// pruneCommon returns what becomes of the common configs that stack does not need any
// more: those that no stack needs are removed, the others are released. inUse has the
// IDs of what anything refers to.
func (s State) pruneCommon(stack string, named map[Pin]bool, inUse map[string]bool) []Op {
	own := s.only(stack).references()
	var ops []Op
	for _, object := range s.Objects {
		if !object.Common || named[Pin{Kind: object.Kind, Object: object.Name}] || own[object.ID] {
			continue
		}
		op := Op{Type: OpRemove, Kind: object.Kind, Name: object.Name, Secret: object.Name, Cause: "unused", id: object.ID}
		if object.usedByOther(stack) || inUse[object.ID] {
			op.Type, op.Cause, op.released = OpLabel, "not used by this stack any more", true
		}
		if op.Type == OpRemove || object.usedBy(stack) {
			ops = append(ops, op)
		}
	}
	return ops
}

// only returns s with the services and tasks of stack alone.
func (s State) only(stack string) State {
	s.Services = slices.DeleteFunc(slices.Clone(s.Services), func(service types.Service) bool { return service.Spec.Labels[stackLabel] != stack })
	s.Tasks = slices.DeleteFunc(slices.Clone(s.Tasks), func(task types.Task) bool {
		return task.Spec.ContainerSpec == nil || task.Spec.ContainerSpec.Labels[stackLabel] != stack
	})
	return s
}
