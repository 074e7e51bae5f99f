package swarm

// Usage says what an object on the Swarm is there for.
type Usage string

// The usages, the strongest first.
const (
	InUse    Usage = "in use"   // a service's spec refers to it
	Previous Usage = "previous" // a previous spec or a live task does: a rollback needs it
	Unused   Usage = "unused"
	Missing  Usage = "missing" // the stack file names it and the Swarm has none
	Foreign  Usage = "foreign" // the stack file names it and we did not create it
)

// Listed is one line of a list of secrets and configs.
type Listed struct {
	Object
	Usage    Usage
	Services []string // whose current spec refers to it, sorted; of any stack
}

// List returns what we created for the snapshot's stack, or for every stack if
// that is "", and what of named is missing or foreign. The order is that of
// State.Objects, with the missing ones at the end in the order of named.
func List(state State, named []Pin) []Listed {
	byName := map[Pin]Pin{}
	for _, pin := range named {
		byName[Pin{Kind: pin.Kind, Object: pin.Object}] = pin
	}
	inUse := state.references()
	var all []Listed
	for _, object := range state.Objects {
		key := Pin{Kind: object.Kind, Object: object.Name}
		_, isNamed := byName[key]
		delete(byName, key)
		ours := object.Common && (state.Stack == "" || object.usedBy(state.Stack)) ||
			object.Owner.Stack != "" && (state.Stack == "" || object.Owner.Stack == state.Stack)
		if !ours && !isNamed {
			continue
		}
		listed := Listed{Object: object, Services: state.Users(object), Usage: Unused}
		switch {
		case !ours:
			listed.Usage = Foreign
		case len(listed.Services) > 0:
			listed.Usage = InUse
		case inUse[object.ID]:
			listed.Usage = Previous
		}
		all = append(all, listed)
	}
	for _, pin := range named {
		if _, missing := byName[Pin{Kind: pin.Kind, Object: pin.Object}]; missing {
			object := Object{Kind: pin.Kind, Name: pin.Object, Owner: Owner{Stack: state.Stack, Secret: pin.Secret}}
			all = append(all, Listed{Object: object, Usage: Missing})
		}
	}
	return all
}
