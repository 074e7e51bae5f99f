package swarm

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform"
)

// Shimmed is a variable that the shim makes in a service of a secret.
type Shimmed struct {
	Variable string // several of one value with commas between them
	Secret   string // logical name
	Target   string // the file's name in /run/secrets
}

// Shimmed returns the variables that the shim makes in the running service of the snapshot's
// stack, which is called service without the stack's name. It is sorted by variable.
func (s State) Shimmed(service string) []Shimmed {
	var all []Shimmed
	for _, running := range s.Services {
		spec := running.Spec.TaskTemplate.ContainerSpec
		if running.Spec.Labels[stackLabel] != s.Stack || running.Spec.Name != s.Stack+"_"+service || spec == nil {
			continue
		}
		for _, ref := range spec.Secrets {
			if ref == nil || ref.File == nil {
				continue
			}
			if variables := transform.ShimVariables(ref.File.Name); variables != nil {
				all = append(all, Shimmed{Variable: strings.Join(variables, ", "), Secret: s.logicalName(ref), Target: ref.File.Name})
			}
		}
	}
	slices.SortFunc(all, func(a, b Shimmed) int { return strings.Compare(a.Variable, b.Variable) })
	return all
}
