package lower

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

func lowerVolume(l *lowering, at place, _ string, in map[string]any) (map[string]any, bool) {
	out := l.object(at, in)
	external, err := boolean(in["external"])
	switch {
	case in["external"] != nil && err != nil:
		l.refuse(at.key("external"), err.Error())
	case external == true:
		return externalOf(out, "name"), true // with a driver, options or labels the stack does not load
	case out["driver_opts"] == nil && (out["driver"] == nil || out["driver"] == "local"):
		l.note(at, "local-volume", "every node has its own local volume; pin the service to a node with a placement constraint, or use a shared volume driver")
	}
	return out, true
}

// lowerSecret makes every secret external but those of a driver. docker secrets
// deploy creates them, in versions.
func lowerSecret(l *lowering, at place, name string, in map[string]any) (map[string]any, bool) {
	out := l.object(at, in)
	if says(in["driver"]) {
		for _, key := range []string{"file", "environment"} {
			if says(in[key]) {
				l.lose(at.key(key), "dropped-source", "dropped: the driver provides the secret, and a stack takes one source")
			}
		}
		return out, true
	}
	if _, err := truth(l, at, in); err != nil {
		return nil, false
	}
	l.source(at, in, out)
	if out["template_driver"] != nil {
		l.lose(at.key("template_driver"), "no-equivalent", "dropped: the secret would hold a template's text, not its result; write the text as x-template")
	}
	l.madeExternal(at, name, out)
	return out, true
}

// madeExternal reduces an object that docker secrets deploy creates to the keys that
// deploy reads.
func (l *lowering) madeExternal(at place, name string, out map[string]any) {
	out["external"] = true
	if out["labels"] != nil {
		l.note(at.key("labels"), "dropped-labels", "docker secrets deploy gives what it creates labels of its own only")
	}
	for _, key := range []string{"driver_opts", "labels", "template_driver"} {
		delete(out, key)
	}
	l.fitName(at, name, out)
}

// truth reads external:.
func truth(l *lowering, at place, in map[string]any) (bool, error) {
	if in["external"] == nil {
		return false, nil
	}
	v, err := boolean(in["external"])
	if err != nil {
		l.refuse(at.key("external"), err.Error())
	}
	return v == true, err
}

// source writes x-from:, where the value comes from.
func (l *lowering) source(at place, in, out map[string]any) {
	if out["x-from"] != nil {
		return
	}
	for _, s := range []struct{ key, scheme string }{{"file", "file"}, {"environment", "env"}} {
		if place, _ := in[s.key].(string); place != "" {
			ref := secret.Reference{Scheme: s.scheme, Path: place}
			out["x-from"] = ref.String()
			l.note(at.key(s.key), "external", "now external: docker secrets deploy creates it from there")
			return
		}
	}
}

// fitName writes a name: for an object if the Swarm does not accept the one that it has,
// or its key.
func (l *lowering) fitName(at place, key string, out map[string]any) {
	if name := orElse(out["name"], key); secret.CheckName(name) == nil {
		return
	}
	fit := key
	if len(fit) > secret.MaxNameLen {
		fit = fit[:secret.MaxNameLen]
	}
	fit = strings.Trim(fit, "._-")
	if fit == "" || out["name"] != nil {
		l.refuse(at, "not a valid Swarm name; give it another one with name:")
		return
	}
	for n, short := 2, fit; l.named(at, fit); n++ {
		suffix := fmt.Sprintf("-%d", n)
		fit = short[:min(len(short), secret.MaxNameLen-len(suffix))] + suffix
	}
	out["name"] = fit
	l.given[at.path] = fit
	l.note(at, "renamed", "not a valid Swarm name; it is called "+fit+" there")
}

// named reports whether an object beside the one at the place has that name, or was given
// it.
func (l *lowering) named(at place, name string) bool {
	kind, _, _ := strings.Cut(at.path, ".")
	objects, _ := l.model[kind].(map[string]any)
	for key, entry := range objects {
		object, _ := entry.(map[string]any)
		if orElse(object["name"], key) == name {
			return true
		}
		if l.given[kind+"."+key] == name {
			return true
		}
	}
	return false
}

// list lowers the entries of a service's secrets or configs.
func list(lower func(l *lowering, at place, entry any) (any, bool)) lowerFunc {
	return func(l *lowering, at place, value any) (any, bool) {
		in, ok := value.([]any)
		if !ok {
			l.refuse(at, "not a list")
			return nil, false
		}
		out := []any{}
		seen := map[string]bool{}
		for i, entry := range in {
			lowered, ok := lower(l, at.item(i), entry)
			if !ok {
				continue
			}
			if name := grantSource(lowered); seen[name] {
				l.lose(at.item(i), "granted-twice", "kept, but Swarm confuses owner and mode of two files of one object, and restarts the tasks at every deploy; declare it twice, or read one file")
			} else {
				seen[name] = true
			}
			out = append(out, lowered)
		}
		return out, len(out) > 0
	}
}

// lowerGrant returns one secret or config of a service, in the short form if it has
// nothing but a name.
func lowerGrant(l *lowering, at place, entry any) (any, bool) {
	if name, ok := entry.(string); ok {
		return name, name != ""
	}
	in, _ := entry.(map[string]any)
	out := l.object(at, in)
	name, ok := out["source"].(string)
	if !ok {
		l.refuse(at, "no source")
		return nil, false
	}
	if len(out) == 1 {
		return name, true
	}
	return out, true
}

func grantSource(entry any) string {
	if long, ok := entry.(map[string]any); ok {
		entry = long["source"]
	}
	name, _ := entry.(string)
	return name
}

func numericID(l *lowering, at place, value any) (any, bool) {
	id := fmt.Sprint(value)
	if _, err := strconv.ParseUint(id, 10, 32); err != nil {
		l.lose(at, "no-equivalent", "dropped: Swarm takes numbers only, and the tasks fail with a name; write the number")
		return nil, false
	}
	return id, true
}

// fileMode returns a number, or the number that octal digits are.
func fileMode(value any) (any, error) {
	if s, ok := value.(string); ok {
		n, err := strconv.ParseUint(strings.TrimPrefix(s, "0o"), 8, 32)
		if err != nil {
			return nil, errors.New("not an octal file mode")
		}
		return int(n), nil
	}
	return integer(value)
}
