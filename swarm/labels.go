package swarm

import "strconv"

// Labels of the secrets and configs that we create. None is called
// com.docker.stack.namespace: docker stack rm would delete what carries it.
const (
	LabelStack   = "com.docker-secrets.stack"
	LabelName    = "com.docker-secrets.name"
	LabelVersion = "com.docker-secrets.version"
)

// stackLabel is the label by which docker stack deploy marks its services.
const stackLabel = "com.docker.stack.namespace"

// Owner says for which stack and logical name we created an object, and which
// version it is. The zero Owner means that we did not create it.
type Owner struct {
	Stack   string
	Name    string
	Version int // from 1
}

// ownerOf reads the labels. Labels that are incomplete or make no sense are not
// ours.
func ownerOf(labels map[string]string) Owner {
	version, err := strconv.Atoi(labels[LabelVersion])
	if err != nil || version < 1 || labels[LabelStack] == "" || labels[LabelName] == "" {
		return Owner{}
	}
	return Owner{Stack: labels[LabelStack], Name: labels[LabelName], Version: version}
}

func (o Owner) labels() map[string]string {
	return map[string]string{
		LabelStack:   o.Stack,
		LabelName:    o.Name,
		LabelVersion: strconv.Itoa(o.Version),
	}
}
