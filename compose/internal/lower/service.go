package lower

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

func lowerName(l *lowering, at place, _ any) (any, bool) {
	l.note(at, "dropped-name", "now x-stack, the default name of the stack")
	return nil, false
}

// unresolved refuses what compose-go resolves before: to drop it would lose services.
func unresolved(l *lowering, at place, value any) (any, bool) {
	if says(value) {
		l.refuse(at, "not resolved; load the file with includes and extends")
	}
	return nil, false
}

func lowerService(l *lowering, at place, name string, in map[string]any) (map[string]any, bool) {
	svc := &service{name: name, in: in, out: map[string]any{}, networks: map[string]map[string]any{}}
	at.svc = svc
	if says(in["provider"]) {
		l.lose(at.key("provider"), "no-equivalent", "the service is dropped: a provider runs it, not a container; provide it in another way")
		return nil, false
	}
	l.services[name] = svc
	l.fill(at, in, svc.out)
	if !says(svc.out["image"]) {
		l.refuse(at, "neither image nor build; write one of them")
	}
	return svc.out, true
}

// lowerBuild writes the name under which Compose tags the image that it builds.
func lowerBuild(l *lowering, at place, _ any) (any, bool) {
	const push = "then docker compose build && docker compose push"
	if says(at.svc.in["image"]) {
		l.note(at, "dropped-build", "Swarm builds nothing and pulls image: it has to be in a registry that the nodes reach, "+push)
		return nil, false
	}
	image := strings.ToLower(strings.TrimPrefix(l.opts.Project+"-"+at.svc.name, "-"))
	at.svc.out["image"] = image
	l.note(at, "dropped-build", "Swarm builds nothing: the image is now "+image+"; name one in your registry with image:, "+push)
	return nil, false
}

// move returns a function that writes a value under another key of the stack schema. A
// value that the author wrote there wins.
func move(to string, as coerce) lowerFunc {
	return func(l *lowering, at place, value any) (any, bool) {
		v, err := as(value)
		if err != nil {
			l.refuse(at, err.Error())
			return nil, false
		}
		switch {
		case v == nil:
		case at.svc.set(to, v):
			l.note(at, "moved", "now "+to)
		default:
			l.note(at, "said-twice", "dropped: "+to+" already sets it")
		}
		return nil, false
	}
}

// set writes value below the service if there is none, and reports whether it did.
func (s *service) set(path string, value any) bool {
	keys := strings.Split(path, ".")
	at := s.out
	for _, key := range keys[:len(keys)-1] {
		next, ok := at[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[key] = next
		}
		at = next
	}
	last := keys[len(keys)-1]
	if _, taken := at[last]; taken {
		return false
	}
	at[last] = value
	return true
}

// get returns the value at path below the service, or nil.
func (s *service) get(path string) any {
	var at any = s.out
	for key := range strings.SplitSeq(path, ".") {
		m, _ := at.(map[string]any)
		at = m[key]
	}
	return at
}

// at returns the service's place in the model.
func (s *service) at() place { return place{s, "services." + s.name, "services.*"} }

// sorted returns the services by name.
func (l *lowering) sorted() []*service {
	var all []*service
	for _, name := range slices.Sorted(maps.Keys(l.services)) {
		all = append(all, l.services[name])
	}
	return all
}

func lowerDependsOn(l *lowering, at place, value any) (any, bool) {
	on, _ := value.(map[string]any)
	if says(value) {
		l.note(at, "dropped-depends-on", "services start in any order on Swarm; make the service retry until the others answer")
	}
	for _, name := range slices.Sorted(maps.Keys(on)) {
		dependency, _ := on[name].(map[string]any)
		switch dependency["condition"] {
		case "service_healthy":
			l.lose(at.key(name), "dropped-condition", "Swarm does not wait for health; make the service retry until "+name+" answers")
		case "service_completed_successfully":
			l.lose(at.key(name), "dropped-condition", "Swarm does not wait for "+name+" to finish; run it before the deploy, or make the service retry until its work is done")
		}
		if dependency["restart"] == true {
			l.lose(at.key(name).key("restart"), "no-equivalent", "dropped: Swarm restarts no service because of another")
		}
	}
	return nil, false
}

func lowerEntrypoint(l *lowering, at place, value any) (any, bool) {
	v, err := words(value)
	if err != nil {
		l.refuse(at, err.Error())
		return nil, false
	}
	if says(v) {
		return v, true
	}
	if !says(at.svc.in["command"]) {
		l.lose(at, "empty-entrypoint", "kept, but Swarm then forgets the image's command too; write it as command:")
	}
	return []any{""}, true // an empty list would leave the image's entrypoint
}

func lowerCommand(l *lowering, at place, value any) (any, bool) {
	v, err := words(value)
	if err != nil {
		l.refuse(at, err.Error())
		return nil, false
	}
	if !says(v) {
		if !says(at.svc.in["entrypoint"]) {
			l.lose(at, "empty-command", "dropped: Swarm cannot take away the image's command; write entrypoint:, which does")
		}
		return nil, false
	}
	return v, true
}

func lowerOOMScore(l *lowering, at place, value any) (any, bool) {
	score, ok := keep(integer)(l, at, value)
	if !ok || score == 0 {
		return nil, false
	}
	l.need(version313)
	return score, true
}

func testWords(value any) (any, error) {
	if s, ok := value.(string); ok {
		return s, nil
	}
	v, err := wordList(value)
	if err != nil {
		return nil, err
	}
	list, _ := v.([]any)
	if len(list) == 0 {
		return nil, nil //nolint:nilnil // the image's test stays, as for Compose
	}
	switch list[0] {
	case "NONE", "CMD", "CMD-SHELL":
		return v, nil
	}
	return nil, errors.New("does not start with NONE, CMD or CMD-SHELL")
}

func lowerHealthcheck(l *lowering, at place, value any) (any, bool) {
	in, _ := value.(map[string]any)
	if off, err := boolean(in["disable"]); in["disable"] != nil && (err != nil || off == true) {
		if err != nil {
			l.refuse(at.key("disable"), err.Error())
		}
		return map[string]any{"disable": true}, true
	}
	return nested(l, at, value)
}

func startInterval(l *lowering, at place, value any) (any, bool) {
	l.need(version312)
	return keep(duration)(l, at, value)
}
