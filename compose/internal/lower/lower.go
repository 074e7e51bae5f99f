package lower

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Options are what Lower cannot see in the model.
type Options struct {
	// Project is the name of the Compose project: PROJECT-SERVICE is the image of a
	// service that is built and has no image:, and it becomes x-stack:, the default
	// name of the stack. When empty, the model's name: stands in for it.
	Project string
}

// Change is one thing that Lower did which the author should know of.
type Change struct {
	Code    string // stable, kebab-case
	Service string // name in the Compose file, "" for the top level
	Path    string // in the model: services.web.ports[0].host_ip
	Message string // one line: what was done and what to do about it; quotes no long or secret value
	Loss    bool   // something that works under Compose does not work on the Swarm
}

// Lower returns the stack for model, which is what compose-go's
// LoadModelWithContext returns without normalisation, defaults and resolved paths,
// with the inactive profiles taken out. A model that Lower returned may be lowered
// again and stays as it is. The model is not changed and shares nothing
// with the stack.
//
// The changes are sorted by service, path and code. An error says what in the model
// no Swarm and no Compose could run (a duration that is none, an undefined volume),
// all of it at once; stack is then nil.
func Lower(model map[string]any, opts Options) (stack map[string]any, changes []Change, err error) {
	l := &lowering{opts: opts, model: model, rules: indexRules(rules()), services: map[string]*service{}, given: map[string]string{}, version: versionBase}
	if l.opts.Project == "" {
		l.opts.Project, _ = model["name"].(string)
	}
	l.stack = l.object(place{}, model)
	for _, step := range steps {
		step(l)
	}
	slices.SortStableFunc(l.changes, func(a, b Change) int {
		return cmp.Or(strings.Compare(a.Service, b.Service), comparePaths(a.Path, b.Path), strings.Compare(a.Code, b.Code))
	})
	if len(l.faults) > 0 {
		return nil, nil, l.fault()
	}
	return l.stack, l.changes, nil
}

// comparePaths sorts volumes[9] before volumes[10].
func comparePaths(a, b string) int {
	for a != "" && b != "" {
		an, bn := digits(a), digits(b)
		if an > 0 && bn > 0 {
			if c := cmp.Or(cmp.Compare(an, bn), strings.Compare(a[:an], b[:bn])); c != 0 {
				return c
			}
			a, b = a[an:], b[bn:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits returns how many digits s begins with.
func digits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

// lowering is the state of one call of Lower.
type lowering struct {
	opts     Options
	model    map[string]any
	rules    map[string]*below   // by parent
	services map[string]*service // by the name in the Compose file
	given    map[string]string   // names that were made up, by the object's path
	stack    map[string]any
	version  string // lowest schema version that has every key of the stack
	changes  []Change
	faults   []string
}

// service is what is known of a service after the tables (one key at a time), for the
// steps (all services at once).
type service struct {
	name     string
	in       map[string]any
	out      map[string]any
	mounts   []mount
	ports    []port
	networks map[string]map[string]any // what it joins, with the options
	mode     string                    // network_mode
	aliases  []string                  // other names that it must answer to
}

// steps do what needs more than one key, each with the results of those before it.
//
//nolint:gochecknoglobals // a table, never written
var steps = []func(*lowering){
	(*lowering).shareMounts,
	(*lowering).joinNetworks,
	(*lowering).linkNames,
	(*lowering).setRestart,
	(*lowering).setModes,
	(*lowering).publishPorts,
	(*lowering).renameServices,
	(*lowering).checkReferences,
	(*lowering).assemble,
}

// place is where the walk is: in the model for the reader, in the tables for the rule.
type place struct {
	svc  *service // nil at the top level
	path string
	rule string
}

func (p place) key(name string) place { return place{p.svc, join(p.path, name), join(p.rule, name)} }

// named is the entry of a mapping whose keys are the author's.
func (p place) named(name string) place { return place{p.svc, join(p.path, name), join(p.rule, "*")} }

func (p place) item(i int) place {
	return place{p.svc, fmt.Sprintf("%s[%d]", p.path, i), p.rule + "[]"}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// note records a change that loses nothing.
func (l *lowering) note(at place, code, message string) { l.record(at, code, message, false) }

// lose records a change that takes something from the author.
func (l *lowering) lose(at place, code, message string) { l.record(at, code, message, true) }

func (l *lowering) record(at place, code, message string, loss bool) {
	c := Change{Code: code, Path: at.path, Message: message, Loss: loss}
	if at.svc != nil {
		c.Service = at.svc.name
	}
	l.changes = append(l.changes, c)
}

// refuse records what makes the model impossible to lower. It never quotes a value.
func (l *lowering) refuse(at place, what string) {
	l.faults = append(l.faults, at.path+": "+what)
}

func (l *lowering) fault() error {
	slices.Sort(l.faults)
	var errs []error
	for _, text := range slices.Compact(l.faults) {
		errs = append(errs, errors.New(text))
	}
	return errors.Join(errs...)
}
