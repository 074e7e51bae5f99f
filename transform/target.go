package transform

import (
	"fmt"
	"path"
)

// targets are the files in a service's /run/secrets. Each secret is mounted once,
// and each name is taken once.
type targets struct {
	of    map[string]string // secret → file name
	taken map[string]bool
}

// targetsOf returns targets with the secrets that the author gives the service.
func targetsOf(refs []any) targets {
	t := targets{of: map[string]string{}, taken: map[string]bool{}}
	for _, ref := range refs {
		name, _ := ref.(string)
		if long := asMap(ref); long != nil {
			if name, _ = long["target"].(string); name == "" {
				name, _ = long["source"].(string)
			}
		}
		t.taken[path.Base(name)] = true
	}
	return t
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
// needs, then those that an application looks for, in the order of ways. A path that the rewrite itself
// writes can be any. A file that needs a name of its own, of a secret that has another
// name in this service, is that of an alias.
func (t targets) chooseAll(all []delivery, alias func(secret, target string) string) {
	want := func(p *delivery, target string) {
		if have, mounted := t.of[p.decision.Secret]; mounted && have != target && !t.taken[target] {
			p.decision.Secret = alias(p.decision.Secret, target)
		}
		t.choose(p.decision.Secret, target)
	}
	for _, w := range ways {
		for i, p := range all {
			if target := w.target(p); p.kind == w.kind && target != "" {
				want(&all[i], target)
			}
		}
	}
	for i, p := range all {
		all[i].target = t.choose(p.decision.Secret, p.decision.Secret)
	}
}

// reference returns an entry of a service's secrets: block.
func reference(secret, target string) map[string]any {
	ref := map[string]any{"source": secret}
	if target != secret {
		ref["target"] = target
	}
	return ref
}
