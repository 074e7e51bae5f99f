package lower

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

func lowerContainerName(l *lowering, at place, value any) (any, bool) {
	name, _ := value.(string)
	if name == "" {
		return nil, false
	}
	at.svc.aliases = append(at.svc.aliases, name)
	l.note(at, "container-name", "Swarm names containers itself; other services reach this one as "+name+", an alias on its networks")
	return nil, false
}

func lowerLinks(l *lowering, at place, value any) (any, bool) {
	if _, err := texts(value); err != nil {
		l.refuse(at, err.Error())
	} else if says(value) {
		l.note(at, "dropped-links", "services of one network reach each other by name; an alias keeps another name")
	}
	return nil, false
}

// linkNames adds the names that links gave to other services, and writes all
// aliases into the networks.
func (l *lowering) linkNames() {
	owners := map[string]*service{}
	for _, svc := range l.sorted() {
		owners[svc.name] = svc
	}
	for _, svc := range l.sorted() {
		for _, name := range svc.aliases {
			owners[name] = orFirst(owners[name], svc)
		}
	}
	for _, svc := range l.sorted() {
		links, _ := svc.in["links"].([]any)
		for i, entry := range links {
			spec, _ := entry.(string)
			l.link(owners, svc.at().key("links").item(i), spec)
		}
	}
	for _, svc := range l.sorted() {
		l.answer(svc, svc.aliases...)
	}
}

func orFirst(first, second *service) *service {
	if first != nil {
		return first
	}
	return second
}

// link gives a service the name that another one calls it by. The whole Swarm sees that
// name, so that no other service may have it.
func (l *lowering) link(owners map[string]*service, at place, spec string) {
	name, alias, _ := strings.Cut(spec, ":")
	other := l.services[name]
	switch {
	case other == nil:
		l.lose(at, "no-equivalent", "dropped: the linked service is not one of this stack")
	case alias == "" || alias == name:
	case owners[alias] != nil && owners[alias] != other:
		l.lose(at, "link-taken", "dropped: on the Swarm that name is services."+owners[alias].name+"; let this service use "+name)
	default:
		owners[alias] = other
		other.aliases = append(other.aliases, alias)
	}
}

// answer adds names for svc in all its networks. The network host takes none, and the
// service's own name is there anyway.
func (l *lowering) answer(svc *service, names ...string) {
	if len(names) == 0 || l.hostNetwork(svc) != "" {
		return
	}
	if len(svc.networks) == 0 && !slices.ContainsFunc(names, func(name string) bool { return name != svc.name }) {
		return
	}
	if len(svc.networks) == 0 {
		svc.networks[defaultNetwork] = map[string]any{}
	}
	for _, options := range svc.networks {
		aliases, _ := options["aliases"].([]any)
		for _, name := range names {
			if name != svc.name && !slices.Contains(aliases, any(name)) {
				aliases = append(aliases, name)
			}
		}
		if len(aliases) > 0 {
			options["aliases"] = aliases
		}
	}
}

// label is what swarmkit takes for a service's name (manager/controlapi/service.go),
// which is STACK_SERVICE, in at most 63 characters.
var label = regexp.MustCompile(`^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$`)

const maxLabel = 63

var notLabel = regexp.MustCompile(`[^a-zA-Z0-9_-]+`)

// renameServices gives the names that Swarm refuses a form that it takes. The
// old name stays as an alias.
func (l *lowering) renameServices() {
	services, _ := l.stack["services"].(map[string]any)
	for _, svc := range l.sorted() {
		name := l.nameFor(svc.name, services)
		if name == svc.name {
			continue
		}
		l.answerAs(svc)
		delete(services, svc.name)
		services[name] = svc.out
		l.note(svc.at(), "renamed-service", "not a valid Swarm name; it is now "+name+", and the old name an alias")
	}
}

func (l *lowering) answerAs(svc *service) {
	old := svc.name
	if l.hostNetwork(svc) != "" {
		return
	}
	if len(svc.networks) == 0 {
		svc.networks[defaultNetwork] = map[string]any{}
	}
	for _, options := range svc.networks {
		aliases, _ := options["aliases"].([]any)
		if !slices.Contains(aliases, any(old)) {
			options["aliases"] = append(slices.Clone(aliases), old)
		}
	}
}

func (l *lowering) nameFor(name string, taken map[string]any) string {
	room := maxLabel
	if l.opts.Project != "" {
		room -= len(l.opts.Project) + len("_")
	}
	room = max(room, 8)
	if label.MatchString("x"+name) && len(name) <= room {
		return name
	}
	short := strings.Trim(notLabel.ReplaceAllString(name, "-"), "-_")
	short = strings.TrimRight(short[:min(len(short), room)], "-_")
	if short == "" {
		short = "service"
	}
	candidate := short
	for n := 2; ; n++ {
		if _, busy := taken[candidate]; !busy {
			return candidate
		}
		suffix := fmt.Sprintf("-%d", n)
		candidate = strings.TrimRight(short[:min(len(short), room-len(suffix))], "-_") + suffix
	}
}
