package transform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Rewritten is a sealed model whose secrets have become secrets: blocks.
type Rewritten struct {
	Model     map[string]any
	Delivered []Delivered // sorted by service and variable
	Secrets   []Used      // what the model declares of ours, sorted by name
	Inlined   []Inlined   // sorted by name
	Renamed   []Renamed   // for the writer: what stands in whose place
	Warnings  []Warning   // in order of service and path
}

// Rewrite moves every variable that decisions moves from environment to a
// secret, delivered as its service can read it. model comes from compose.Seal and
// is not changed. prefix stands before each secret's name on the Swarm. The error
// lists every name that the Swarm would refuse.
func Rewrite(model map[string]any, decisions Decisions, prefix string) (Rewritten, error) {
	r := &rewriter{
		decisions: decisions, prefix: prefix, used: map[string][]string{},
		result: Rewritten{Model: shallow(model)},
	}
	services := shallow(asMap(model["services"]))
	for _, name := range sortedKeys(services) {
		services[name] = r.service(name, asMap(services[name]))
	}
	if len(services) > 0 {
		r.result.Model["services"] = services
	}
	r.declare()
	r.inline()
	return r.result, r.checkNames()
}

type rewriter struct {
	decisions Decisions
	prefix    string
	used      map[string][]string // secret → services
	result    Rewritten
}

// service is a copy of from with its moved variables delivered.
func (r *rewriter) service(name string, from map[string]any) map[string]any {
	to := shallow(from)
	environment := newBlock(from["environment"])
	var moved []Decision
	for _, d := range r.of(name) {
		switch {
		case d.Unset:
			environment.remove(d.Name)
			r.warn("unset-secret", d, fmt.Sprintf("%s is a secret and has no value: it is not declared and not written; give it a value and migrate again", d.Name))
		case d.Secret != "":
			moved = append(moved, d)
		}
	}
	if len(moved) > 0 {
		to["secrets"] = r.deliver(environment, moved, listOf(from["secrets"]))
		r.warnUses(name, from, moved)
	}
	to["environment"] = environment.value()
	if to["environment"] == nil {
		delete(to, "environment")
	}
	return to
}

// of are the decisions of one service.
func (r *rewriter) of(service string) []Decision {
	all := r.decisions.Variables
	from, _ := slices.BinarySearchFunc(all, service, func(d Decision, s string) int { return strings.Compare(d.Service, s) })
	to := from
	for to < len(all) && all[to].Service == service {
		to++
	}
	return all[from:to]
}

// deliver edits environment and returns the service's secrets: block, one
// reference a secret: a second one would make Swarm restart tasks at random.
func (r *rewriter) deliver(environment *block, moved []Decision, refs []any) []any {
	slices.SortStableFunc(moved, func(a, b Decision) int {
		switch {
		case a.fromEnvFile() == b.fromEnvFile():
			return 0
		case b.fromEnvFile():
			return -1
		}
		return 1
	})
	refs = slices.Clone(refs)
	referred := map[string]bool{}
	for _, p := range plans(moved) {
		d := p.decision
		delivery := DeliverFile
		if p.isNative {
			delivery = DeliverNative
			key, text := p.variable()
			environment.put(d.Name, key, text)
			r.result.Renamed = append(r.result.Renamed, Renamed{Service: d.Service, From: d.Name, To: key})
		} else {
			environment.remove(d.Name)
			environment.put(useDockerSecrets, useDockerSecrets, "true")
			r.warnFile(p)
		}
		if !referred[d.Secret] {
			referred[d.Secret] = true
			refs = append(refs, p.reference())
		}
		r.use(d.Secret, d.Service)
		r.result.Delivered = append(r.result.Delivered, Delivered{
			Service: d.Service, Variable: d.Name, Secret: d.Secret, Delivery: delivery, Target: p.target,
		})
	}
	return refs
}

func (r *rewriter) use(name, service string) {
	if !slices.Contains(r.used[name], service) {
		r.used[name] = append(r.used[name], service)
	}
}

// declare adds the secrets in use to the top-level secrets: block.
func (r *rewriter) declare() {
	if len(r.used) == 0 {
		return
	}
	block := shallow(asMap(r.result.Model["secrets"]))
	for _, declared := range r.decisions.Secrets {
		services, ok := r.used[declared.Name]
		if !ok {
			continue
		}
		entry := map[string]any{"external": true, "x-from": references(declared.From)}
		if r.prefix != "" {
			entry["name"] = r.prefix + declared.Name
		}
		block[declared.Name] = entry
		r.result.Secrets = append(r.result.Secrets, Used{Declared: declared, Services: services})
	}
	r.result.Model["secrets"] = block
}

// references is x-from: one reference as a string, several as a list.
func references(from []secret.Reference) any {
	if len(from) == 1 {
		return from[0].String()
	}
	all := make([]any, len(from))
	for i, ref := range from {
		all[i] = ref.String()
	}
	return all
}

// checkNames lists every name that the Swarm would refuse.
func (r *rewriter) checkNames() error {
	var faults []string
	for _, used := range r.result.Secrets {
		if err := secret.CheckName(r.prefix + used.Name); err != nil {
			faults = append(faults, err.Error())
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return fmt.Errorf("%s", strings.Join(faults, "\n"))
}

func asMap(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}

// listOf is value as a list, nil when it is none.
func listOf(value any) []any {
	list, _ := value.([]any)
	return list
}

// shallow copies m, so that its entries can be replaced.
func shallow(m map[string]any) map[string]any {
	copied := make(map[string]any, len(m))
	for key, value := range m {
		copied[key] = value
	}
	return copied
}
