package transform

import (
	"maps"
	"slices"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// freeParts lets templates find the secrets that they are made of. A template names
// files, and so each of its parts must be in the same file in every service that has the
// template. A file of the shim's folder can be that only if all of them read the same
// variables from it: elsewhere it would become a variable that the application does not
// have. If they do not, an alias takes its place in the shim's folder, and the secret is
// free to have another file.
func (r *rewriter) freeParts() {
	services := asMap(r.result.Model["services"])
	readers := r.readers()
	for _, part := range slices.Sorted(maps.Keys(readers)) {
		users := slices.Sorted(maps.Keys(readers[part]))
		if sameTarget(services, users, part) {
			continue
		}
		for _, user := range users {
			if target := targetOf(asMap(services[user]), part); ShimVariables(target) != nil {
				r.giveAlias(asMap(services[user]), user, part, target)
			}
		}
	}
}

// readers returns the services that need each secret because a template of theirs, a
// secret or a config, is made of it.
func (r *rewriter) readers() map[string]map[string]bool {
	readers := map[string]map[string]bool{}
	add := func(text string, users []string) {
		for _, part := range seal.Names(text) {
			for _, user := range users {
				if readers[part] == nil {
					readers[part] = map[string]bool{}
				}
				readers[part][user] = true
			}
		}
	}
	for name, text := range r.options.Templates {
		add(text, r.used[name])
	}
	for name, config := range asMap(r.result.Model["configs"]) {
		content, _ := asMap(config)["content"].(string)
		add(content, configUsers(asMap(r.result.Model["services"]), name))
	}
	return readers
}

// sameTarget reports whether all of users have the secret in the same file, or none has
// it.
func sameTarget(services map[string]any, users []string, secret string) bool {
	first := targetOf(asMap(services[users[0]]), secret)
	return !slices.ContainsFunc(users, func(user string) bool { return targetOf(asMap(services[user]), secret) != first })
}

// giveAlias puts an alias of the secret in the place of target in service, which is
// called user. The secret itself is not in the service any more.
func (r *rewriter) giveAlias(service map[string]any, user, secret, target string) {
	alias := r.alias(secret, target)
	refs := slices.Clone(asList(service["secrets"]))
	at := slices.IndexFunc(refs, func(ref any) bool { return asMap(ref)["source"] == secret })
	refs[at] = reference(alias, target)
	service["secrets"] = refs
	if r.used[secret] = slices.DeleteFunc(r.used[secret], func(name string) bool { return name == user }); len(r.used[secret]) == 0 {
		delete(r.used, secret)
	}
	r.used[alias] = append(r.used[alias], user)
	for i, d := range r.result.Delivered {
		if d.Service == user && d.Target == target {
			r.result.Delivered[i].Secret = alias
		}
	}
}
