package transform

import (
	"maps"
	"slices"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// Question is a service of whose image Rewrite should know more.
type Question struct {
	Service string
	Image   string // "" for one that is built and has no name in the model
	Built   bool   // from source: what a registry has may be another one
	Needed  bool   // without an answer something stays inline or is left to the application
}

// Questions returns the services whose images matter, in order of name.
func Questions(model map[string]any, decisions Decisions, options Options) []Question {
	r := &rewriter{decisions: decisions, options: Options{Deliver: options.Deliver, Reads: options.Reads}}
	services := asMap(model["services"])
	var all []Question
	for _, name := range slices.Sorted(maps.Keys(services)) {
		from := asMap(services[name])
		q := Question{Service: name, Built: from["build"] != nil}
		q.Image, _ = from["image"].(string)
		s := &serviceRewrite{r: r, name: name, from: from, environment: newBlock(from["environment"])}
		s.knowImage()
		moved := slices.DeleteFunc(slices.Clone(r.of(name)), func(d Decision) bool { return d.Secret == "" })
		sealed := !s.program.authorEntry && slices.ContainsFunc(s.program.words(), seal.Has)
		if len(moved) == 0 && !sealed || seal.Has(q.Image) {
			continue
		}
		q.Needed = sealed && !s.program.entryKnown || slices.ContainsFunc(moved, s.asksImage)
		all = append(all, q)
	}
	return all
}

// asksImage tells whether the delivery of d depends on what the image runs.
func (s *serviceRewrite) asksImage(d Decision) bool {
	if wanted := wayOf(s.r.options.deliver(s.name)); wanted != nil {
		return wanted.asksImage(d)
	}
	_, why := fitNative(s, d)
	return why != "" && s.readsFiles() == ""
}
