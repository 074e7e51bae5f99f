package compose

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
)

// firstFault returns the error that a load of s by model, which failed with cause, is to
// report: the same one at every run. cause is returned where a file has !reset or
// !override, or several documents, and if it is the fence's: that names a file already.
func (s *sources) firstFault(ctx context.Context, cause error, env map[string]string, substitute substitution) error {
	if _, ok := errors.AsType[refusedError](cause); ok || errors.Is(cause, expression.ErrLong) {
		return cause
	}
	whole := map[string]any{}
	for _, file := range s.files {
		if file.decoded.config == nil {
			return sortedProperties(cause)
		}
		join(whole, file.decoded.config(), 0)
	}
	n := narrowing{whole: whole, fails: func(path, keys []string) error {
		files := s.configFiles()
		for i, file := range files {
			config := file.Config
			files[i].Config = picked(cloneMap(config), path, keys, func(above []string) []string { return s.needs(whole, above, path, keys) })
		}
		_, _, err := s.modelOf(ctx, files, env, substitute)
		return err
	}}
	return n.first(cause)
}

// needs returns the entries below above without which what is picked fails for another
// reason: the services that it extends, and in a service the name of what it extends.
func (s *sources) needs(whole map[string]any, above, path, keys []string) []string {
	switch {
	case len(above) == 2 && above[0] == "services":
		return []string{"extends"}
	case len(above) == 1 && above[0] == "services":
		chosen := keys
		if len(path) > 1 {
			chosen = path[1:2]
		}
		return extendedBy(mapping(whole["services"]), chosen)
	case len(above) == 0 && len(path) > 0 && path[0] == "services" && mapping(whole["services"]) != nil && whole["include"] != nil:
		return []string{"include"} // a service may extend one that is included
	}
	return nil
}

// extendedBy returns the services of the same file that services extend, also by way of
// others.
func extendedBy(all map[string]any, services []string) []string {
	var bases []string
	for pending := services; len(pending) > 0; pending = pending[1:] {
		extends := mapping(all[pending[0]])["extends"]
		base, ok := extends.(string)
		if long := mapping(extends); long != nil && long["file"] == nil {
			base, ok = long["service"].(string)
		}
		if ok && !slices.Contains(bases, base) {
			bases = append(bases, base)
			pending = append(slices.Clone(pending), base)
		}
	}
	return bases
}

// join adds the entries of from to into, down to those of services.
func join(into, from map[string]any, depth int) {
	for key, value := range from {
		known, added := mapping(into[key]), mapping(value)
		if known == nil || added == nil || depth == maxNarrowing {
			into[key] = value
			continue
		}
		known = maps.Clone(known)
		join(known, added, depth+1)
		into[key] = known
	}
}

// firstChecked returns the error that check, which failed with cause, is to report.
func (s *sources) firstChecked(cause error, model map[string]any, name string, env map[string]string) error {
	n := narrowing{whole: model, fails: func(path, keys []string) error {
		few := picked(model, path, keys, func(above []string) []string {
			if len(above) == 2 && above[0] == "services" {
				return []string{"image", "build", "provider", "profiles"}
			}
			return nil
		})
		for _, kind := range []string{"services", "networks", "volumes", "configs", "secrets", "models"} {
			few[kind] = withStubs(mapping(few[kind]), mapping(model[kind]), kind)
		}
		return s.checkModel(few, name, env)
	}}
	return n.first(cause)
}

// withStubs returns entries, with the least that compose-go accepts in the place of those
// of all that are not in it: they can be referred to, and have no faults.
func withStubs(entries, all map[string]any, kind string) map[string]any {
	stubbed := maps.Clone(entries)
	if stubbed == nil {
		stubbed = map[string]any{}
	}
	for key, value := range all {
		if _, ok := stubbed[key]; ok {
			continue
		}
		switch kind {
		case "services":
			stub := map[string]any{"image": "scratch"}
			if mapping(value)["build"] != nil {
				stub = map[string]any{"build": map[string]any{"context": "."}}
			}
			if profiles, ok := mapping(value)["profiles"]; ok {
				stub["profiles"] = profiles
			}
			stubbed[key] = stub
		case "models":
			stubbed[key] = value
		default:
			stubbed[key] = map[string]any{"external": true}
		}
	}
	return stubbed
}
