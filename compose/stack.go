package compose

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Stack is what deploy needs to know of one or several stack files. Values of
// "$$" are read back as "$".
type Stack struct {
	Name      string          // x-stack:, "" when no file says it
	Files     []string        // as given
	Secrets   []StackSecret   // sorted by name
	Inlined   []StackInline   // sorted by name
	Variables []StackVariable // what the docker CLI would interpolate, in order of file and line
}

// StackVariable is one ${NAME} without a default.
type StackVariable struct {
	Name string
	File string
	Line int
}

// StackSecret is one external secret that a stack file declares.
type StackSecret struct {
	Name     string             // key in secrets:
	Pin      string             // name:, "" for none
	From     []secret.Reference // x-from:, nil for none
	Services []string           // that refer to it, sorted
	File     string             // where it is declared
	Line     int
}

// StackInline is one ${NAME} that deploy has to be allowed to fill in.
type StackInline struct {
	Name string
	From []secret.Reference
}

// ReadStack reads the stack files at paths; of several that declare the same
// secret the last one counts. Errors name file and line; several are joined.
func ReadStack(paths []string) (Stack, error) {
	stack := Stack{Files: paths}
	r := stackReader{secrets: map[string]StackSecret{}, inlined: map[string]StackInline{}, users: map[string][]string{}}
	for _, path := range paths {
		r.read(path)
		if r.name != "" {
			stack.Name = r.name
		}
	}
	for name, one := range r.secrets {
		one.Services = r.users[name]
		slices.Sort(one.Services)
		one.Services = slices.Compact(one.Services)
		stack.Secrets = append(stack.Secrets, one)
	}
	for _, one := range r.inlined {
		stack.Inlined = append(stack.Inlined, one)
	}
	stack.Variables = r.variables
	slices.SortFunc(stack.Secrets, func(a, b StackSecret) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(stack.Inlined, func(a, b StackInline) int { return strings.Compare(a.Name, b.Name) })
	return stack, errors.Join(r.faults...)
}

type stackReader struct {
	name      string
	secrets   map[string]StackSecret
	inlined   map[string]StackInline
	users     map[string][]string // secret → services
	variables []StackVariable
	faults    []error
}

func (r *stackReader) read(path string) {
	content, err := os.ReadFile(path)
	if err != nil {
		r.faults = append(r.faults, fmt.Errorf("%w; migrate makes it: docker secrets migrate", fileError(path, err)))
		return
	}
	docs, err := parseDocuments(path, content)
	if err != nil {
		r.faults = append(r.faults, err)
		return
	}
	for _, doc := range docs {
		r.interpolated(path, doc)
		if name := text(entryOf(doc, "x-stack")); name != "" {
			r.name = name
		}
		eachEntry(entryOf(doc, "secrets"), func(key, value *yaml.Node) { r.secret(path, key, value) })
		eachEntry(entryOf(doc, "x-inline"), func(key, value *yaml.Node) {
			r.inlined[key.Value] = StackInline{Name: key.Value, From: r.references(path, value)}
		})
		eachEntry(entryOf(doc, "services"), func(service, value *yaml.Node) { r.refs(service.Value, value) })
	}
}

func (r *stackReader) secret(path string, key, value *yaml.Node) {
	external := entryOf(value, "external")
	if external == nil || text(external) == "false" {
		return
	}
	pin := text(entryOf(value, "name"))
	if pin == "" {
		pin = text(entryOf(external, "name"))
	}
	r.secrets[key.Value] = StackSecret{
		Name: key.Value, Pin: pin, From: r.references(path, entryOf(value, "x-from")), File: path, Line: key.Line,
	}
}

// interpolated notes each variable without a default, once a line.
func (r *stackReader) interpolated(path string, node *yaml.Node) {
	if node.Kind == yaml.ScalarNode {
		parts, err := parseTemplate(node.Value)
		if err != nil {
			r.faults = append(r.faults, fmt.Errorf("%s:%d: %w", path, node.Line, err))
		}
		for _, p := range parts {
			v := StackVariable{Name: p.name, File: path, Line: node.Line}
			if p.name != "" && strings.TrimPrefix(p.op, ":") != "-" && !slices.Contains(r.variables, v) {
				r.variables = append(r.variables, v)
			}
		}
		return
	}
	for _, child := range node.Content {
		r.interpolated(path, child)
	}
}

// refs notes the secrets that a service refers to, in either form.
func (r *stackReader) refs(service string, value *yaml.Node) {
	for _, item := range sequence(entryOf(value, "secrets")) {
		name := text(item)
		if source := entryOf(item, "source"); source != nil {
			name = text(source)
		}
		r.users[name] = append(r.users[name], service)
	}
}

// references reads x-from: one reference or a list of them.
func (r *stackReader) references(path string, node *yaml.Node) []secret.Reference {
	nodes := sequence(node)
	if node != nil && node.Kind == yaml.ScalarNode {
		nodes = []*yaml.Node{node}
	}
	var refs []secret.Reference
	for _, one := range nodes {
		ref, err := secret.ParseReference(text(one))
		if err != nil {
			r.faults = append(r.faults, fmt.Errorf("%s:%d: x-from: %w", path, one.Line, err))
			continue
		}
		refs = append(refs, ref)
	}
	return refs
}

// text is a scalar as the stack loader reads it: "$$" is "$".
func text(node *yaml.Node) string {
	if node = follow(node); node == nil || node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
		return ""
	}
	return strings.ReplaceAll(node.Value, "$$", "$")
}

func entryOf(node *yaml.Node, key string) *yaml.Node {
	var found *yaml.Node
	eachEntry(node, func(name, value *yaml.Node) {
		if name.Value == key {
			found = value
		}
	})
	return found
}

func eachEntry(node *yaml.Node, visit func(key, value *yaml.Node)) {
	if node = follow(node); node == nil || node.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		visit(node.Content[i], follow(node.Content[i+1]))
	}
}
