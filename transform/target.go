package transform

import (
	"fmt"
	"path"
)

// targets are the files in a service's /run/secrets: each secret is mounted once,
// and no two under one name.
type targets struct {
	of    map[string]string // secret → file name
	taken map[string]bool
}

// targetsOf starts with the secrets that the author gives the service.
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

// choose gives secret the file name wanted, or a free one like it, unless it has
// one. It returns the name.
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

// chooseAll sets the target of every plan. What an image insists on comes first,
// then the names that an application looks for; a path that we write ourselves
// can be any.
func (t targets) chooseAll(all []delivery) {
	for _, p := range all {
		if p.fixed != "" {
			t.choose(p.decision.Secret, p.fixed)
		}
	}
	for _, p := range all {
		if p.kind == DeliverFile {
			t.choose(p.decision.Secret, SecretName(p.decision.Name))
		}
	}
	for i, p := range all {
		all[i].target = t.choose(p.decision.Secret, p.decision.Secret)
	}
}

// reference is an entry of a service's secrets: block.
func reference(secret, target string) map[string]any {
	ref := map[string]any{"source": secret}
	if target != secret {
		ref["target"] = target
	}
	return ref
}
