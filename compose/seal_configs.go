package compose

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Everybody who may use the Engine may read a config. So a config with a known secret
// in it becomes a template, which package transform writes, and one with any other
// credential becomes a secret that is mounted in its place.

// sealConfigs seals the known values in the configs of model, and makes secrets of the
// configs that hold a credential all the same.
func (s sealer) sealConfigs(model map[string]any) {
	configs := mapping(model["configs"])
	for _, name := range slices.Sorted(maps.Keys(configs)) {
		resource := mapping(configs[name])
		if resource == nil {
			continue
		}
		key, source := s.config(name, resource)
		path := "configs." + name + "." + key
		if source == nil || s.sealing.PlainPath(path) {
			continue
		}
		held := heldIn(resource)
		held.name = s.makeSecret(model, name, source)
		s.made[held.name] = held
		*s.warnings = append(*s.warnings, transform.Warning{
			Code: "config-secret", Path: path,
			Message: "holds a credential: it is now a secret, mounted where the config was",
		})
	}
}

// config seals what is known in one config. If a credential is left it returns the
// key that gives the content, and what the secret in its place is made from; else nil.
func (s sealer) config(name string, resource map[string]any) (key string, source map[string]any) {
	if variable, ok := resource["environment"].(string); ok {
		value, _ := s.app.src.env.Value(variable)
		ref := s.app.fromEnvironment(use{name: variable, value: value, unset: value.Empty()})
		if s.sealing.Of(variable, value) == "" || ref.IsZero() {
			return "environment", nil
		}
		return "environment", map[string]any{"x-from": ref.String()}
	}
	if file, ok := resource["file"].(string); ok {
		return "file", s.configFile(name, resource, file)
	}
	content, ok := resource["content"].(string)
	if !ok {
		return "", nil
	}
	content = s.literals.sealContent(content)
	resource["content"] = content
	p := s.app.tree.locate("configs", name, "content")
	if resource["template_driver"] != nil || !p.found() {
		return "content", nil
	}
	if from := s.app.composeReference(p); s.shows(content) || s.app.wasConfig(name, from) {
		return "content", map[string]any{"x-from": from.String()}
	}
	return "content", nil
}

// configFile reads the file of a config. One with known secrets becomes a content, so
// that it follows when they change.
func (s sealer) configFile(name string, resource map[string]any, file string) map[string]any {
	read, err := regular.Read(inFolder(s.app.src.dir, file))
	if err != nil || !utf8.Valid(read) || len(read) > secret.MaxConfigSize {
		return nil
	}
	content := s.literals.sealContent(s.literals.seal(string(read)))
	wasSecret := s.app.wasConfig(name, secret.Reference{Scheme: "file", Path: s.app.src.fromOut(inFolder(s.app.src.dir, file))})
	if resource["template_driver"] == nil && (s.shows(content) || wasSecret) {
		return map[string]any{"file": file}
	}
	if seal.Has(content) || resource["template_driver"] != nil || content == "" {
		delete(resource, "file")
		resource["content"] = content
	}
	return nil
}

// shows tells whether text shows a credential that is not sealed, or a part of one.
func (s sealer) shows(text string) bool {
	return s.literals.disguise(text) || slices.ContainsFunc(verdict.Credentials(text), func(span verdict.Span) bool {
		return strings.ContainsFunc(seal.Replace(text[span.Start:span.End], func(string) string { return "" }), isWordRune)
	})
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// makeSecret puts a secret made from source in the place of a config, with the same
// target, mode and owner in every service. It returns the secret's name.
func (s sealer) makeSecret(model map[string]any, config string, source map[string]any) (name string) {
	secrets := maps.Clone(mapping(model["secrets"]))
	if secrets == nil {
		secrets = map[string]any{}
	}
	name = config
	for secrets[name] != nil || s.isSecretName(name) {
		name += "_config"
	}
	if given, ok := mapping(mapping(model["configs"])[config])["name"]; ok {
		source["name"] = given
	}
	secrets[name] = source
	model["secrets"] = secrets
	delete(mapping(model["configs"]), config)
	if len(mapping(model["configs"])) == 0 {
		delete(model, "configs")
	}
	for _, value := range mapping(model["services"]) {
		moveGrants(mapping(value), config, name)
	}
	return name
}

// isSecretName tells whether one of the secrets that Classify named is called name.
func (s sealer) isSecretName(name string) bool { return s.sealing.HasSecret(name) }

// moveGrants makes the references of service to config references to the secret name.
func moveGrants(service map[string]any, config, name string) {
	var configs []any
	secrets, _ := service["secrets"].([]any)
	granted, _ := service["configs"].([]any)
	for _, grant := range granted {
		moved := map[string]any{"source": name, "target": "/" + config}
		long := mapping(grant)
		if grant != config && (long == nil || long["source"] != config) {
			configs = append(configs, grant)
			continue
		}
		for key, value := range long {
			if key != "source" && value != nil {
				moved[key] = value
			}
		}
		secrets = append(slices.Clone(secrets), moved)
	}
	if len(secrets) > 0 {
		service["secrets"] = secrets
	}
	if service["configs"] = configs; len(configs) == 0 {
		delete(service, "configs")
	}
}
