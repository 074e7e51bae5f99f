package secret

// Set is a set of values: to ask whether it has one costs the same for many values as for
// few. It keeps their texts in a closure, as Value does. The zero Set is empty.
type Set struct{ has func(text string) bool }

// NewSet returns the set of values.
func NewSet(values []Value) Set {
	if len(values) == 0 {
		return Set{}
	}
	texts := make(map[string]bool, len(values))
	for _, v := range values {
		texts[v.Reveal()] = true
	}
	return Set{has: func(text string) bool { return texts[text] }}
}

// Has tells whether a value of the set has the same bytes as v.
func (s Set) Has(v Value) bool { return s.has != nil && s.has(v.Reveal()) }
