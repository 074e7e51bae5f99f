package stackfile

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// Service is what one service of a stack file says about its variables and files.
type Service struct {
	Line        int
	Image       string
	Environment map[string]string // "$$" is still doubled; a bare key is missing
	Entrypoint  []string          // nil for none; a string is one word
	Command     []string          // as Entrypoint
	Unread      []string          // variables that nothing gives to the service
	Aliases     []string          // other names on its networks
	Secrets     []Mount
	Configs     []Mount
}

// Mount is a secret or config that a service refers to.
type Mount struct {
	Name   string // key in secrets: or configs:
	Target string // as written, else Name
}

// ParseServices reads content, the bytes of one stack file, as Parse does, and its
// services by name. No error quotes the text.
func ParseServices(content []byte) (Stack, map[string]Service, error) {
	docs, err := document.ParseFlat("", content)
	if err != nil {
		return Stack{}, nil, err
	}
	return ServicesOf(docs)
}

// ServicesOf is ParseServices of docs, which are parsed, and flat: document.Flatten.
func ServicesOf(docs []*yaml.Node) (Stack, map[string]Service, error) {
	if len(docs) != 1 {
		return Stack{}, nil, errors.New("the file is not one YAML document")
	}
	r := newReader()
	r.documents("", docs)
	stack, err := r.stack([]string{""})
	services := servicesOf(docs[0])
	for _, u := range stack.Unread {
		if service, found := services[u.Service]; found {
			service.Unread = u.Variables
			services[u.Service] = service
		}
	}
	return stack, services, err
}

func servicesOf(doc *yaml.Node) map[string]Service {
	services := map[string]Service{}
	document.Each(document.Entry(doc, "services"), func(key, value *yaml.Node) {
		services[key.Value] = Service{
			Line: key.Line, Image: text(document.Entry(value, "image")), Environment: environment(document.Entry(value, "environment")),
			Entrypoint: words(document.Entry(value, "entrypoint")), Command: words(document.Entry(value, "command")), Aliases: aliases(document.Entry(value, "networks")),
			Secrets: mounts(document.Entry(value, "secrets")), Configs: mounts(document.Entry(value, "configs")),
		}
	})
	return services
}

// environment reads either form of environment:.
func environment(node *yaml.Node) map[string]string {
	entries := map[string]string{}
	document.Each(node, func(key, value *yaml.Node) {
		if value.Tag != "!!null" {
			entries[key.Value] = value.Value
		}
	})
	for _, item := range document.Sequence(node) {
		if key, value, found := strings.Cut(document.Follow(item).Value, "="); found {
			entries[key] = value
		}
	}
	return entries
}

// aliases reads the aliases of all networks of a service.
func aliases(node *yaml.Node) []string {
	var all []string
	document.Each(node, func(_, network *yaml.Node) {
		all = append(all, words(document.Entry(network, "aliases"))...)
	})
	return all
}

// words reads a list of words, or one that is not split.
func words(node *yaml.Node) []string {
	if list := document.Sequence(node); list != nil {
		all := make([]string, len(list))
		for i, item := range list {
			all[i] = text(item)
		}
		return all
	}
	if word := text(node); word != "" {
		return []string{word}
	}
	return nil
}

// mounts reads secrets: or configs: of a service, in either form.
func mounts(node *yaml.Node) []Mount {
	var all []Mount
	for _, item := range document.Sequence(node) {
		mount := Mount{Name: text(item)}
		if source := document.Entry(item, "source"); source != nil {
			mount.Name = text(source)
		}
		if mount.Target = text(document.Entry(item, "target")); mount.Target == "" {
			mount.Target = mount.Name
		}
		all = append(all, mount)
	}
	return all
}
