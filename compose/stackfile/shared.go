package stackfile

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// leastSaved is how many lines a fragment saves at least.
const leastSaved = 1

// sharedEntries returns a mapping of what most of mappings have: the entries that are worth
// most lines. It is nil if that is too little.
func (f *folding) sharedEntries(mappings []*yaml.Node) *yaml.Node {
	if len(mappings) < 2 {
		return nil
	}
	tallies := f.tally(mappings)
	best, most := []*tally(nil), leastSaved-1
	for _, one := range tallies {
		// Those that have one's key, and so all other keys that these have in common.
		group, saved := []*tally(nil), -1-len(one.in)
		for _, other := range tallies {
			if gain := other.gain(one.in); gain > 0 {
				group, saved = append(group, other), saved+gain
			}
		}
		if saved > most {
			best, most = group, saved
		}
	}
	if best == nil {
		return nil
	}
	shared := &yaml.Node{Kind: yaml.MappingNode}
	for _, one := range best {
		shared.Content = append(shared.Content, one.key, one.value)
	}
	return shared
}

// tally counts who has an entry, and who has it like most.
type tally struct {
	key, value *yaml.Node // as most have it, with its comments
	in         map[*yaml.Node]bool
	alike      map[*yaml.Node]bool
}

// gain is how many lines are saved if all of users get the entry by a merge; 0 if one of
// them has no such entry, or if most have another value.
func (t *tally) gain(users map[*yaml.Node]bool) int {
	alike := 0
	for user := range users {
		if !t.in[user] {
			return 0
		}
		if t.alike[user] {
			alike++
		}
	}
	if 2*alike <= len(users) {
		return 0
	}
	return (alike - 1) * lineCount(t.value)
}

// tally returns one for each key that a mapping does not merge already, in order.
func (f *folding) tally(mappings []*yaml.Node) []*tally {
	var keys []string
	groups := map[string]map[string][]entry{}
	for _, mapping := range mappings {
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			key := mapping.Content[i].Value
			if document.IsMerge(mapping.Content[i]) || f.merged[mapping][key] {
				continue
			}
			if groups[key] == nil {
				groups[key] = map[string][]entry{}
				keys = append(keys, key)
			}
			text := canonical(mapping.Content[i+1])
			groups[key][text] = append(groups[key][text], entry{mapping, mapping.Content[i], mapping.Content[i+1]})
		}
	}
	var all []*tally
	for _, key := range keys {
		all = append(all, tallyOf(groups[key]))
	}
	return all
}

// entry is one of a mapping.
type entry struct{ mapping, key, value *yaml.Node }

// tallyOf counts the entries of one key, which are grouped by their value.
func tallyOf(groups map[string][]entry) *tally {
	t := &tally{in: map[*yaml.Node]bool{}, alike: map[*yaml.Node]bool{}}
	var best []entry
	bestText := ""
	for text, group := range groups {
		for _, one := range group {
			t.in[one.mapping] = true
		}
		if len(group) > len(best) || len(group) == len(best) && text < bestText {
			best, bestText = group, text
		}
	}
	first := best[max(0, slices.IndexFunc(best, entry.commented))]
	t.key, t.value = first.key, first.value
	for _, one := range best {
		// Another comment than that of the first is about this place.
		if one == first || !one.commented() {
			t.alike[one.mapping] = true
		}
	}
	return t
}

func (e entry) commented() bool {
	return hasComment(&yaml.Node{Content: []*yaml.Node{e.key, e.value}})
}

// sharedList returns a copy of the list that most of lists are, nil if that is too little.
func sharedList(lists []*yaml.Node) *yaml.Node {
	groups := map[string]int{}
	var best *yaml.Node
	for _, list := range lists {
		text := canonical(list)
		groups[text]++
		if best == nil || groups[text] > groups[canonical(best)] {
			best = list
		}
	}
	if best == nil || (groups[canonical(best)]-1)*(lineCount(best)-1)-1 < leastSaved {
		return nil
	}
	copied := *best
	return &copied
}

// replace puts an alias of made in the place of each equal list.
func (f *folding) replace(lists []*yaml.Node, made *fragment) {
	text := canonical(made.node)
	for _, list := range lists {
		if canonical(list) == text {
			*list = *aliasOf(made)
		}
	}
}

// merge lets each mapping that has all keys of made merge it, and takes from it what is
// equal. What has nothing of its own is an alias then, but for a service.
func (f *folding) merge(mappings []*yaml.Node, made *fragment) {
	for _, mapping := range mappings {
		own := without(mapping.Content, made.node)
		if len(own) == len(mapping.Content) || !f.hasAll(mapping, made.node) {
			continue
		}
		if f.merged[mapping] == nil {
			f.merged[mapping] = map[string]bool{}
		}
		for i := 0; i+1 < len(made.node.Content); i += 2 {
			f.merged[mapping][made.node.Content[i].Value] = true
		}
		if len(own) == 0 && len(mapping.Content) > 0 && !f.isService[mapping] {
			alias := aliasOf(made)
			alias.HeadComment, alias.LineComment, alias.FootComment = mapping.HeadComment, mapping.LineComment, mapping.FootComment
			*mapping = *alias
			continue
		}
		mapping.Content = own
		addMerge(mapping, made)
	}
}

// hasAll reports whether mapping has its own entry for each key of shared.
func (f *folding) hasAll(mapping, shared *yaml.Node) bool {
	for i := 0; i+1 < len(shared.Content); i += 2 {
		key := shared.Content[i].Value
		if f.merged[mapping][key] || entryOf(mapping, key) == nil {
			return false
		}
	}
	return true
}

// without returns the entries that are not in shared, or have a comment of their own.
func without(entries []*yaml.Node, shared *yaml.Node) []*yaml.Node {
	var kept []*yaml.Node
	for i := 0; i+1 < len(entries); i += 2 {
		key, value := entries[i], entries[i+1]
		same := entryOf(shared, key.Value)
		if document.IsMerge(key) || same == nil || same != value && (canonical(same) != canonical(value) || entry{key: key, value: value}.commented()) {
			kept = append(kept, key, value)
		}
	}
	return kept
}

// addMerge lets mapping merge made, after what it merges already.
func addMerge(mapping *yaml.Node, made *fragment) {
	alias := aliasOf(made)
	if len(mapping.Content) == 0 || !document.IsMerge(mapping.Content[0]) {
		mapping.Content = slices.Insert(mapping.Content, 0, &yaml.Node{Kind: yaml.ScalarNode, Value: "<<"}, alias)
		return
	}
	list := mapping.Content[1]
	if list.Kind == yaml.AliasNode {
		list = &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: []*yaml.Node{list}}
		mapping.Content[1] = list
	}
	list.Content = append(list.Content, alias)
}

func aliasOf(made *fragment) *yaml.Node {
	return &yaml.Node{Kind: yaml.AliasNode, Value: made.name, Alias: made.node}
}
