package swarm

import "maps"

// Labels that say who made an object, and where its value came from: a reference, never
// a value.
const (
	LabelMadeBy   = "com.docker-secrets.made-by"
	LabelMadeFrom = "com.docker-secrets.made-from"
)

// Made says who made an object and where its value came from; empty words are not known.
type Made struct{ By, From string }

func madeOf(labels map[string]string) Made {
	return Made{By: labels[LabelMadeBy], From: labels[LabelMadeFrom]}
}

// with returns a copy of labels that says m.
func (m Made) with(labels map[string]string) map[string]string {
	all := maps.Clone(labels)
	if m.By != "" {
		all[LabelMadeBy] = m.By
	}
	if m.From != "" {
		all[LabelMadeFrom] = m.From
	}
	return all
}
