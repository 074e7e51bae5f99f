package compose

import (
	"cmp"
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
	Version   string          // version: of the last file that has one, or ""
	Files     []string        // as given
	Objects   []StackObject   // secrets, then configs, each sorted by name
	Inlined   []StackInline   // sorted by name
	Variables []StackVariable // what the docker CLI would interpolate, in order of file and line
}

// StackVariable is one ${NAME} without a default.
type StackVariable struct {
	Name string
	File string
	Line int
}

// StackObject is one external secret or config that a stack file declares.
type StackObject struct {
	Config   bool               // else a secret
	Name     string             // key in secrets: or configs:
	Pin      string             // name:, "" for none
	From     []secret.Reference // x-from:, nil for none
	Template bool               // Text is a template that the Engine fills in for each task
	Text     *string            // x-content: of a config, x-template: of a secret; nil for none
	Services []string           // that refer to it, sorted
	File     string             // where it is declared
	Line     int
}

// Block is the top-level key that the object stands in.
func (o StackObject) Block() string {
	if o.Config {
		return "configs"
	}
	return "secrets"
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
	r := stackReader{objects: map[objectKey]StackObject{}, inlined: map[string]StackInline{}, users: map[objectKey][]string{}}
	for _, path := range paths {
		r.read(path)
	}
	for key, one := range r.objects {
		one.Services = r.users[key]
		slices.Sort(one.Services)
		one.Services = slices.Compact(one.Services)
		stack.Objects = append(stack.Objects, one)
	}
	for _, one := range r.inlined {
		stack.Inlined = append(stack.Inlined, one)
	}
	stack.Name, stack.Version, stack.Variables = r.name, r.version, r.variables
	slices.SortFunc(stack.Objects, func(a, b StackObject) int {
		return cmp.Or(-strings.Compare(a.Block(), b.Block()), strings.Compare(a.Name, b.Name))
	})
	slices.SortFunc(stack.Inlined, func(a, b StackInline) int { return strings.Compare(a.Name, b.Name) })
	return stack, errors.Join(r.faults...)
}

// objectKey tells a secret from a config of the same name.
type objectKey struct {
	config bool
	name   string
}

type stackReader struct {
	name      string
	version   string
	objects   map[objectKey]StackObject
	inlined   map[string]StackInline
	users     map[objectKey][]string // services
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
		if version := text(entryOf(doc, "version")); version != "" {
			r.version = version
		}
		eachEntry(entryOf(doc, "secrets"), func(key, value *yaml.Node) { r.object(path, false, key, value) })
		eachEntry(entryOf(doc, "configs"), func(key, value *yaml.Node) { r.object(path, true, key, value) })
		eachEntry(entryOf(doc, "x-inline"), func(key, value *yaml.Node) {
			r.inlined[key.Value] = StackInline{Name: key.Value, From: r.references(path, value)}
		})
		eachEntry(entryOf(doc, "services"), func(service, value *yaml.Node) { r.refs(service.Value, value) })
	}
}

func (r *stackReader) object(path string, config bool, key, value *yaml.Node) {
	external := entryOf(value, "external")
	if external == nil || text(external) == "false" {
		return
	}
	one := StackObject{
		Config: config, Name: key.Value, Pin: text(entryOf(value, "name")),
		From: r.references(path, entryOf(value, "x-from")), File: path, Line: key.Line,
	}
	if one.Pin == "" {
		one.Pin = text(entryOf(external, "name"))
	}
	content := entryOf(value, "x-template")
	one.Template = content != nil
	if config && content == nil {
		content = entryOf(value, "x-content")
	}
	if content != nil {
		written := text(content)
		one.Text = &written
	}
	r.objects[objectKey{config, key.Value}] = one
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

// refs notes the secrets and configs that a service refers to, in either form.
func (r *stackReader) refs(service string, value *yaml.Node) {
	for block, config := range map[string]bool{"secrets": false, "configs": true} {
		for _, item := range sequence(entryOf(value, block)) {
			name := text(item)
			if source := entryOf(item, "source"); source != nil {
				name = text(source)
			}
			key := objectKey{config, name}
			r.users[key] = append(r.users[key], service)
		}
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
