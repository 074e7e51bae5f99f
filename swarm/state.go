package swarm

import (
	"cmp"
	"slices"
	"time"

	types "github.com/docker/docker/api/types/swarm"
)

// State is one snapshot of a whole Swarm. Other stacks are in it, because they
// may refer to a secret of ours.
type State struct {
	Stack    string            // the stack that the snapshot was taken for
	Objects  []Object          // secrets, then configs, each sorted by name
	Services []types.Service   // sorted by name
	Tasks    []types.Task      // of every service, ended ones included, as the Engine lists them
	Nodes    map[string]string // host names by node ID

	answers map[question]bool // what Compare learned: are the bytes equal?
}

// Object is a secret or a config on the Swarm.
type Object struct {
	Kind      Kind
	ID        string
	Name      string
	Owner     Owner
	Source    Source
	Made      Made
	Template  bool
	Common    bool // a config that we made for every stack; it has no Owner
	CreatedAt time.Time

	allowed []string // about its source; see LabelAllowed

	index  uint64 // the Engine's version index of the object
	labels map[string]string
	data   []byte // a config's content
}

// question is one equality question: does the object have the value that is
// wanted for a logical name?
type question struct {
	kind Kind
	name string // the logical name
	id   string // the object's
}

func secretObject(s types.Secret) Object {
	return Object{
		Kind: Secret, ID: s.ID, Name: s.Spec.Name, Owner: ownerOf(s.Spec.Labels), Source: sourceOf(s.Spec.Labels), Made: madeOf(s.Spec.Labels),
		Template: s.Spec.Templating != nil, CreatedAt: s.CreatedAt,
		allowed: allowedOf(s.Spec.Labels), index: s.Version.Index, labels: s.Spec.Labels,
	}
}

func configObject(c types.Config) Object {
	return Object{
		Kind: Config, ID: c.ID, Name: c.Spec.Name, Owner: ownerOf(c.Spec.Labels),
		Template: c.Spec.Templating != nil, Common: c.Spec.Labels[LabelCommon] != "", CreatedAt: c.CreatedAt,
		allowed: allowedOf(c.Spec.Labels), index: c.Version.Index, labels: c.Spec.Labels, data: c.Spec.Data,
	}
}

func compareObjects(a, b Object) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
}

// find returns the object of that kind and name on the Swarm.
func (s State) find(kind Kind, name string) (Object, bool) {
	i, found := slices.BinarySearchFunc(s.Objects, Object{Kind: kind, Name: name}, compareObjects)
	if !found {
		return Object{}, false
	}
	return s.Objects[i], true
}

// Users returns the services, of any stack, whose current spec refers to o,
// sorted.
func (s State) Users(o Object) []string {
	var users []string
	for _, service := range s.Services {
		if refersTo(service.Spec.TaskTemplate, o) {
			users = append(users, service.Spec.Name)
		}
	}
	return users
}

// refersTo reports whether a task of that spec gets o.
func refersTo(spec types.TaskSpec, o Object) bool {
	if spec.ContainerSpec == nil {
		return false
	}
	if o.Kind == Config {
		return slices.ContainsFunc(spec.ContainerSpec.Configs, func(ref *types.ConfigReference) bool {
			return ref != nil && ref.ConfigID == o.ID
		})
	}
	return slices.ContainsFunc(spec.ContainerSpec.Secrets, func(ref *types.SecretReference) bool {
		return ref != nil && ref.SecretID == o.ID
	})
}
