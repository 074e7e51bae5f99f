package transform

import (
	"fmt"
	"slices"
	"strings"
)

// targets are the files in a service's /run/secrets. Each secret is mounted once,
// and each name is taken once.
type targets struct {
	of      map[string]string // secret → file name
	taken   map[string]bool
	aliased map[string]string // file name → the secret whose alias has it
}

// targetsOf returns targets with the secrets that the author gives the service.
func targetsOf(refs []any) targets {
	t := targets{of: map[string]string{}, taken: map[string]bool{}, aliased: map[string]string{}}
	for _, ref := range refs {
		name := strings.TrimPrefix(targetIn(ref), SecretsDir)
		folder, _, _ := strings.Cut(name, "/")
		t.taken[name], t.taken[folder] = true, true
	}
	return t
}

// targetIn returns the target of an entry of secrets:.
func targetIn(ref any) string {
	name, _ := ref.(string)
	if long := asMap(ref); long != nil {
		if name, _ = long["target"].(string); name == "" {
			name, _ = long["source"].(string)
		}
	}
	return name
}

// choose returns the file name of secret: the one that it has, else wanted, else a
// free name like it.
func (t targets) choose(secret, wanted string) string {
	if name, ok := t.of[secret]; ok {
		return name
	}
	name := wanted
	if t.taken[name] {
		name = secret
	}
	for i := 2; t.taken[name]; i++ {
		name = fmt.Sprintf("%s_%d", secret, i)
	}
	t.of[secret], t.taken[name] = name, true
	return name
}

// chooseAll sets the target of every delivery. First come the names that an image
// needs, then those that an application or the shim looks for, in the order of ways. A
// path that the rewrite itself writes can be any.
func (t targets) chooseAll(all []delivery, alias func(secret, target string) string) {
	nameShimFiles(all)
	t.taken[shimFolder] = t.taken[shimFolder] || slices.ContainsFunc(all, func(p delivery) bool { return p.kind == DeliverEnv })
	for _, w := range ways {
		for i, p := range all {
			if target := w.target(p); p.kind == w.kind && target != "" {
				t.want(&all[i], target, alias)
			}
		}
	}
	for i, p := range all {
		all[i].target = t.choose(p.decision.Secret, p.decision.Secret)
	}
}

// want gives p the file called target. If its secret has another one in this service,
// the file is that of an alias.
func (t targets) want(p *delivery, target string, alias func(secret, target string) string) {
	of := p.decision.Secret
	if have, mounted := t.of[of]; mounted && have != target && (!t.taken[target] || t.aliased[target] == of) {
		p.decision.Secret, t.aliased[target] = alias(of, target), of
	}
	t.choose(p.decision.Secret, target)
}

// reference returns an entry of a service's secrets: block.
func reference(secret, target string) map[string]any {
	ref := map[string]any{"source": secret}
	if target != secret {
		ref["target"] = target
	}
	return ref
}
