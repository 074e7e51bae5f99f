package classify

import (
	"slices"

	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// noteHeld fills in which secrets the value of each of declared repeats within it, as a
// URL does with a password.
func noteHeld(declared []transform.Declared, values []Sealed) {
	named := map[string][]string{} // by value: the secrets that have it
	for _, v := range values {
		named[v.Value.Reveal()] = append(named[v.Value.Reveal()], v.Secret)
	}
	held := map[string][]string{}
	for _, v := range values {
		text := v.Value.Reveal()
		for _, span := range verdict.Credentials(text) {
			if span.End-span.Start < len(text) {
				held[v.Secret] = append(held[v.Secret], named[text[span.Start:span.End]]...)
			}
		}
	}
	for i, d := range declared {
		slices.Sort(held[d.Name])
		declared[i].Holds = slices.Compact(held[d.Name])
	}
}
