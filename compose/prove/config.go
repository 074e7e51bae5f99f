package prove

import (
	"slices"

	"github.com/docker-secrets/docker-secrets/secret"
)

// checkConfig tells whether every service that mounts the config gets its content. A
// config that no service mounts is compared as it is.
func (f *file) checkConfig(want Want) (Fault, bool) {
	fault := Fault{Config: want.Config}
	object, found := f.configs[want.Config]
	switch {
	case !found:
		return fault, true // nothing refers to it, so it is not in the stack file
	case object.Text == nil:
		fault.Reason = f.heldConfigs[want.Config].fails(want.Value)
	case !object.Template:
		fault.Reason = content{value: secret.NewValue(*object.Text)}.fails(want.Value)
	default:
		for _, name := range sortedKeys(f.services) {
			service := f.services[name]
			if slices.Contains(object.Services, name) {
				if fault.Reason = f.render(service, *object.Text).fails(want.Value); fault.Reason != "" {
					fault.Service = name
					break
				}
			}
		}
	}
	return fault, fault.Reason == ""
}
