package undo

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// service takes back what was made of one service.
type service struct {
	u     *undo
	name  string
	node  *yaml.Node
	facts stackfile.Service
	done  map[string]bool // secrets that came back as variables, and parts of those
}

func (s *service) path(key string) string { return "services." + s.name + "." + key }

func (s *service) undo(project string) {
	s.native()
	s.suffixed()
	s.shim()
	s.programs()
	s.unread()
	s.files()
	s.unescape()
	s.mounts()
	s.restart()
	s.hostNetwork()
	built := s.facts.Image == project+"-"+s.name || s.facts.Image == project+"_"+s.name
	if built && document.Entry(s.node, "build") == nil {
		s.u.lose(document.Entry(s.node, "image"), s.path("build"), "a stack file has no build:; add it, or have the image "+s.facts.Image+" here")
	}
}

// give makes mount the variable.
func (s *service) give(variable string, mount stackfile.Mount) {
	if !s.done[mount.Name+" "+variable] {
		s.u.variables++
		s.put(variable, variable, s.value(mount.Name))
	}
	s.done[mount.Name+" "+variable] = true
	s.finish(mount.Name)
}

// finish notes that the service needs the file of a secret no more, nor those of the
// parts of its template.
func (s *service) finish(name string) {
	s.done[name] = true
	if object := s.u.secrets[name]; object.Template {
		for _, mount := range s.facts.Secrets {
			if strings.Contains(*object.Text, asked(mount.Target)) {
				s.done[mount.Name] = true
			}
		}
	}
}

// value is the text of a variable that holds the secret.
func (s *service) value(name string) string {
	object := s.u.secrets[name]
	if object.Template {
		return s.u.template(*object.Text, s.facts.Secrets)
	}
	if len(object.From) > 0 && object.From[0].IsManaged() {
		return strings.ReplaceAll(object.From[0].String(), "$", "$$")
	}
	if len(object.From) == 0 {
		s.u.lose(document.Entry(s.node, "secrets"), "secrets."+name, "x-from: is missing, so where its value comes from is not known")
	}
	return "${" + s.u.names.of(object) + "}"
}

// put replaces the variable old by one with another text, or adds it at the end.
func (s *service) put(old, variable, text string) {
	block := document.Entry(s.node, "environment")
	if block == nil {
		block = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		set(s.node, "environment", block)
	}
	if block.Kind == yaml.SequenceNode {
		item := scalar(variable + "=" + text)
		for i, entry := range block.Content {
			if name, _, _ := strings.Cut(entry.Value, "="); name == old {
				block.Content[i] = item
				return
			}
		}
		block.Content = append(block.Content, item)
		return
	}
	for i := 0; i+1 < len(block.Content); i += 2 {
		if block.Content[i].Value == old {
			block.Content[i].Value, block.Content[i+1] = variable, scalar(text)
			return
		}
	}
	set(block, variable, scalar(text))
}

// drop removes a variable.
func (s *service) drop(variable string) {
	block := document.Entry(s.node, "environment")
	remove(block, variable)
	if block != nil && block.Kind == yaml.SequenceNode {
		block.Content = slices.DeleteFunc(block.Content, func(n *yaml.Node) bool { return strings.HasPrefix(n.Value, variable+"=") })
	}
	if block != nil && len(block.Content) == 0 {
		remove(s.node, "environment")
	}
}

// ours are the mounts that migrate may have made: those of secrets that no file of the
// author's is.
func (s *service) ours() []stackfile.Mount {
	return slices.DeleteFunc(slices.Clone(s.facts.Secrets), func(m stackfile.Mount) bool {
		object, declared := s.u.secrets[m.Name]
		return !declared || onlyFiles(object) || len(object.From) == 0 && !object.Template
	})
}

// native takes back what the image reads from files by itself.
func (s *service) native() {
	for _, mount := range s.ours() {
		for _, name := range slices.Sorted(maps.Keys(s.facts.Environment)) {
			text := s.facts.Environment[name]
			variable, known := images.VariableOf(s.facts.Image, name)
			n, _ := images.NativeFor(s.facts.Image, variable)
			if known && text == n.Prefix+full(mount.Target) {
				s.put(name, variable, "")
				s.give(variable, mount)
			}
		}
		variable, known := images.VariableAt(s.facts.Image, mount.Target)
		if e, _ := images.ExpectedFor(s.facts.Image, variable); known && (e.Variable == "" || s.facts.Environment[e.Variable] == mount.Target) {
			if e.Variable != "" {
				s.drop(e.Variable)
			}
			s.give(variable, mount)
		}
	}
}

// suffixed takes back a variable of an image that is not known here, such as one that is
// built on a database's.
func (s *service) suffixed() {
	for _, mount := range s.ours() {
		for _, name := range slices.Sorted(maps.Keys(s.facts.Environment)) {
			variable, has := strings.CutSuffix(name, "_FILE")
			if !has || !isName(variable) || s.done[mount.Name+" "+variable] || s.facts.Environment[name] != full(mount.Target) {
				continue
			}
			if _, sure := sourceNamed(s.u.secrets[mount.Name], transform.SecretName(variable)); !sure {
				s.u.lose(document.Entry(s.node, "environment"), s.path("environment."+variable), "a guess: it was "+name)
			}
			s.put(name, variable, "")
			s.give(variable, mount)
		}
	}
}

// full is the path of a target.
func full(target string) string {
	if strings.HasPrefix(target, "/") {
		return target
	}
	return transform.SecretsDir + target
}

// unread takes back what nothing is known to read.
func (s *service) unread() {
	for _, variable := range s.facts.Unread {
		for _, mount := range s.ours() {
			if mount.Target == transform.SecretName(variable) {
				s.give(variable, mount)
			}
		}
	}
}

// files takes back what the application reads from files. The stack file has those by
// the names of their files only: the variable is the one of the source that has this
// name, else the name in capitals.
func (s *service) files() {
	if s.facts.Environment[transform.UseDockerSecrets] != "true" {
		return
	}
	defer s.drop(transform.UseDockerSecrets) // last, or the block would go and lose its form
	for _, mount := range s.ours() {
		if s.done[mount.Name] || strings.Contains(mount.Target, "/") {
			continue
		}
		variable, sure := sourceNamed(s.u.secrets[mount.Name], mount.Target)
		if !sure {
			variable = strings.ToUpper(mount.Target)
			if !isName(variable) {
				continue
			}
			s.u.lose(document.Entry(s.node, "secrets"), s.path("environment."+variable), "a guess: the stack file has only the file's name, "+mount.Target)
		}
		s.give(variable, mount)
	}
}

// sourceNamed is the variable that a source of object is called, if its file is target.
func sourceNamed(object stackfile.Object, target string) (string, bool) {
	for _, ref := range object.From {
		for _, named := range []func() (Need, bool){
			func() (Need, bool) { return fromPlace(ref) }, func() (Need, bool) { return fromEnvFile(ref) }, func() (Need, bool) { return fromEnvironment(ref) },
		} {
			if need, ok := named(); ok && transform.SecretName(need.Name) == target {
				return need.Name, true
			}
		}
	}
	return "", false
}

// unescape takes back the marks that keep Swarm from reading {{ as a placeholder.
func (s *service) unescape() {
	for _, key := range []string{"environment", "hostname"} {
		replaceAll(document.Entry(s.node, key), escapedBraces, "{{")
	}
}
