package transform

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Rewritten is a sealed model whose seals have become secrets: blocks.
type Rewritten struct {
	Model     map[string]any
	Delivered []Delivered // sorted by service and variable
	Secrets   []Used      // what the model declares of ours, sorted by name
	Inlined   []Inlined   // sorted by name
	Unread    []Unread    // in order of service
	Renamed   []Renamed   // in order of service: which variable replaces which
	Images    []string    // services in which Options.Images made a difference, sorted
	Warnings  []Warning   // in order of service and path
}

// Rewrite moves every variable that decisions moves from environment to a secret,
// delivered as its service can read it. Commands and healthchecks read theirs when
// they run. model comes from compose.Seal; it is not changed. The error lists every
// name that the Swarm would reject, and every delivery that the user wants and that
// is not possible.
func Rewrite(model map[string]any, decisions Decisions, options Options) (Rewritten, error) {
	r := &rewriter{
		decisions: decisions, options: options, used: map[string][]string{}, template: map[string]string{},
		result: Rewritten{Model: shallow(model)},
	}
	r.startAliases()
	services := shallow(asMap(model["services"]))
	r.shells = shellsOf(services)
	for _, name := range slices.Sorted(maps.Keys(services)) {
		services[name] = r.service(name, asMap(services[name]))
	}
	if len(services) > 0 {
		r.result.Model["services"] = services
	}
	r.freeParts()
	r.configs()
	r.templates()
	r.warnHeld()
	r.prefixOwn()
	r.declare()
	r.inline()
	slices.SortStableFunc(r.result.Warnings, func(a, b Warning) int { return strings.Compare(a.Service, b.Service) })
	return r.result, r.check()
}

type rewriter struct {
	decisions Decisions
	options   Options
	used      map[string][]string // secret → services
	template  map[string]string   // secret → the text that the Engine makes it of
	shells    map[string]bool     // the images of which a service shows that they have a shell
	shim      string              // the config that holds the shim, once a service needs it
	aliases   aliases
	faults    []error
	result    Rewritten
}

// of returns the decisions of one service.
func (r *rewriter) of(service string) []Decision {
	all := r.decisions.Variables
	from, _ := slices.BinarySearchFunc(all, service, func(d Decision, s string) int { return strings.Compare(d.Service, s) })
	to := from
	for to < len(all) && all[to].Service == service {
		to++
	}
	return all[from:to]
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
		entry := map[string]any{"external": true}
		if text, made := r.template[declared.Name]; made {
			entry["x-template"] = text
		} else {
			entry["x-from"] = references(declared.From)
		}
		if r.options.Prefix != "" {
			entry["name"] = r.options.Prefix + declared.Name
		}
		block[declared.Name] = entry
		r.result.Secrets = append(r.result.Secrets, Used{Declared: declared, Services: services})
	}
	r.result.Model["secrets"] = block
}

// prefixOwn puts the prefix before the names of the application's own secrets and
// configs that deploy creates.
func (r *rewriter) prefixOwn() {
	if r.options.Prefix == "" {
		return
	}
	for _, kind := range []string{"configs", "secrets"} {
		block := shallow(asMap(r.result.Model[kind]))
		for name, value := range block {
			entry := asMap(value)
			isExternal := entry["external"] == true && entry["x-content"] == nil && entry["x-template"] == nil
			if entry == nil || isExternal || entry["name"] != nil || entry["driver"] != nil {
				continue
			}
			entry = shallow(entry)
			entry["name"] = r.options.Prefix + name
			block[name] = entry
		}
		if len(block) > 0 {
			r.result.Model[kind] = block
		}
	}
}

// references returns x-from: one reference as a string, several as a list.
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

func (r *rewriter) fault(format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf(format, args...))
}

// check returns the faults, joined, with every name that the Swarm would reject.
func (r *rewriter) check() error {
	for _, used := range r.result.Secrets {
		if err := secret.CheckName(r.options.Prefix + used.Name); err != nil {
			r.faults = append(r.faults, err)
		}
	}
	return errors.Join(r.faults...)
}

func asMap(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}

// asList returns value as a list, nil if it is none.
func asList(value any) []any {
	list, _ := value.([]any)
	return list
}

// shallow returns a copy of m, so that its entries can be replaced.
func shallow(m map[string]any) map[string]any {
	copied := make(map[string]any, len(m))
	maps.Copy(copied, m)
	return copied
}
