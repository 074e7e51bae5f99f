package swarm

import (
	"encoding/json"
	"maps"
	"slices"
)

// Allowed returns what was allowed about the sources of the secrets and configs that we
// made for the snapshot's stack, sorted.
func (s State) Allowed() []string {
	var all []string
	for _, object := range s.Objects {
		if object.Owner.Stack != "" && object.Owner.Stack == s.Stack {
			all = append(all, object.allowed...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// allowedFor returns what was allowed about the source of w now or for any of its versions,
// sorted. It is not forgotten when a value comes from elsewhere once.
func (s State) allowedFor(w Want) []string {
	all := slices.Clone(w.Allowed)
	for _, object := range s.ours(w) {
		all = append(all, object.allowed...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// allowedOf returns what labels say was allowed, nil if they say nothing.
func allowedOf(labels map[string]string) []string {
	var allowed []string
	if json.Unmarshal([]byte(labels[LabelAllowed]), &allowed) != nil {
		return nil
	}
	return allowed
}

// withAllowed returns a copy of labels that says allowed, and nothing that was allowed
// before.
func withAllowed(labels map[string]string, allowed []string) map[string]string {
	all := maps.Clone(labels)
	delete(all, LabelAllowed)
	if len(allowed) > 0 {
		text, err := json.Marshal(allowed)
		if err != nil {
			panic(err) // a list of texts
		}
		all[LabelAllowed] = string(text)
	}
	return all
}
