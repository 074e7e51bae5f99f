package undo

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// escapedBraces is how a template writes {{ as text.
const escapedBraces = `{{"{{"}}`

// asked is how a template asks for the secret that is called target.
func asked(target string) string { return `{{ secret "` + target + `" }}` }

// template is the text of a template with ${NAME} for each secret, "$" doubled elsewhere.
func (u *undo) template(text string, mounts []stackfile.Mount) string {
	text = strings.ReplaceAll(text, "$", "$$")
	for _, mount := range mounts {
		object, declared := u.secrets[mount.Name]
		if part := asked(mount.Target); declared && strings.Contains(text, part) {
			text = strings.ReplaceAll(text, part, "${"+u.names.of(object)+"}")
		}
	}
	return strings.ReplaceAll(text, escapedBraces, "{{")
}

// mounts takes out the secrets that are variables now, the parts of templates, and the
// shim. What a script still reads stays.
func (s *service) mounts() {
	for _, mount := range s.facts.Configs {
		if object := s.u.configs[mount.Name]; object.Template {
			for _, part := range s.facts.Secrets {
				s.done[part.Name] = s.done[part.Name] || strings.Contains(*object.Text, asked(part.Target))
			}
		}
	}
	s.keep("secrets", s.facts.Secrets, func(mount stackfile.Mount) bool {
		read := false
		for _, key := range []string{"command", "entrypoint", "healthcheck"} {
			node := document.Entry(s.node, key)
			if mentions(node, full(mount.Target)) {
				read = true
				s.u.lose(node, s.path(key), "still reads the file of "+mount.Name+", as in the stack file")
			}
		}
		return read || mentions(document.Entry(s.node, "environment"), full(mount.Target)) || !s.done[mount.Name]
	})
	s.keep("configs", s.facts.Configs, func(mount stackfile.Mount) bool { return !isShim(s.u.configs[mount.Name]) })
}

// keep leaves those entries of a block whose mounts wanted returns true for.
func (s *service) keep(key string, mounts []stackfile.Mount, wanted func(stackfile.Mount) bool) {
	block := document.Entry(s.node, key)
	if block == nil || block.Kind != yaml.SequenceNode {
		return
	}
	var left []*yaml.Node
	for i, item := range block.Content {
		if wanted(mounts[i]) {
			left = append(left, item)
		}
	}
	if block.Content = left; len(left) == 0 {
		remove(s.node, key)
	}
}

// objects takes back the declarations of a block, and takes out those that no service
// uses any more.
func (u *undo) objects(key string, objects map[string]stackfile.Object) {
	block := document.Entry(u.root, key)
	used := u.used(key)
	for name, object := range objects {
		if _, shim := transform.ShimText(object.Pin); !used[name] && (len(object.Services) > 0 || object.Config && shim) {
			remove(block, name)
		}
	}
	document.Each(block, func(name, node *yaml.Node) {
		if object, external := objects[name.Value]; external {
			u.object(key+"."+name.Value, node, object)
		}
	})
	if block != nil && len(block.Content) == 0 {
		remove(u.root, key)
	}
}

// used are the names that services refer to in a block.
func (u *undo) used(key string) map[string]bool {
	used := map[string]bool{}
	document.Each(document.Entry(u.root, "services"), func(_, service *yaml.Node) {
		for _, item := range document.Sequence(document.Entry(service, key)) {
			used[item.Value] = true
			used[plain(document.Entry(item, "source"))] = true
		}
	})
	return used
}

// object declares what Compose can make: a file, a text or a variable.
func (u *undo) object(path string, node *yaml.Node, object stackfile.Object) {
	switch {
	case object.Text != nil && object.Config:
		text := strings.ReplaceAll(*object.Text, "$", "$$")
		if object.Template {
			text = u.template(*object.Text, u.parts(object))
			if own := u.template(strings.ReplaceAll(*object.Text, escapedBraces, ""), u.parts(object)); strings.Contains(own, "{{") {
				u.lose(node, path, "Compose fills in no template; {{ is text now")
			}
		}
		u.declare(node, "content", text)
	case object.Template:
		u.lose(node, path, "Compose has no templates for secrets; the variable has to hold the whole text")
		u.declare(node, "environment", u.names.of(stackfile.Object{Name: object.Name}))
	case len(object.From) == 0:
		u.lose(node, path, "stays external, since x-from: is missing; Compose has no external "+object.Block())
	case onlyFiles(object):
		u.declare(node, "file", strings.ReplaceAll(fileOf(object.From), "$", "$$"))
	default:
		u.declare(node, "environment", u.names.of(object))
	}
}

// fileOf is the path of the first reference, which is a file.
func fileOf(from []secret.Reference) string { return from[0].Path }

// parts are the secrets of the first service that has the config.
func (u *undo) parts(object stackfile.Object) []stackfile.Mount {
	if len(object.Services) == 0 {
		return nil
	}
	return u.services[object.Services[0]].Secrets
}

// declare writes an object of the author's in the place of an external one.
func (u *undo) declare(node *yaml.Node, key, text string) {
	for _, old := range []string{"external", "name", "x-from", "x-template", "x-content"} {
		remove(node, old)
	}
	set(node, key, scalar(text))
}
