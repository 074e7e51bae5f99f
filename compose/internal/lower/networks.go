package lower

import (
	"maps"
	"slices"
	"strings"
)

func lowerNetwork(l *lowering, at place, name string, in map[string]any) (map[string]any, bool) {
	out := l.object(at, in)
	switch in["driver"] {
	case "host":
		return map[string]any{"external": true, "name": "host"}, true
	case "none", "null":
		out["internal"] = true
	}
	if external, err := boolean(in["external"]); in["external"] != nil {
		if err != nil {
			l.refuse(at.key("external"), err.Error())
		}
		if external == true {
			l.noteExternal(at, name, out["name"])
			return externalOf(out, "name"), true
		}
	}
	if in["driver"] == "macvlan" || in["driver"] == "ipvlan" {
		return map[string]any{"external": true, "name": orElse(out["name"], name)}, true
	}
	return out, true
}

// externalOf returns an external object with only those keys of out that a stack file
// may give it.
func externalOf(out map[string]any, keys ...string) map[string]any {
	external := onlyKeys(out, keys...)
	external["external"] = true
	return external
}

func orElse(value any, fallback string) string {
	if s, _ := value.(string); s != "" {
		return s
	}
	return fallback
}

func (l *lowering) noteExternal(at place, key string, name any) {
	if called := orElse(name, key); called != "host" {
		l.note(at.key("external"), "external-network", "it has to be of swarm scope: docker network create --driver overlay --attachable NAME")
	}
}

func networkDriver(l *lowering, at place, value any) (any, bool) {
	switch value {
	case "", "overlay":
		return value, value != ""
	case "bridge", "default":
		l.note(at, "dropped-driver", "a bridge ends at its node; the stack gets an overlay network")
	case "host":
		l.note(at, "host-network", "now the external network host")
	case "none", "null":
		l.lose(at, "dropped-driver", "a stack has no such network; it gets an internal one, on which services reach each other")
	case "macvlan", "ipvlan":
		l.lose(at, "node-network", "now external: a stack cannot make it; create a config-only network on every node and the network with docker network create --scope swarm --config-from")
	default:
		return keep(text)(l, at, value)
	}
	return nil, false
}

func networkOptions(l *lowering, at place, value any) (any, bool) {
	v, ok := keep(numbers)(l, at, value)
	out, _ := v.(map[string]any)
	if !ok {
		return nil, false
	}
	for _, name := range slices.Sorted(maps.Keys(out)) {
		if strings.HasPrefix(name, "com.docker.network.bridge.") || name == "parent" {
			delete(out, name)
			l.lose(at.named(name), "no-equivalent", "dropped: an overlay network does not have this option")
		}
	}
	return out, len(out) > 0
}

func networkIPv4(l *lowering, at place, value any) (any, bool) {
	if on, err := boolean(value); err == nil && on == false {
		l.lose(at, "no-equivalent", "dropped: a stack cannot switch IPv4 off; create the network with docker network create and make it external")
	}
	return nil, false
}

func endpointOptions(l *lowering, at place, value any) (any, bool) {
	v, ok := keep(numbers)(l, at, value)
	if ok {
		l.need(version313)
	}
	return v, ok
}

// lowerNetworks takes the mapping that compose-go makes of a service's networks,
// and the list that Lower makes of it.
func lowerNetworks(l *lowering, at place, value any) (any, bool) {
	in, _ := value.(map[string]any)
	if list, ok := value.([]any); ok {
		in = map[string]any{}
		for _, entry := range list {
			name, _ := entry.(string)
			in[name] = nil
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		options, _ := in[name].(map[string]any)
		at.svc.networks[name] = l.object(at.named(name), options)
	}
	return nil, false
}

func lowerNetworkMode(l *lowering, at place, value any) (any, bool) {
	mode, _ := value.(string)
	at.svc.mode = mode
	kind, other, _ := strings.Cut(mode, ":")
	switch {
	case mode == "", mode == "default":
	case mode == "host":
		l.note(at, "host-network", "now the external network host; a port of the program is open on every node that runs it")
	case mode == "none":
		l.note(at, "no-network", "now an internal network that no other service joins")
	case mode == "bridge":
		l.note(at, "dropped-network-mode", "the service joins the stack's default network")
	case kind == "service" && l.isService(other):
		l.lose(at, "shared-network", "Swarm shares no network namespace: the service joins the networks of "+other+"; reach it as "+other+" instead of localhost")
	default:
		l.lose(at, "no-equivalent", "dropped: the service joins the stack's default network; use networks: with an attachable external network to meet other containers")
	}
	return nil, false
}

func (l *lowering) isService(name string) bool {
	all, _ := l.model["services"].(map[string]any)
	_, ok := all[name]
	return ok
}
