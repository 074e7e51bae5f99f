package verdict

import (
	"sync"

	"github.com/docker-secrets/docker-secrets/transform"
)

// nameFacts are what a name alone tells: services of an application share their names.
type nameFacts struct {
	words []string
	stem  []string // see subject
	rules []int    // those of rules that ask for words, and find them
}

//nolint:gochecknoglobals // it only remembers what factsOf would find out again
var (
	knownNames sync.Map // name → nameFacts
	unnamed    = sync.OnceValue(func() []int {
		var all []int
		for i, r := range rules {
			if r.words == nil {
				all = append(all, i)
			}
		}
		return all
	})
)

// factsOf returns the facts of name, which it finds out once.
func factsOf(name string) nameFacts {
	if known, ok := knownNames.Load(name); ok {
		return known.(nameFacts) //nolint:forcetypeassert // nothing else is stored
	}
	s := newSubjectOf(name, "")
	facts := nameFacts{words: s.words, stem: s.stem}
	for i, r := range rules {
		if r.words != nil && r.words.match(s) {
			facts.rules = append(facts.rules, i)
		}
	}
	knownNames.Store(name, facts)
	return facts
}

// firstRule is firstMatch of rules for c.
func firstRule(c Candidate) (transform.Finding, bool) {
	facts := factsOf(c.Name)
	s := &subject{name: c.Name, value: c.Value.Reveal(), words: facts.words, stem: facts.stem, image: c.Image, hasVariables: c.HasVariables}
	byName, others := facts.rules, unnamed()
	for len(byName)+len(others) > 0 {
		var i int
		if len(others) == 0 || len(byName) > 0 && byName[0] < others[0] {
			i, byName = byName[0], byName[1:]
		} else {
			i, others = others[0], others[1:]
		}
		if r := &rules[i]; r.holds(s) {
			return transform.Finding{Verdict: r.verdict, Rule: r.name}, true
		}
	}
	return transform.Finding{}, false
}
