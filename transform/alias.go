package transform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// aliases are further secrets for what a service reads as a second file. One secret
// could be mounted under two targets, but `docker stack deploy` sends references of
// the same secret in random order, so that every deploy would restart the service
// (docker/cli, cli/compose/convert: sorted by the secret's name alone). An alias is a
// template of the secret: it changes with it.
type aliases struct {
	of    map[[2]string]string // secret and target → its alias
	taken map[string]bool      // names of secrets
}

func (r *rewriter) startAliases() {
	r.aliases = aliases{of: map[[2]string]string{}, taken: map[string]bool{}}
	for name := range asMap(r.result.Model["secrets"]) {
		r.aliases.taken[name] = true
	}
	for _, declared := range r.decisions.Secrets {
		r.aliases.taken[declared.Name] = true
	}
	r.options.Templates = maps.Clone(r.options.Templates)
	if r.options.Templates == nil {
		r.options.Templates = map[string]string{}
	}
	r.decisions.Secrets = slices.Clone(r.decisions.Secrets)
}

// alias is the secret that a service mounts as target beside the secret called name:
// the same one for every service.
func (r *rewriter) alias(name, target string) string {
	key := [2]string{name, target}
	if alias, known := r.aliases.of[key]; known {
		return alias
	}
	plain := target
	if variables := ShimVariables(target); variables != nil {
		plain = SecretName(strings.Join(variables, "_") + "_" + shimFolder)
	}
	alias := FitName(plain)
	for i := 2; r.aliases.taken[alias]; i++ {
		alias = FitName(fmt.Sprintf("%s_%d", plain, i))
	}
	r.aliases.of[key], r.aliases.taken[alias] = alias, true
	text, isTemplate := r.options.Templates[name]
	if !isTemplate { // a template within a template is not filled in
		text = seal.Of(name)
	}
	r.options.Templates[alias] = text
	at, _ := slices.BinarySearchFunc(r.decisions.Secrets, name, func(d Declared, name string) int { return strings.Compare(d.Name, name) })
	declared := r.decisions.Secrets[at]
	declared.Name = alias
	at, _ = slices.BinarySearchFunc(r.decisions.Secrets, alias, func(d Declared, name string) int { return strings.Compare(d.Name, name) })
	r.decisions.Secrets = slices.Insert(r.decisions.Secrets, at, declared)
	return alias
}
