package prove

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// Want is what Compose gives one variable of one service, or with Secret instead of
// them what the secret of that name holds, "${NAME}" for one that deploy asks for.
// Whatever reads a secret that is not in the stack file, or that a template makes, is
// proved by its variables.
type Want struct {
	Secret   string
	Config   string // what the config of that name holds
	Service  string
	Image    string // as in the compose file, "" for a service that is built from source
	Variable string
	Value    secret.Value
}

// Sources resolves references to places of this machine. The values and the errors
// are in the order of refs, and an error quotes no value.
type Sources func(refs []secret.Reference) ([]secret.Value, []error)

// Lookup answers with a variable that the docker CLI fills in, and whether it is set.
type Lookup func(name string) (secret.Value, bool)

// Fault is a promise that the stack file does not keep.
type Fault struct {
	Service, Variable string
	Secret            string // "" when the variable reads none
	Config            string // "" for a variable or a secret
	Reason            string // half a sentence, without a value
}

// Bytes compares what each of wants gets from the stack file with what it is to get. skip are secrets whose source a person has changed, so that another
// value is meant. kept answers for variables that are no secrets and stay in the file
// as ${NAME}. Faults are in the order of wants. The error is a stack file that cannot
// be read.
func (p *Parsed) Bytes(wants []Want, skip map[string]bool, sources Sources, kept Lookup) ([]Fault, error) {
	f, err := open(p.docs)
	if err != nil {
		return nil, err
	}
	f.kept = kept
	f.resolve(sources, skip)
	var faults []Fault
	for _, want := range wants {
		if fault, ok := f.check(want); !ok {
			faults = append(faults, fault)
		}
	}
	return faults, nil
}

// file is a stack file with the values of its secrets.
type file struct {
	services map[string]stackfile.Service
	secrets  map[string]stackfile.Object
	configs  map[string]stackfile.Object
	shims    map[string]bool               // configs that deploy makes the shim of
	inlined  map[string][]secret.Reference // by the name of the variable
	held     map[string]content            // by the name of the secret

	heldConfigs map[string]content // by the name of the config
	kept        Lookup
}

// content is what a secret holds.
type content struct {
	value   secret.Value
	unasked bool  // not compared: it is in a secret manager, or a person wants another value
	fault   error // why it cannot be told; quotes no value
}

func open(docs []*yaml.Node) (*file, error) {
	stack, services, err := stackfile.ServicesOf(docs)
	if err != nil {
		return nil, err
	}
	f := &file{services: services, secrets: map[string]stackfile.Object{}, configs: map[string]stackfile.Object{}, shims: map[string]bool{}, inlined: map[string][]secret.Reference{}, held: map[string]content{}, heldConfigs: map[string]content{}}
	for _, object := range stack.Objects {
		if !object.Config {
			f.secrets[object.Name] = object
			continue
		}
		f.configs[object.Name] = object
		_, known := transform.ShimText(object.Pin)
		f.shims[object.Name] = object.Shim && known
	}
	for _, inline := range stack.Inlined {
		f.inlined[inline.Name] = inline.From
	}
	return f, nil
}

// resolve reads every secret that no template makes and that is not in skip, all
// references in one call.
func (f *file) resolve(sources Sources, skip map[string]bool) {
	var refs []secret.Reference
	for _, name := range slices.Sorted(maps.Keys(f.secrets)) {
		for _, ref := range f.secrets[name].From {
			if !skip[name] && !ref.IsManaged() {
				refs = append(refs, ref)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.inlined)) {
		refs = append(refs, f.inlined[name]...)
	}
	for _, name := range sortedKeys(f.configs) {
		refs = append(refs, f.configs[name].From...)
	}
	values, faults := sources(refs)
	known := map[string]content{}
	for i, ref := range refs {
		known[ref.String()] = content{value: values[i], fault: faults[i]}
	}
	for name, object := range f.secrets {
		switch {
		case skip[name]:
			f.held[name] = content{unasked: true}
		case !object.Template:
			f.held[name] = agreed(object.From, known)
		}
	}
	for name, object := range f.configs {
		f.heldConfigs[name] = agreed(object.From, known)
	}
	for name, from := range f.inlined {
		f.held["${"+name+"}"] = agreed(from, known)
	}
}

// agreed is the one value of several places; deploy refuses a secret whose places do
// not agree.
func agreed(from []secret.Reference, known map[string]content) content {
	if len(from) == 0 {
		return content{fault: fmt.Errorf("x-from: is missing")}
	}
	var first content
	for i, ref := range from {
		if ref.IsManaged() {
			return content{unasked: true}
		}
		next := known[ref.String()]
		if _, managed := secret.Managed(next.value.Reveal()); managed {
			return content{unasked: true}
		}
		switch {
		case next.fault != nil:
			return next
		case i == 0:
			first = next
		case !first.value.Equal(next.value):
			return content{fault: fmt.Errorf("x-from: %s and %s do not agree", from[0], ref)}
		}
	}
	return first
}

// check tells whether want gets its value, and why it does not.
func (f *file) check(want Want) (Fault, bool) {
	if want.Config != "" {
		return f.checkConfig(want)
	}
	if want.Secret != "" {
		held, found := f.held[want.Secret]
		reason := held.fails(want.Value)
		return Fault{Secret: want.Secret, Reason: reason}, !found || reason == ""
	}
	fault := Fault{Service: want.Service, Variable: want.Variable}
	service, found := f.service(want.Service)
	if !found {
		fault.Reason = "the service is missing"
		return fault, false
	}
	got := f.variable(service, want)
	fault.Secret, fault.Reason = got.secret, got.content.fails(want.Value)
	return fault, fault.Reason == ""
}

// fails says why c is not want, "" if it is or need not be.
func (c content) fails(want secret.Value) string {
	switch {
	case c.fault != nil:
		return c.fault.Error()
	case !c.unasked && !c.value.Equal(want):
		return differs(c.value, want)
	}
	return ""
}

// service finds the service by its name in the compose file. One with a name that
// Swarm refuses has another in the stack file, and the old one as an alias.
func (f *file) service(name string) (stackfile.Service, bool) {
	if service, found := f.services[name]; found {
		return service, true
	}
	for _, other := range slices.Sorted(maps.Keys(f.services)) {
		if slices.Contains(f.services[other].Aliases, name) {
			return f.services[other], true
		}
	}
	return stackfile.Service{}, false
}

// differs says how two values differ, without either.
func differs(got, want secret.Value) string {
	given, wanted := got.Reveal(), want.Reveal()
	switch {
	case given == "":
		return "it would be empty"
	case strings.TrimRight(given, "\r\n") == strings.TrimRight(wanted, "\r\n"):
		return "its trailing newlines differ"
	case strings.TrimSpace(given) == strings.TrimSpace(wanted):
		return "its leading or trailing blanks differ"
	}
	return "its value would differ"
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
