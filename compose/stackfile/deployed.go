package stackfile

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/transform"
)

// Deployed is what a service of the stack files asks of the Swarm. Texts with a variable
// in them are left out: only the docker CLI knows what it gives them.
type Deployed struct {
	Name     string
	File     string // the first that has it
	Line     int
	Secrets  []Mount
	Configs  []Mount
	Networks []string // keys in networks:, sorted; nil for default
	Ports    []Port   // that it publishes, as written
	Files    []Named  // in order of variable
}

// Named is a variable whose value is the path of a file in /run/secrets.
type Named struct {
	Variable string
	Target   string // the file's name there
}

// Port is one published port.
type Port struct {
	Number   int
	Protocol string // tcp, udp or sctp
	Host     bool   // mode: host
}

// Network is a network that the stack files declare.
type Network struct {
	Name     string // key in networks:
	Object   string // name:, or ""
	External bool
}

// Local is a secret or config that the docker CLI makes from a file.
type Local struct {
	Config bool
	Name   string
	Path   string // as written
	File   string // that declares it
}

// ServiceNames returns the names of the services, sorted.
func (s Stack) ServiceNames() []string {
	names := make([]string, len(s.Services))
	for i, service := range s.Services {
		names[i] = service.Name
	}
	return names
}

// Declares reports whether the stack files declare a secret, or a config, of that name.
func (s Stack) Declares(config bool, name string) bool {
	return slices.ContainsFunc(s.Objects, func(o Object) bool { return o.Config == config && o.Name == name }) ||
		slices.ContainsFunc(s.Local, func(o Local) bool { return o.Config == config && o.Name == name })
}

// noteService notes what value, the service called key in the file at path, asks for.
// Of several files each adds to what those before it say.
func (r *reader) noteService(path string, key, value *yaml.Node) {
	service, known := r.services[key.Value]
	if !known {
		service = &Deployed{Name: key.Value, File: path, Line: key.Line}
		r.services[key.Value] = service
	}
	service.Secrets = addMounts(service.Secrets, mounts(document.Entry(value, "secrets")))
	service.Configs = addMounts(service.Configs, mounts(document.Entry(value, "configs")))
	variables := environment(document.Entry(value, "environment"))
	for _, variable := range slices.Sorted(maps.Keys(variables)) {
		if target, found := strings.CutPrefix(variables[variable], transform.SecretsDir); found && !strings.ContainsAny(target, "/$ ,:") {
			service.Files = append(service.Files, Named{variable, target})
		}
	}
	for _, name := range networkKeys(document.Entry(value, "networks")) {
		if !slices.Contains(service.Networks, name) {
			service.Networks = append(service.Networks, name)
		}
	}
	slices.Sort(service.Networks)
	for _, item := range document.Sequence(document.Entry(value, "ports")) {
		for _, port := range portsOf(item) {
			if !slices.Contains(service.Ports, port) {
				service.Ports = append(service.Ports, port)
			}
		}
	}
}

// addMounts adds more to all; of two of one name the later counts.
func addMounts(all, more []Mount) []Mount {
	for _, mount := range more {
		all = slices.DeleteFunc(all, func(m Mount) bool { return m.Name == mount.Name && !slices.Contains(more, m) })
		all = append(all, mount)
	}
	return slices.DeleteFunc(all, func(m Mount) bool { return hasVariable(m.Name) || hasVariable(m.Target) })
}

// hasVariable reports whether the docker CLI would interpolate text.
func hasVariable(text string) bool {
	parts, err := expression.Parse(text)
	return err != nil || slices.ContainsFunc(parts, func(p expression.Part) bool { return p.Name != "" })
}

// networkKeys reads networks: of a service, in either form.
func networkKeys(node *yaml.Node) []string {
	names := words(node)
	document.Each(node, func(key, _ *yaml.Node) { names = append(names, key.Value) })
	return slices.DeleteFunc(names, hasVariable)
}

// portsOf reads one entry of ports:, in either form. A port that the Swarm is to choose
// is none.
func portsOf(item *yaml.Node) []Port {
	if short := text(item); short != "" {
		return shortPorts(short)
	}
	number, err := strconv.Atoi(text(document.Entry(item, "published")))
	if err != nil || number == 0 {
		return nil
	}
	protocol := text(document.Entry(item, "protocol"))
	if protocol == "" {
		protocol = "tcp"
	}
	return []Port{{Number: number, Protocol: protocol, Host: text(document.Entry(item, "mode")) == "host"}}
}

// shortPorts reads [IP:][PUBLISHED:]TARGET[/PROTOCOL], where PUBLISHED may be a range.
func shortPorts(short string) []Port {
	short, protocol, found := strings.Cut(short, "/")
	if !found {
		protocol = "tcp"
	}
	parts := strings.Split(short, ":")
	if len(parts) < 2 {
		return nil
	}
	low, high, isRange := strings.Cut(parts[len(parts)-2], "-")
	if !isRange {
		high = low
	}
	first, err := strconv.Atoi(low)
	last, fault := strconv.Atoi(high)
	if err != nil || fault != nil || first == 0 || last > 65535 {
		return nil
	}
	var ports []Port
	for number := first; number <= last; number++ {
		ports = append(ports, Port{Number: number, Protocol: strings.ToLower(protocol)})
	}
	return ports
}

// noteDeclared notes the networks of doc, the file at path, and the secrets and configs
// that the docker CLI makes from files.
func (r *reader) noteDeclared(path string, doc *yaml.Node) {
	document.Each(document.Entry(doc, "networks"), func(key, value *yaml.Node) {
		external := document.Entry(value, "external")
		network := Network{Name: key.Value, Object: text(document.Entry(value, "name")), External: external != nil && text(external) != "false"}
		if network.Object == "" {
			network.Object = text(document.Entry(external, "name"))
		}
		r.networks[key.Value] = network
	})
	for block, config := range map[string]bool{"secrets": false, "configs": true} {
		document.Each(document.Entry(doc, block), func(key, value *yaml.Node) {
			if file := text(document.Entry(value, "file")); file != "" {
				r.local[objectKey{config, key.Value}] = Local{Config: config, Name: key.Value, Path: file, File: path}
			}
		})
	}
}

// declared fills in what noteService and noteDeclared noted.
func (r *reader) declared(stack *Stack) {
	for _, name := range slices.Sorted(maps.Keys(r.services)) {
		stack.Services = append(stack.Services, *r.services[name])
	}
	for _, name := range slices.Sorted(maps.Keys(r.networks)) {
		stack.Networks = append(stack.Networks, r.networks[name])
	}
	for _, local := range r.local {
		stack.Local = append(stack.Local, local)
	}
	slices.SortFunc(stack.Local, func(a, b Local) int { return strings.Compare(a.Name, b.Name) })
}
