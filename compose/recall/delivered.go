package recall

import (
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// hasSecret is compose.Recalled.HasSecret: whether the stack file gives the variable to
// the service as a secret, in whatever way, and does not show it.
func (m *Memory) hasSecret(name, variable string) bool {
	service, found := m.service(name)
	if !found {
		return false
	}
	if text, written := service.Environment[variable]; written && mountedFiles(service)[text] == "" {
		return slices.ContainsFunc(slices.Collect(maps.Keys(m.inlined)), func(inlined string) bool { return strings.Contains(text, "${"+inlined+"}") })
	}
	if _, told := m.delivered(service)[variable]; told {
		return true
	}
	return slices.ContainsFunc(service.Secrets, func(mount stackfile.Mount) bool {
		return mount.Target == transform.SecretName(variable) || m.isFrom(mount.Name, name, variable)
	})
}

// isFrom tells whether the stack file takes the secret from the variable of the service,
// in a compose file or an env file.
func (m *Memory) isFrom(secretName, service, variable string) bool {
	return slices.ContainsFunc(m.secrets[secretName].From, func(ref secret.Reference) bool {
		of, key, ok := compose.SplitVariable(ref.Fragment)
		return ref.Scheme == "dotenv" && ref.Fragment == variable || ref.Scheme == "compose" && ok && of == service && key == variable
	})
}

// madeOfConfig is compose.Recalled.MadeOfConfig: whether the stack file has a secret of
// what the config called name holds.
func (m *Memory) madeOfConfig(name string, from secret.Reference) bool {
	for _, secretName := range []string{name, name + "_config"} {
		if slices.ContainsFunc(m.secrets[secretName].From, from.Same) {
			return true
		}
	}
	return false
}
