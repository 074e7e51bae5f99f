package lower

import (
	"maps"
	"slices"
	"strings"
)

// fate says in one word what happens to a key.
type fate string

const (
	kept      fate = "kept"      // the stack has the key too
	rewritten fate = "rewritten" // the stack says it in other words
	dropped   fate = "dropped"   // the Swarm does without it, nothing is lost
	lost      fate = "lost"      // the Swarm cannot do it
)

// rule is one line of the tables.
type rule struct {
	key   string // services.*.ports[].host_ip: * is a name that the author chose, [] an entry of a list
	fate  fate
	lower lowerFunc // nil when the key is dropped or lost
	text  string    // what becomes of the key; also the message of the change when it is dropped or lost
}

// lowerFunc returns the value in the stack under the same key. ok is false for none.
type lowerFunc func(l *lowering, at place, value any) (lowered any, ok bool)

// rules returns the rows of all tables.
func rules() []rule {
	return slices.Concat(topRules, serviceRules, runtimeRules, deployRules, mountRules)
}

// below are the rules for the keys of one mapping, in the order of the tables, which
// is the order in which they are applied.
type below struct {
	rules []rule
	names []string        // the last part of every rule's key
	known map[string]bool // the same, to look up
}

func indexRules(rules []rule) map[string]*below {
	index := map[string]*below{}
	for _, r := range rules {
		parent, name := "", r.key
		if i := strings.LastIndexByte(r.key, '.'); i >= 0 {
			parent, name = r.key[:i], r.key[i+1:]
		}
		b := index[parent]
		if b == nil {
			b = &below{known: map[string]bool{}}
			index[parent] = b
		}
		b.rules = append(b.rules, r)
		b.names = append(b.names, name)
		b.known[name] = true
	}
	return index
}

// object lowers a mapping whose keys the tables know.
func (l *lowering) object(at place, in map[string]any) map[string]any {
	out := map[string]any{}
	l.fill(at, in, out)
	return out
}

// fill lowers in, key by key, into out, which the rules can reach while it grows.
func (l *lowering) fill(at place, in, out map[string]any) {
	table := l.rules[at.rule]
	if table == nil {
		table = &below{}
	}
	for i, r := range table.rules {
		name := table.names[i]
		value, present := in[name]
		if !present || value == nil {
			continue // null says no more than silence
		}
		if lowered, ok := l.apply(r, at.key(name), value); ok {
			out[name] = lowered
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !table.known[name] && !strings.HasPrefix(name, "x-") {
			l.lose(at.key(name), "unknown-key", "unknown key, dropped; check that nothing depends on it")
		}
	}
}

func (l *lowering) apply(r rule, at place, value any) (any, bool) {
	if r.lower != nil {
		return r.lower(l, at, value)
	}
	if says(value) {
		code := "no-equivalent"
		if r.fate == dropped {
			code = "dropped-" + strings.ReplaceAll(r.key[strings.LastIndexByte(r.key, '.')+1:], "_", "-")
		}
		l.record(at, code, r.text, r.fate == lost)
	}
	return nil, false
}

// says reports whether a value differs from the default of a key that is dropped: false,
// zero or empty.
func says(value any) bool {
	switch v := value.(type) {
	case nil:
		return false
	case bool:
		return v
	case int:
		return v != 0
	case int64:
		return v != 0
	case float32:
		return v != 0
	case float64:
		return v != 0
	case string:
		return v != ""
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	return true
}

// nested lowers a mapping by the rules below it. One in which nothing is left goes.
func nested(l *lowering, at place, value any) (any, bool) {
	in, ok := value.(map[string]any)
	if !ok {
		l.refuse(at, "not a mapping")
		return nil, false
	}
	out := l.object(at, in)
	return out, len(out) > 0
}

// each lowers every entry of a list of mappings by the rules below it.
func each(l *lowering, at place, value any) (any, bool) {
	list, ok := value.([]any)
	if !ok {
		l.refuse(at, "not a list")
		return nil, false
	}
	out := []any{}
	for i, entry := range list {
		if lowered, ok := nested(l, at.item(i), entry); ok {
			out = append(out, lowered)
		}
	}
	return out, len(out) > 0
}

// entries lowers every entry of a mapping whose keys are the author's. An entry
// without a value is an empty one.
func entries(lower func(l *lowering, at place, name string, in map[string]any) (map[string]any, bool)) lowerFunc {
	return func(l *lowering, at place, value any) (any, bool) {
		in, ok := value.(map[string]any)
		if !ok {
			l.refuse(at, "not a mapping")
			return nil, false
		}
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(in)) {
			body, ok := in[name].(map[string]any)
			if !ok && in[name] != nil {
				l.refuse(at.named(name), "not a mapping")
				continue
			}
			if lowered, ok := lower(l, at.named(name), name, body); ok {
				out[name] = lowered
			}
		}
		return out, len(out) > 0
	}
}
