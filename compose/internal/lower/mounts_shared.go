package lower

import (
	"maps"
	"slices"
	"strings"
)

// shareMounts gives every service what its volumes_from names.
func (l *lowering) shareMounts() {
	for _, svc := range l.sorted() {
		for _, m := range l.borrowed(svc, map[*service]bool{svc: true}, true) {
			if !svc.mounted(m.target) {
				svc.mounts = append(svc.mounts, m)
			}
		}
	}
	for _, svc := range l.sorted() {
		var out []any
		for _, m := range svc.mounts {
			out = append(out, m.entry())
		}
		if len(out) > 0 {
			svc.out["volumes"] = out
		}
	}
}

// borrowed returns the mounts that svc takes from others, which may have taken them from
// others again. It reports faults only if report is true: for the service that is asked
// first.
func (l *lowering) borrowed(svc *service, seen map[*service]bool, report bool) []mount {
	list, _ := svc.in["volumes_from"].([]any)
	var out []mount
	for i, entry := range list {
		at := svc.at().key("volumes_from").item(i)
		spec, _ := entry.(string)
		other, readOnly := l.lender(spec)
		if report && !seen[other] {
			l.reportLoan(at, other)
		}
		if other == nil || seen[other] {
			continue
		}
		seen[other] = true
		for _, m := range slices.Concat(other.mounts, l.borrowed(other, seen, false)) {
			if m.long["source"] != nil {
				out = append(out, m.in(at, readOnly))
			}
		}
	}
	return out
}

// lender reads SERVICE[:ro]. It is nil for container:NAME and for a service that
// the stack does not have.
func (l *lowering) lender(spec string) (other *service, readOnly bool) {
	if strings.HasPrefix(spec, "container:") {
		return nil, false
	}
	name, mode, _ := strings.Cut(strings.TrimPrefix(spec, "service:"), ":")
	return l.services[name], mode == "ro"
}

func (l *lowering) reportLoan(at place, other *service) {
	if other == nil {
		l.lose(at, "no-equivalent", "dropped: only volumes of a service in this file can be mounted")
		return
	}
	l.lose(at, "volumes-from", "its named volumes and bind mounts are mounted; on another node they hold other data: keep both services on one node with a placement constraint, or use a shared volume")
}

// in returns the same mount for another service.
func (m mount) in(at place, readOnly bool) mount {
	m.at = at
	m.long = maps.Clone(m.long)
	if readOnly {
		m.long["read_only"] = true
	}
	return m
}
