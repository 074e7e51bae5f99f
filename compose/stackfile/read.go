package stackfile

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// Read reads the stack files at paths; of several that declare the same
// secret the last one counts. Errors name file and line; several are joined.
func Read(paths []string) (Stack, error) {
	r := newReader()
	for _, path := range paths {
		r.read(path)
	}
	return r.stack(paths)
}

// Parse reads content, the bytes of one stack file that is shown as path in errors.
func Parse(path string, content []byte) (Stack, error) {
	r := newReader()
	r.parse(path, content)
	return r.stack([]string{path})
}

// stack is what was read, in order.
func (r *reader) stack(paths []string) (Stack, error) {
	stack := Stack{Files: paths}
	r.declared(&stack)
	for key, one := range r.objects {
		one.Services = r.users[key]
		slices.Sort(one.Services)
		one.Services = slices.Compact(one.Services)
		one.Shim = r.shims[key] && one.Text == nil && one.From == nil
		one.Targets = r.targets[key]
		slices.Sort(one.Targets)
		one.Targets = slices.Compact(one.Targets)
		stack.Objects = append(stack.Objects, one)
	}
	for _, one := range r.inlined {
		stack.Inlined = append(stack.Inlined, one)
	}
	stack.Name, stack.Version, stack.Variables, stack.InClear, stack.Unread, stack.Made = r.name, r.version, r.variables, r.clear, r.unread, r.made
	stack.Images, stack.Edited = r.images, r.edited
	slices.SortFunc(stack.Objects, func(a, b Object) int {
		return cmp.Or(-strings.Compare(a.Block(), b.Block()), strings.Compare(a.Name, b.Name))
	})
	slices.SortFunc(stack.Inlined, func(a, b Inline) int { return strings.Compare(a.Name, b.Name) })
	return stack, errors.Join(r.faults...)
}

// objectKey tells a secret from a config of the same name.
type objectKey struct {
	config bool
	name   string
}

type reader struct {
	name      string
	version   string
	objects   map[objectKey]Object
	inlined   map[string]Inline
	users     map[objectKey][]string // services
	shims     map[objectKey]bool     // configs that services start through
	targets   map[objectKey][]string // base names of files in them
	services  map[string]*Deployed
	networks  map[string]Network
	local     map[objectKey]Local
	clear     []InClear
	unread    []Unread
	variables []Variable
	noted     map[Variable]bool // those in variables
	made      Made
	images    map[string]string
	edited    bool
	faults    []error
}

func newReader() reader {
	return reader{
		objects: map[objectKey]Object{}, inlined: map[string]Inline{}, shims: map[objectKey]bool{},
		users: map[objectKey][]string{}, targets: map[objectKey][]string{},
		services: map[string]*Deployed{}, networks: map[string]Network{}, local: map[objectKey]Local{},
		noted: map[Variable]bool{},
	}
}

func (r *reader) read(path string) {
	content, err := regular.Read(path)
	if err != nil {
		r.faults = append(r.faults, fmt.Errorf("%w; migrate makes it: docker secrets migrate", document.FileError(path, err)))
		return
	}
	r.parse(path, content)
}

func (r *reader) parse(path string, content []byte) {
	docs, err := document.ParseFlat(path, content)
	if err != nil {
		r.faults = append(r.faults, err)
		return
	}
	if err := CheckFormat(path, content); err != nil {
		r.faults = append(r.faults, err)
		for _, doc := range docs {
			r.name = cmp.Or(text(document.Entry(doc, "x-stack")), r.name) // so that its stack is known
		}
		return
	}
	state, _ := Inspect(content)
	r.edited = r.edited || state == Edited
	r.documents(path, docs)
}

func (r *reader) documents(path string, docs []*yaml.Node) {
	for _, doc := range docs {
		r.noteVariables(path, doc)
		if name := text(document.Entry(doc, "x-stack")); name != "" {
			r.name = name
		}
		if version := text(document.Entry(doc, "version")); version != "" {
			r.version = version
		}
		document.Each(document.Entry(doc, "secrets"), func(key, value *yaml.Node) { r.object(path, false, key, value) })
		document.Each(document.Entry(doc, "configs"), func(key, value *yaml.Node) { r.object(path, true, key, value) })
		document.Each(document.Entry(doc, "x-inline"), func(key, value *yaml.Node) {
			r.inlined[key.Value] = Inline{Name: key.Value, From: r.parseFrom(path, value)}
		})
		if block := document.Entry(doc, madeKey); block != nil {
			r.made = readMade(block)
		}
		for _, item := range document.Sequence(document.Entry(doc, "x-in-clear")) {
			r.clear = append(r.clear, InClear{Path: text(item), File: path, Line: item.Line})
		}
		document.Each(document.Entry(doc, "x-images"), func(key, value *yaml.Node) { r.noteImage(key.Value, text(value)) })
		r.readUnread(path, doc)
		r.noteDeclared(path, doc)
		document.Each(document.Entry(doc, "services"), func(service, value *yaml.Node) {
			r.noteService(path, service, value)
			r.noteUsers(service.Value, value)
		})
	}
}

func (r *reader) object(path string, config bool, key, value *yaml.Node) {
	external := document.Entry(value, "external")
	if external == nil || text(external) == "false" {
		return
	}
	one := Object{
		Config: config, Name: key.Value, Pin: text(document.Entry(value, "name")),
		From: r.parseFrom(path, document.Entry(value, "x-from")), File: path, Line: key.Line,
	}
	if one.Pin == "" {
		one.Pin = text(document.Entry(external, "name"))
	}
	content := document.Entry(value, "x-template")
	one.Template = content != nil
	if config && content == nil {
		content = document.Entry(value, "x-content")
	}
	if content != nil {
		written := text(content)
		one.Text = &written
	}
	r.objects[objectKey{config, key.Value}] = one
}

// noteImage notes the line of x-images about the image called name. The mapping that
// earlier versions wrote is no line.
func (r *reader) noteImage(name, line string) {
	if line == "" {
		return
	}
	if r.images == nil {
		r.images = map[string]string{}
	}
	r.images[name] = line
}

// noteVariables notes each variable without a default, at most once per line.
func (r *reader) noteVariables(path string, node *yaml.Node) {
	if node.Kind == yaml.ScalarNode {
		if !strings.Contains(node.Value, "$") {
			return
		}
		parts, err := expression.Parse(node.Value)
		if err != nil {
			r.faults = append(r.faults, fmt.Errorf("%s:%d: %w", path, node.Line, err))
		}
		for _, p := range parts {
			v := Variable{Name: p.Name, File: path, Line: node.Line}
			if p.Name != "" && strings.TrimPrefix(p.Op, ":") != "-" && !r.noted[v] {
				r.noted[v] = true
				r.variables = append(r.variables, v)
			}
		}
		return
	}
	for _, child := range node.Content {
		r.noteVariables(path, child)
	}
}

// noteUsers notes service as a user of each secret and config in value, in the short
// or the long form.
func (r *reader) noteUsers(service string, value *yaml.Node) {
	for block, config := range map[string]bool{"secrets": false, "configs": true} {
		for _, item := range document.Sequence(document.Entry(value, block)) {
			name := text(item)
			if source := document.Entry(item, "source"); source != nil {
				name = text(source)
			}
			key := objectKey{config, name}
			r.users[key] = append(r.users[key], service)
			r.shims[key] = r.shims[key] || config && isShimPath(cmp.Or(text(document.Entry(item, "target")), name))
			if target := text(document.Entry(item, "target")); target != "" {
				r.targets[key] = append(r.targets[key], path.Base(target))
			}
		}
	}
}

// isShimPath reports whether services have the shim in the file target of a config.
func isShimPath(target string) bool { return "/"+strings.TrimPrefix(target, "/") == transform.ShimPath }

// parseFrom returns the references of an x-from: node, one or a list; it notes a
// fault for each that is not one.
func (r *reader) parseFrom(path string, node *yaml.Node) []secret.Reference {
	nodes := document.Sequence(node)
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

// text returns the text of a scalar as the stack loader reads it, with "$$" as "$"; ""
// if node is nil, null or no scalar.
func text(node *yaml.Node) string {
	if node = document.Follow(node); node == nil || node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
		return ""
	}
	return strings.ReplaceAll(node.Value, "$$", "$")
}
