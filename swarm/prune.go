package swarm

import (
	"fmt"

	types "github.com/docker/docker/api/types/swarm"
)

// PruneOptions say what NewPrune keeps in addition to what is in use.
type PruneOptions struct {
	Named []Pin // what the stack file at hand names
	Keep  int   // how many versions before the current one to keep of each; 1 keeps what a rollback needs

	// Pending removes also the versions that a job may have brought in somewhere
	// and that no service uses yet: what the job changed may know no other value.
	Pending bool
}

// NewPrune plans the removal of stack's secrets and configs that nothing needs any
// more. It removes only what we created for stack, and never what the spec or
// previous spec of any service or a live task of any stack refers to, what the
// stack file names, or the opts.Keep versions before the one in use. Versions
// newer than that, which a deploy left that never came to its end, go, but for the
// pending ones. Common configs go with the last stack that uses them. The result is for Apply. It must not run beside a deploy of the same stack; see Lock.
func NewPrune(stack string, state State, opts PruneOptions) Plan {
	state.Stack = stack
	inUse := state.references()
	named := map[Pin]bool{}
	for _, pin := range opts.Named {
		named[Pin{Kind: pin.Kind, Object: pin.Object}] = true
	}
	plan := Plan{Stack: stack}
	for _, object := range state.Objects {
		isNamed := named[Pin{Kind: object.Kind, Object: object.Name}]
		if object.Owner.Stack != stack || isNamed || inUse[object.ID] || state.isEarlier(object, named, opts.Keep) {
			continue
		}
		if !opts.Pending && state.isPending(object) {
			continue
		}
		plan.Ops = append(plan.Ops, Op{
			Type: OpRemove, Kind: object.Kind, Name: object.Name, Secret: object.Owner.Secret,
			Cause: fmt.Sprintf("version %d of %s, unused", object.Owner.Version, object.Owner.Secret),
			id:    object.ID, version: object.Owner.Version,
		})
	}
	plan.Ops = append(plan.Ops, state.pruneCommon(stack, named, inUse)...)
	return plan
}

// isEarlier reports whether o is one of the keep versions before the current one: the
// newest that a service's spec or the stack file refers to. Without a current version
// there is nothing to go back to.
func (s State) isEarlier(o Object, named map[Pin]bool, keep int) bool {
	versions := s.ours(Want{Kind: o.Kind, Name: o.Owner.Secret})
	current := 0
	for _, version := range versions {
		if named[Pin{Kind: version.Kind, Object: version.Name}] || len(s.Users(version)) > 0 {
			current = max(current, version.Owner.Version)
		}
	}
	between := 0
	for _, version := range versions {
		if version.Owner.Version < current && version.Owner.Version > o.Owner.Version {
			between++
		}
	}
	return o.Owner.Version < current && between < keep
}

// references returns the IDs of all objects that the spec or previous spec of a
// service, or a live task, refers to. The Engine itself protects only the first:
// a rollback to a previous spec whose secret is gone fails.
func (s State) references() map[string]bool {
	ids := map[string]bool{}
	for i := range s.Services {
		addReferences(ids, s.Services[i].Spec.TaskTemplate)
		if previous := s.Services[i].PreviousSpec; previous != nil {
			addReferences(ids, previous.TaskTemplate)
		}
	}
	for i := range s.Tasks {
		if isLive(s.Tasks[i]) {
			addReferences(ids, s.Tasks[i].Spec)
		}
	}
	return ids
}

func addReferences(ids map[string]bool, spec types.TaskSpec) {
	if spec.ContainerSpec == nil {
		return
	}
	for _, ref := range spec.ContainerSpec.Secrets {
		ids[ref.SecretID] = true
	}
	for _, ref := range spec.ContainerSpec.Configs {
		ids[ref.ConfigID] = true
	}
}
