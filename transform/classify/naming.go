package classify

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// source is one place that a secret's value comes from, before the secret has a
// name.
type source struct {
	base    string // the name that the secret gets if it is free
	service string // "" for a variable of the whole project
	value   secret.Value
	unset   bool // value is incomplete here (a variable in it is not set); deploy will find another
	from    secret.Reference
	spare   bool // from is a fallback: used only if the secret has no other place
}

// naming names the secrets of sources. Sources of the same base whose values agree
// are one secret. If they do not agree, the project's own secret gets the base as its
// name, and those of services get SERVICE_BASE.
type naming struct {
	byBase map[string][]group
	taken  map[string]bool
}

type group struct {
	name    string
	value   secret.Value
	unset   bool // true if no source has the value that deploy will find
	from    []secret.Reference
	spare   bool // every entry of from is spare
	service string
}

// nameSources names the secrets of sources, which it sorts. It uses no name in taken.
func nameSources(sources []source, taken []string) *naming {
	n := &naming{byBase: map[string][]group{}, taken: map[string]bool{}}
	for _, name := range taken {
		n.taken[name] = true
	}
	slices.SortStableFunc(sources, compareSources)
	for _, s := range sources {
		n.add(s)
	}
	for _, base := range slices.Sorted(maps.Keys(n.byBase)) {
		groups := n.byBase[base]
		for i := range groups {
			groups[i].name = n.free(groups[i], base, len(groups) == 1)
		}
	}
	return n
}

// compareSources orders by base, then the project's own first, then by service and
// place. It does not look at values, because names must not depend on them.
func compareSources(a, b source) int {
	if a.base != b.base {
		return strings.Compare(a.base, b.base)
	}
	if a.service != b.service {
		return strings.Compare(a.service, b.service)
	}
	return strings.Compare(a.from.String(), b.from.String())
}

func (n *naming) add(s source) {
	groups := n.byBase[s.base]
	at := slices.IndexFunc(groups, func(g group) bool { return g.value.Equal(s.value) })
	if at < 0 {
		at = len(groups)
		groups = append(groups, group{value: s.value, unset: true, service: s.service})
		n.byBase[s.base] = groups
	}
	g := &groups[at]
	g.unset = g.unset && s.unset
	switch {
	case s.from.IsZero() || slices.ContainsFunc(g.from, s.from.Same):
	case len(g.from) == 0, g.spare && !s.spare:
		g.from, g.spare = []secret.Reference{s.from}, s.spare
	case g.spare == s.spare:
		g.from = append(g.from, s.from)
	}
}

// free returns the first name for g that is not taken, and takes it.
func (n *naming) free(g group, base string, alone bool) string {
	name := base
	if (!alone || n.taken[name]) && g.service != "" {
		name = transform.SecretName(g.service) + "_" + base
	}
	name = transform.FitName(name)
	for i := 2; n.taken[name]; i++ {
		name = transform.FitName(fmt.Sprintf("%s_%d", base, i))
	}
	n.taken[name] = true
	return name
}

// of returns the name of the secret that base and value belong to, "" if there is
// none.
func (n *naming) of(base string, value secret.Value) string {
	for _, g := range n.byBase[base] {
		if g.value.Equal(value) {
			return g.name
		}
	}
	return ""
}

// ofValue returns the name of the first secret, in order of base, with that value, or
// of which copies have it; "" if there is none.
func (n *naming) ofValue(value secret.Value, copies []Sealed) string {
	for _, base := range slices.Sorted(maps.Keys(n.byBase)) {
		for _, g := range n.byBase[base] {
			isCopy := func(copied Sealed) bool { return copied.Secret == g.name && copied.Value.Equal(value) }
			if g.value.Equal(value) || slices.ContainsFunc(copies, isCopy) {
				return g.name
			}
		}
	}
	return ""
}
