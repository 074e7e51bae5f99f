package recall

import (
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// envFile is compose.Recalled.EnvFile: what the service reads and environment: does not
// name came from its env files.
func (m *Memory) envFile(name string, files []string, explicit map[string]bool) (map[string]secret.Value, bool) {
	service, found := m.service(name)
	if !found {
		return nil, false
	}
	vars := map[string]secret.Value{}
	add := func(key, secretName string) {
		if _, known := vars[key]; !known && !explicit[key] {
			vars[key] = m.value(secretName)
		}
	}
	told := map[string]bool{} // secrets whose variable is known
	for _, mount := range service.Secrets {
		for _, key := range m.keysOf(name, mount.Name, files) {
			told[mount.Name] = true
			add(key, mount.Name)
		}
	}
	for key, secretName := range m.delivered(service) {
		told[secretName] = true
		add(key, secretName)
	}
	mounted := mountedFiles(service)
	for key, text := range service.Environment {
		if !explicit[key] && key != transform.ShimVariable && key != transform.UseDockerSecrets && mounted[text] == "" {
			vars[key] = m.text(text)
		}
	}
	m.addRead(service, told, explicit, add)
	return vars, true
}

// mountedFiles are the secrets that the service reads, by the paths of their files.
func mountedFiles(service stackfile.Service) map[string]string {
	files := map[string]string{}
	for _, mount := range service.Secrets {
		path := mount.Target
		if !strings.HasPrefix(path, "/") {
			path = transform.SecretsDir + path
		}
		files[path] = mount.Name
	}
	return files
}

// delivered are the secrets of which the service tells the variable: the shim makes it,
// or the image reads a file for it.
func (m *Memory) delivered(service stackfile.Service) map[string]string {
	files, secrets := mountedFiles(service), map[string]string{}
	for _, mount := range service.Secrets {
		for _, key := range transform.ShimVariables(mount.Target) {
			secrets[key] = m.original(service, mount.Name)
		}
	}
	for entry := range strings.FieldsSeq(service.Environment[transform.ShimVariable]) {
		key, path, _ := strings.Cut(entry, "=")
		if files[path] != "" {
			secrets[key] = files[path]
		}
	}
	for key, text := range service.Environment {
		plain := strings.TrimSuffix(key, "_FILE")
		native, known := images.NativeFor(service.Image, plain)
		if known && native.Variable == key && files[text] != "" {
			secrets[plain] = files[text]
		}
	}
	return secrets
}

// original is the secret that the one called name is an alias of, in the service: a
// template with nothing but it. It is name itself for one that is no alias.
func (m *Memory) original(service stackfile.Service, name string) string {
	object := m.secrets[name]
	if !object.Template || object.Text == nil {
		return name
	}
	part := templatePart().FindStringSubmatch(*object.Text)
	if part == nil || part[0] != *object.Text {
		return name
	}
	for _, mount := range service.Secrets {
		if mount.Target == part[1] {
			return mount.Name
		}
	}
	return name
}

// keysOf are the variables that the secret was in the env files, or in the service
// called name.
func (m *Memory) keysOf(name, secretName string, files []string) []string {
	var keys []string
	for _, ref := range m.secrets[secretName].From {
		if ref.Scheme == "dotenv" && slices.Contains(files, ref.Path) {
			keys = append(keys, ref.Fragment)
		}
		if service, key, ok := compose.SplitVariable(ref.Fragment); ref.Scheme == "compose" && ok && service == name {
			keys = append(keys, key)
		}
	}
	return keys
}

// addRead adds the secrets of which nothing but their file tells the variable: those
// that are made of others, and those that are in a secret manager.
func (m *Memory) addRead(service stackfile.Service, told, explicit map[string]bool, add func(key, secretName string)) {
	if service.Environment[transform.UseDockerSecrets] != "true" && len(service.Unread) == 0 {
		return
	}
	read := map[string]bool{} // file names of variables that environment: names
	for key := range explicit {
		read[transform.SecretName(key)] = true
	}
	for _, mount := range service.Secrets { // what a template needs is mounted for that
		if object := m.secrets[mount.Name]; object.Template && object.Text != nil {
			for _, part := range templatePart().FindAllStringSubmatch(*object.Text, -1) {
				read[part[1]] = true
			}
		}
	}
	for _, mount := range service.Secrets {
		object := m.secrets[mount.Name]
		isLocal := slices.ContainsFunc(object.From, func(ref secret.Reference) bool { return !ref.IsManaged() })
		if !told[mount.Name] && !read[mount.Target] && !isLocal && transform.ShimVariables(mount.Target) == nil {
			add(strings.ToUpper(mount.Target), m.original(service, mount.Name))
		}
	}
}

// text is a value as it stands in the file, with values or placeholders for ${NAME}.
func (m *Memory) text(written string) secret.Value {
	parts, err := expression.Parse(written)
	if err != nil {
		return secret.NewValue(written)
	}
	text, err := expression.Expand(parts, func(name string) (string, bool) {
		if _, inline := m.inlined[name]; inline {
			return m.value(strings.ToLower(name)).Reveal(), true
		}
		text, known := m.Made.Variables[name]
		return text, known
	}, nil)
	if err != nil {
		return secret.NewValue(written)
	}
	return secret.NewValue(text)
}

// service finds a service by its name in the compose file.
func (m *Memory) service(name string) (stackfile.Service, bool) {
	if service, found := m.services[name]; found {
		return service, true
	}
	for _, other := range slices.Sorted(maps.Keys(m.services)) {
		if slices.Contains(m.services[other].Aliases, name) {
			return m.services[other], true
		}
	}
	return stackfile.Service{}, false
}
