package swarm

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	types "github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/transform"
)

// Deployed reports whether the snapshot's stack has a service: else a deploy is its first
// one, or one after docker stack rm.
func (s State) Deployed() bool {
	return slices.ContainsFunc(s.Services, func(service types.Service) bool { return service.Spec.Labels[stackLabel] == s.Stack })
}

// Live reports whether a task of the snapshot's stack may still run, whose service may be
// gone.
func (s State) Live() bool {
	return slices.ContainsFunc(s.Tasks, func(task types.Task) bool {
		return isLive(task) && task.Spec.ContainerSpec != nil && task.Spec.ContainerSpec.Labels[stackLabel] == s.Stack
	})
}

// Locked reports whether somebody holds, or left, the lock of the snapshot's stack.
func (s State) Locked() bool {
	_, found := s.find(Config, lockName(s.Stack))
	return found
}

// Read is one environment variable of a service that names the file of a secret, or that
// the shim makes of it.
type Read struct {
	Service  string // without the stack's name
	Image    string
	Variable string // POSTGRES_PASSWORD_FILE, or what the shim makes: POSTGRES_PASSWORD
}

// Reads returns how the services of the snapshot's stack read the secret of that
// logical name, whatever its version, through variables. It is sorted.
func (s State) Reads(name string) []Read {
	var reads []Read
	for _, service := range s.Services {
		spec := service.Spec.TaskTemplate.ContainerSpec
		if service.Spec.Labels[stackLabel] != s.Stack || spec == nil {
			continue
		}
		for _, ref := range spec.Secrets {
			if ref == nil || ref.File == nil || s.logicalName(ref) != name {
				continue
			}
			for _, variable := range naming(spec.Env, ref.File.Name) {
				reads = append(reads, Read{strings.TrimPrefix(service.Spec.Name, s.Stack+"_"), spec.Image, variable})
			}
		}
	}
	slices.SortFunc(reads, func(a, b Read) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Variable, b.Variable))
	})
	return reads
}

// logicalName returns the logical name of the secret that ref refers to, by its labels.
func (s State) logicalName(ref *types.SecretReference) string {
	for _, object := range s.Objects {
		if object.ID == ref.SecretID && object.Owner.Stack == s.Stack {
			return object.Owner.Secret
		}
	}
	return ref.SecretName
}

// naming returns the variables of env whose value is the path of a secret's file, with or
// without something like file:// before it, and those that the shim makes of that file.
func naming(env []string, target string) (variables []string) {
	if made := transform.ShimVariables(target); made != nil {
		return made
	}
	if !strings.HasPrefix(target, "/") {
		target = "/run/secrets/" + target
	}
	for _, entry := range env {
		if variable, value, _ := strings.Cut(entry, "="); strings.HasSuffix(value, target) {
			variables = append(variables, variable)
		}
	}
	return variables
}

// Versions returns the secrets that we created for the snapshot's stack under that
// logical name, the newest first.
func (s State) Versions(name string) []Object { return s.ours(Want{Kind: Secret, Name: name}) }

// Outside returns the services of other stacks, or of no stack, whose current spec
// refers to o, sorted.
func (s State) Outside(o Object) []string {
	var users []string
	for _, service := range s.Services {
		if service.Spec.Labels[stackLabel] != s.Stack && refersTo(service.Spec.TaskTemplate, o) {
			users = append(users, service.Spec.Name)
		}
	}
	return users
}

// Stacks returns the stacks that we created something for, sorted.
func (s State) Stacks() []string {
	return s.owners(func(o Object) string { return o.Owner.Stack })
}

// SecretNames returns the logical names of the secrets that we created for the
// snapshot's stack, sorted.
func (s State) SecretNames() []string {
	return s.owners(func(o Object) string {
		if o.Kind != Secret || o.Owner.Stack != s.Stack {
			return ""
		}
		return o.Owner.Secret
	})
}

// owners returns what word says of the objects, sorted, without doubles and "".
func (s State) owners(word func(Object) string) []string {
	words := map[string]bool{}
	for _, object := range s.Objects {
		words[word(object)] = true
	}
	delete(words, "")
	return slices.Sorted(maps.Keys(words))
}
