package recall

import (
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// Keep gives every secret whose value is not here the declaration and the template that
// it has in the stack file. It returns their names, sorted.
func (m *Memory) Keep(decisions *transform.Decisions, sealing classify.Sealing, templates map[string]string) []string {
	if m == nil {
		return nil
	}
	here := map[string]bool{}
	for _, sealed := range sealing.Values() {
		here[sealed.Secret] = !m.Absent(sealed.Value.Reveal())
	}
	var kept []string
	for i, declared := range decisions.Secrets {
		object, known := m.secrets[declared.Name]
		inline, inlined := m.inlined[strings.ToUpper(declared.Name)]
		if here[declared.Name] || !known && !inlined || m.wasUnset(declared.Name) {
			continue
		}
		kept = append(kept, declared.Name)
		decisions.Secrets[i].EndsLine = m.keepsLineEnd(declared.Name)
		switch text, ok := m.template(declared.Name, decisions.Secrets); {
		case ok && templates[declared.Name] == "":
			templates[declared.Name] = text
		case known && !object.Template && len(object.From) > 0:
			delete(templates, declared.Name)
			decisions.Secrets[i].From = slices.Clone(object.From)
		case inlined:
			decisions.Secrets[i].From = slices.Clone(inline.From)
		}
	}
	return kept
}

var templatePart = lazyregexp.New(`\{\{ secret "([^"]*)" \}\}`) //nolint:gochecknoglobals // never written

// template is the template of the secret with a seal for each secret in it. ok is false
// for a secret that has none, or is made of one that is not declared any more.
func (m *Memory) template(name string, declared []transform.Declared) (text string, ok bool) {
	object := m.secrets[name]
	if !object.Template || object.Text == nil {
		return "", false
	}
	ok = true
	text = templatePart().ReplaceAllStringFunc(*object.Text, func(part string) string {
		of := m.mounted(name, templatePart().FindStringSubmatch(part)[1])
		ok = ok && slices.ContainsFunc(declared, func(d transform.Declared) bool { return d.Name == of })
		return seal.Of(of)
	})
	return strings.ReplaceAll(text, `{{"{{"}}`, "{{"), ok
}

// mounted is the secret that the services with the template called name read as the file
// target.
func (m *Memory) mounted(name, target string) string {
	for _, service := range slices.Sorted(maps.Keys(m.services)) {
		mounts := m.services[service].Secrets
		hasTemplate := slices.ContainsFunc(mounts, func(mount stackfile.Mount) bool { return mount.Name == name })
		for _, mount := range mounts {
			if hasTemplate && mount.Target == target {
				return mount.Name
			}
		}
	}
	return target
}

// keepsLineEnd tells whether the value of the secret ended in a line end when the stack
// file was made, as far as a command or healthcheck shows it.
func (m *Memory) keepsLineEnd(name string) bool {
	for _, service := range m.services {
		for _, mount := range service.Secrets {
			if mount.Name == name && m.endsLine[mount.Target] {
				return true
			}
		}
	}
	return false
}

// Managed tells whether the stack file takes the secret from a secret manager.
func (m *Memory) Managed(name string) bool {
	return m != nil && slices.ContainsFunc(m.secrets[name].From, secret.Reference.IsManaged)
}
