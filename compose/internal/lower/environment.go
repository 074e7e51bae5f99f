package lower

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// placeholder matches the fields of swarmkit's template.Context that a service has. The
// other fields would fail the deploy, so that they are escaped as well.
var placeholder = regexp.MustCompile(`^\{\{\s*(?:\.Service\.(?:ID|Name|Labels(?:\.\w+)?)|\.Node\.(?:ID|Hostname|Platform\.(?:Architecture|OS))|\.Task\.(?:ID|Name|Slot)|index \.Service\.Labels "[^"]*")\s*\}\}`)

// escape escapes what the Engine would expand and Compose passes on as it is. Text that
// only a Swarm can mean, such as {{.Task.Slot}}, stays; placeholders is true if there is
// any.
func escape(s string) (escaped string, placeholders bool) {
	var b strings.Builder
	for {
		i := strings.Index(s, "{{")
		if i < 0 {
			b.WriteString(s)
			return b.String(), placeholders
		}
		b.WriteString(s[:i])
		s = s[i:]
		if found := placeholder.FindString(s); found != "" {
			placeholders = true
			b.WriteString(found)
			s = s[len(found):]
			continue
		}
		b.WriteString(`{{"{{"}}`)
		s = s[len("{{"):]
	}
}

// escaped returns what escape returns for s, and reports a change.
func (l *lowering) escaped(at place, s string) string {
	out, placeholders := escape(s)
	if out != s {
		l.note(at, "escaped-template", "{{ is written so that Swarm passes it on as it is")
	}
	if placeholders {
		l.note(at, "swarm-placeholder", "kept: Swarm replaces the placeholder for every task; Compose does not")
	}
	return out
}

func lowerHostname(l *lowering, at place, value any) (any, bool) {
	s, ok := value.(string)
	if !ok {
		l.refuse(at, "not a string")
		return nil, false
	}
	return l.escaped(at, s), s != ""
}

func lowerEnvironment(l *lowering, at place, value any) (any, bool) {
	switch v := value.(type) {
	case map[string]any:
		out := l.variables(at, v)
		return out, len(out) > 0
	case []any:
		out := l.assignments(at, v)
		return out, len(out) > 0
	}
	l.refuse(at, "not a mapping or a list")
	return nil, false
}

func (l *lowering) variables(at place, in map[string]any) map[string]any {
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if in[name] == nil {
			l.unsetVariable(at.named(name))
			continue
		}
		value, err := text(in[name])
		s, _ := value.(string)
		if err != nil {
			l.refuse(at.named(name), err.Error())
			continue
		}
		out[name] = l.variable(at.named(name), s)
	}
	return out
}

func (l *lowering) assignments(at place, in []any) []any {
	out := []any{}
	seen := map[string]bool{}
	for i, entry := range in {
		s, _ := entry.(string)
		name, value, set := strings.Cut(s, "=")
		switch {
		case name == "":
			l.refuse(at.item(i), "not a NAME=VALUE")
		case !set:
			l.unsetVariable(at.named(name))
		case !seen[s]:
			seen[s] = true
			out = append(out, name+"="+l.variable(at.named(name), value))
		}
	}
	return out
}

func (l *lowering) unsetVariable(at place) {
	l.note(at, "unset-variable", "dropped: it has no value here, and a shell variable would set it at deploy")
}

func (l *lowering) variable(at place, value string) string {
	if value == "" {
		l.note(at, "empty-variable", "kept empty; plain docker stack deploy would use a shell variable of that name")
	}
	return l.escaped(at, value)
}
