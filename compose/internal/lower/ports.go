package lower

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// port is one published port. first and last are the published ones that will do,
// 0 when the Swarm may choose.
type port struct {
	at          place
	target      int
	first, last int
	protocol    string
	mode        string
}

func hostIP(l *lowering, at place, value any) (any, bool) {
	switch value {
	case "", "0.0.0.0", "::":
	case "127.0.0.1", "::1":
		l.lose(at, "port-host-ip", "the port was bound to this machine, and Swarm opens it on every node; restrict it with a firewall, or do not publish it")
	default:
		l.lose(at, "port-host-ip", "dropped: Swarm opens the port on every node; restrict it with a firewall, or do not publish it")
	}
	return nil, false
}

func lowerPorts(l *lowering, at place, value any) (any, bool) {
	list, ok := value.([]any)
	if !ok {
		l.refuse(at, "not a list")
	}
	for i, entry := range list {
		for _, spec := range l.portSpecs(at.item(i), entry) {
			if p, ok := l.port(at.item(i), spec); ok {
				at.svc.ports = append(at.svc.ports, p)
			}
		}
	}
	return nil, false
}

// portSpecs takes the long form, which compose-go makes of every port, and the
// short one, which Lower makes of most.
func (l *lowering) portSpecs(at place, entry any) []map[string]any {
	if long, ok := entry.(map[string]any); ok {
		return []map[string]any{long}
	}
	configs, err := types.ParsePortConfig(fmt.Sprint(entry))
	if err != nil {
		l.refuse(at, "not a port")
	}
	var specs []map[string]any
	for _, c := range configs {
		specs = append(specs, map[string]any{
			"target": int(c.Target), "published": c.Published, "protocol": c.Protocol, "mode": c.Mode, "host_ip": c.HostIP,
		})
	}
	return specs
}

func (l *lowering) port(at place, spec map[string]any) (port, bool) {
	out := l.object(at, spec)
	p := port{at: at, protocol: "tcp", mode: "ingress"}
	p.target, _ = whole(out["target"])
	if s, _ := out["protocol"].(string); s != "" {
		p.protocol = strings.ToLower(s)
	}
	if s, _ := out["mode"].(string); s != "" {
		p.mode = s
	}
	published, _ := out["published"].(string)
	var ok bool
	if p.first, p.last, ok = portRange(published); !ok || p.target < 1 || p.target > 65535 {
		l.refuse(at, "not a port; write numbers from 1 to 65535")
		return port{}, false
	}
	if !slices.Contains([]string{"tcp", "udp", "sctp"}, p.protocol) {
		l.refuse(at.key("protocol"), "not one of tcp, udp, sctp")
		return port{}, false
	}
	return p, true
}

func portRange(published string) (first, last int, ok bool) {
	if published == "" || published == "0" {
		return 0, 0, true
	}
	from, to, found := strings.Cut(published, "-")
	if !found {
		to = from
	}
	first, err1 := strconv.Atoi(from)
	last, err2 := strconv.Atoi(to)
	return first, last, err1 == nil && err2 == nil && first >= 1 && first <= last && last <= 65535
}

// published is what no two services of a Swarm may have in common.
type published struct {
	port     int
	protocol string
}

// publishPorts settles duplicates, conflicts between services and ranges; fixed
// ports come first, so that a range gives way.
func (l *lowering) publishPorts() {
	taken := map[published]*service{}
	next := map[published]int{}
	for _, svc := range l.sorted() {
		svc.ports = slices.DeleteFunc(distinct(svc.ports), func(p port) bool { return !l.take(taken, p) })
	}
	for _, svc := range l.sorted() {
		for i, p := range svc.ports {
			if p.first != p.last {
				svc.ports[i] = l.choose(taken, next, p)
			}
		}
		svc.emitPorts()
	}
}

// distinct drops ports that differ only in the address that they were bound to.
func distinct(ports []port) []port {
	var out []port
	for _, p := range ports {
		if !slices.ContainsFunc(out, p.same) {
			out = append(out, p)
		}
	}
	return out
}

func (p port) same(q port) bool {
	q.at = p.at
	return p == q
}

// take reports whether p is to be published. The Swarm refuses an ingress port that
// another port has, and the stack is then half deployed.
func (l *lowering) take(taken map[published]*service, p port) bool {
	if p.first == 0 || p.first != p.last || p.mode != "ingress" {
		return true
	}
	key := published{p.first, p.protocol}
	if owner, busy := taken[key]; busy {
		l.lose(p.at, "port-conflict", fmt.Sprintf("dropped: services.%s publishes %d/%s already, and a Swarm has each port once; publish another one", owner.name, p.first, p.protocol))
		return false
	}
	taken[key] = p.at.svc
	return true
}

// choose takes the first free port of a range. next has, by the first port of a range,
// where the search continues.
func (l *lowering) choose(taken map[published]*service, next map[published]int, p port) port {
	from := published{p.first, p.protocol}
	chosen := max(next[from], p.first)
	for ; chosen < p.last; chosen++ {
		if _, busy := taken[published{chosen, p.protocol}]; !busy {
			break
		}
	}
	chosen = min(chosen, p.last)
	next[from] = chosen + 1
	taken[published{chosen, p.protocol}] = p.at.svc
	l.note(p.at.key("published"), "port-range", fmt.Sprintf("port %d of the range is published, for all replicas: Swarm has no ranges to choose from", chosen))
	p.first, p.last = chosen, chosen
	return p
}

func (s *service) emitPorts() {
	var out []any
	for _, p := range s.ports {
		out = append(out, p.entry())
	}
	if len(out) > 0 {
		s.out["ports"] = out
	}
}

// entry returns the short form, or the long one for host mode, which has no short one.
func (p port) entry() any {
	if p.mode != "ingress" {
		out := map[string]any{"target": p.target, "protocol": p.protocol, "mode": p.mode}
		if p.first != 0 {
			out["published"] = p.first
		}
		return out
	}
	short := strconv.Itoa(p.target)
	if p.first != 0 {
		short = strconv.Itoa(p.first) + ":" + short
	}
	if p.protocol != "tcp" {
		short += "/" + p.protocol
	}
	return short
}
