package swarm

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	types "github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Grant is a secret that a service of the snapshot's stack gets.
type Grant struct {
	Service  string // without the stack's name
	Image    string
	User     string // of the service's own specification, "" for the image's
	Secret   string // the logical name
	Object   string // on the Swarm
	UID, GID string
	Mode     uint32
	Gone     bool // the Swarm does not have the object
	Task     bool // it is a running task's, which the service gives another version now
}

// Grants returns what the services of the snapshot's stack get, and what their running
// tasks have that the services do not give any more. It is sorted.
func (s State) Grants() []Grant {
	var all []Grant
	for _, service := range s.Services {
		if service.Spec.Labels[stackLabel] != s.Stack {
			continue
		}
		given := s.grants(service.Spec.TaskTemplate, s.shortName(service))
		all = append(all, given...)
		for _, task := range s.Tasks {
			if task.ServiceID == service.ID && isRunning(task) {
				all = append(all, older(s.grants(task.Spec, s.shortName(service)), given)...)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Grant) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Secret, b.Secret), cmp.Compare(a.Object, b.Object))
	})
	return slices.Compact(all)
}

func (s State) shortName(service types.Service) string {
	return strings.TrimPrefix(service.Spec.Name, s.Stack+"_")
}

// grants returns what a task of spec gets.
func (s State) grants(spec types.TaskSpec, service string) []Grant {
	if spec.ContainerSpec == nil {
		return nil
	}
	var all []Grant
	for _, ref := range spec.ContainerSpec.Secrets {
		if ref == nil || ref.File == nil {
			continue
		}
		known := slices.ContainsFunc(s.Objects, func(o Object) bool { return o.Kind == Secret && o.ID == ref.SecretID })
		all = append(all, Grant{
			Service: service, Image: spec.ContainerSpec.Image, User: spec.ContainerSpec.User, Secret: s.logicalName(ref), Object: ref.SecretName,
			UID: ref.File.UID, GID: ref.File.GID, Mode: uint32(ref.File.Mode), Gone: !known,
		})
	}
	return all
}

// older returns those of has of which given has another version.
func older(has, given []Grant) []Grant {
	var all []Grant
	for _, grant := range has {
		other := func(g Grant) bool { return g.Secret == grant.Secret && g.Object != grant.Object }
		same := func(g Grant) bool { return g.Secret == grant.Secret && g.Object == grant.Object }
		if slices.ContainsFunc(given, other) && !slices.ContainsFunc(given, same) {
			grant.Task = true
			all = append(all, grant)
		}
	}
	return all
}

// OtherUsers returns the services of other stacks that use o, by their full names, with
// the stacks; services of no stack are left out.
func (s State) OtherUsers(o Object) map[string]string {
	users := map[string]string{}
	for _, service := range s.Services {
		stack := service.Spec.Labels[stackLabel]
		if stack != "" && stack != s.Stack && refersTo(service.Spec.TaskTemplate, o) {
			users[service.Spec.Name] = stack
		}
	}
	return users
}

// UsingStacks returns the stacks whose services use o, sorted.
func (s State) UsingStacks(o Object) []string {
	stacks := map[string]bool{}
	for _, service := range s.Services {
		if refersTo(service.Spec.TaskTemplate, o) {
			stacks[service.Spec.Labels[stackLabel]] = true
		}
	}
	delete(stacks, "")
	return slices.Sorted(maps.Keys(stacks))
}

// TaskFault is what the Engine says about a task that did not start.
type TaskFault struct {
	Service string // without the stack's name
	Text    string
}

// TaskFaults returns the faults of the tasks of the snapshot's stack that are to run.
func (s State) TaskFaults() []TaskFault {
	var all []TaskFault
	for _, service := range s.Services {
		if service.Spec.Labels[stackLabel] != s.Stack {
			continue
		}
		for _, task := range s.Tasks {
			if task.ServiceID == service.ID && task.Status.Err != "" && (isWanted(task) || hasFailed(task)) {
				all = append(all, TaskFault{s.shortName(service), task.Status.Err})
			}
		}
	}
	return all
}

// Clear is a variable that the Swarm holds in clear for the snapshot's stack.
type Clear struct {
	Where string // service app_web, previous spec
	Image string
	Name  string
	Value secret.Value
}

// Clear returns the variables of the stack's services, of their previous specifications
// and of their tasks.
func (s State) Clear() []Clear {
	var all []Clear
	names := map[string]string{}
	for _, service := range s.Services {
		if service.Spec.Labels[stackLabel] != s.Stack {
			continue
		}
		names[service.ID] = service.Spec.Name
		all = append(all, clearOf("service "+service.Spec.Name, service.Spec.TaskTemplate.ContainerSpec)...)
		if service.PreviousSpec != nil {
			all = append(all, clearOf("service "+service.Spec.Name+", previous spec", service.PreviousSpec.TaskTemplate.ContainerSpec)...)
		}
	}
	for _, task := range s.Tasks {
		if name := names[task.ServiceID]; name != "" {
			all = append(all, clearOf(fmt.Sprintf("task %s.%d (%s)", name, task.Slot, task.Status.State), task.Spec.ContainerSpec)...)
		}
	}
	return all
}

func clearOf(where string, spec *types.ContainerSpec) []Clear {
	if spec == nil {
		return nil
	}
	var all []Clear
	for _, entry := range spec.Env {
		if name, text, found := strings.Cut(entry, "="); found && text != "" {
			all = append(all, Clear{where, spec.Image, name, secret.NewValue(text)})
		}
	}
	return all
}

// StackOf returns the other stack that o belongs to, by our labels, by those of docker
// stack deploy, or because it is used there. It is "" for an object of the snapshot's own
// stack, and of none.
func (s State) StackOf(o Object) string {
	stack := cmp.Or(o.Owner.Stack, o.labels[stackLabel])
	if stack == "" {
		users := s.OtherUsers(o)
		for _, service := range slices.Sorted(maps.Keys(users)) {
			stack = cmp.Or(stack, users[service])
		}
	}
	if stack == s.Stack {
		return ""
	}
	return stack
}

// Same is a secret of another stack that has the value of one of ours.
type Same struct {
	Secret string // our logical name
	Other  Object
}

// SameValues asks the Engine which secrets that were created for other stacks have a
// value of wants, without writing anything (see Compare). asked is how many questions
// that were.
func SameValues(ctx context.Context, api API, state State, wants []Want) (same []Same, asked int, err error) {
	type pair struct {
		want  Want
		other Object
	}
	var pairs []pair
	for _, want := range wants {
		for _, object := range state.Objects {
			asks := want.Kind == Secret && want.Found && want.check() == nil && object.Template == want.Template
			if asks && object.Kind == Secret && state.StackOf(object) != "" && !state.runs(object) {
				pairs = append(pairs, pair{want, object})
			}
		}
	}
	equal := make([]bool, len(pairs))
	err = forEach(ctx, len(pairs), func(ctx context.Context, i int) error {
		var fault error
		equal[i], fault = sameValue(ctx, api, pairs[i].other, pairs[i].want.Value)
		return fault
	})
	if err != nil {
		return nil, 0, explain(err, api)
	}
	for i, p := range pairs {
		if equal[i] {
			same = append(same, Same{p.want.Name, p.other})
		}
	}
	return same, len(pairs), nil
}

// Autolocked reports whether the key of the Swarm's store is kept apart from it.
func Autolocked(ctx context.Context, api API) (bool, error) {
	swarm, err := retry(ctx, api.SwarmInspect)
	if err != nil {
		return false, explain(err, api)
	}
	return swarm.Spec.EncryptionConfig.AutoLockManagers, nil
}

// HasValue asks the Engine whether object has that value, without writing anything (see
// Compare). Nothing has an empty value.
func HasValue(ctx context.Context, api API, object Object, value secret.Value) (bool, error) {
	if value.Empty() {
		return false, nil
	}
	equal, err := sameValue(ctx, api, object, value)
	if err != nil {
		return false, explain(err, api)
	}
	return equal, nil
}
