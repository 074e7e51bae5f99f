package lower

import (
	"maps"
	"slices"
	"strings"
)

// defaultNetwork is the network of a service that names none. It needs no declaration.
const defaultNetwork = "default"

// joinNetworks lets each service join the networks that its network mode needs.
func (l *lowering) joinNetworks() {
	for _, svc := range l.sorted() {
		switch l.modeOf(svc) {
		case "host":
			svc.networks = map[string]map[string]any{l.declare("host", map[string]any{"external": true, "name": "host"}): {}}
		case "none":
			svc.networks = map[string]map[string]any{l.declare(svc.name+"-none", map[string]any{"internal": true}): {}}
		}
	}
	for _, svc := range l.sorted() {
		if other := l.follow(svc); other != svc {
			svc.networks = map[string]map[string]any{}
			for name := range other.networks {
				svc.networks[name] = map[string]any{}
			}
		}
		l.leaveOthers(svc)
	}
}

func (l *lowering) modeOf(svc *service) string { return l.follow(svc).mode }

// follow returns the service whose networks svc has: itself, but for network_mode:
// service:NAME.
func (l *lowering) follow(svc *service) *service {
	seen := map[*service]bool{}
	for !seen[svc] {
		seen[svc] = true
		name, found := strings.CutPrefix(svc.mode, "service:")
		if other := l.services[name]; found && other != nil {
			svc = other
		}
	}
	return svc
}

// declare adds a network of the stack under a free name and returns the name. It uses a
// network with the same meaning if there is one.
func (l *lowering) declare(name string, body map[string]any) string {
	networks, _ := l.stack["networks"].(map[string]any)
	if networks == nil {
		networks = map[string]any{}
		l.stack["networks"] = networks
	}
	for {
		there, taken := networks[name].(map[string]any)
		if !taken {
			networks[name] = body
			return name
		}
		if maps.Equal(there, body) {
			return name
		}
		name += "-1"
	}
}

// hostNetwork returns the name of the joined network that is the node's own, "" for none.
func (l *lowering) hostNetwork(svc *service) string {
	networks, _ := l.stack["networks"].(map[string]any)
	names := slices.Sorted(maps.Keys(svc.networks))
	if len(names) == 0 {
		names = []string{defaultNetwork}
	}
	for _, name := range names {
		body, _ := networks[name].(map[string]any)
		if body["external"] == true && orElse(body["name"], name) == "host" {
			return name
		}
	}
	return ""
}

// leaveOthers removes published ports and other networks from a service on the node's own
// network: with them the Engine rejects every task.
func (l *lowering) leaveOthers(svc *service) {
	host := l.hostNetwork(svc)
	if host == "" {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(svc.networks)) {
		if name != host {
			l.lose(svc.at().key("networks").named(name), "host-network", "dropped: a service on the network host joins no other")
		}
	}
	svc.networks = map[string]map[string]any{host: {}}
	for _, p := range svc.ports {
		l.note(p.at, "host-network", "dropped: on the host network every port is already open")
	}
	svc.ports = nil
}

// emitNetworks writes a list when no network has options. Aliases were added to them
// before.
func (s *service) emitNetworks() {
	if len(s.networks) == 0 {
		return
	}
	var names []any
	options := map[string]any{}
	plain := true
	for _, name := range slices.Sorted(maps.Keys(s.networks)) {
		names = append(names, name)
		options[name] = s.networks[name]
		plain = plain && len(s.networks[name]) == 0
	}
	if plain {
		s.out["networks"] = names
		return
	}
	s.out["networks"] = options
}
