package swarm

import (
	"maps"
	"strconv"
)

// Labels of the secrets and configs that we create. None is called
// com.docker.stack.namespace: docker stack rm would delete what carries it.
const (
	LabelStack   = "com.docker-secrets.stack"
	LabelName    = "com.docker-secrets.name"
	LabelVersion = "com.docker-secrets.version"

	// Of a config that every stack may use, instead of the three above. LabelUsedBy,
	// followed by the name of a stack, says that the stack was deployed with it.
	LabelCommon = "com.docker-secrets.common"
	LabelUsedBy = "com.docker-secrets.used-by."

	// Of a secret whose value comes from a secret manager: the reference to it
	// there, and the version that the manager gave. Neither is ever a value.
	LabelSource        = "com.docker-secrets.source"
	LabelSourceVersion = "com.docker-secrets.source-version"

	// Of what comes from a source that somebody had to allow: a JSON list of what was
	// allowed, so that the next deploy need not ask. It has places, never values.
	LabelAllowed = "com.docker-secrets.allowed"
)

// stackLabel is the label by which docker stack deploy marks its services.
const stackLabel = "com.docker.stack.namespace"

// Owner says for which stack, and for which of its secrets or configs, we created an
// object, and which version it is. The zero Owner means that we did not create it.
type Owner struct {
	Stack   string
	Secret  string // the logical name, of a config too
	Version int    // from 1
}

// ownerOf returns what labels say, the zero Owner if they are incomplete or make no
// sense.
func ownerOf(labels map[string]string) Owner {
	version, err := strconv.Atoi(labels[LabelVersion])
	if err != nil || version < 1 || labels[LabelStack] == "" || labels[LabelName] == "" {
		return Owner{}
	}
	return Owner{Stack: labels[LabelStack], Secret: labels[LabelName], Version: version}
}

func (o Owner) labels() map[string]string {
	return map[string]string{
		LabelStack:   o.Stack,
		LabelName:    o.Secret,
		LabelVersion: strconv.Itoa(o.Version),
	}
}

// Source says where a secret manager has a value, and as which version. The zero
// Source is for a value from any other place, or from one that was not recorded.
type Source struct {
	Reference string
	Version   string
}

func sourceOf(labels map[string]string) Source {
	if labels[LabelSource] == "" || labels[LabelSourceVersion] == "" {
		return Source{}
	}
	return Source{Reference: labels[LabelSource], Version: labels[LabelSourceVersion]}
}

// withSource returns a copy of labels that says s, and nothing of another source.
func withSource(labels map[string]string, s Source) map[string]string {
	all := maps.Clone(labels)
	delete(all, LabelSource)
	delete(all, LabelSourceVersion)
	if s != (Source{}) {
		all[LabelSource], all[LabelSourceVersion] = s.Reference, s.Version
	}
	return all
}
