package plugin

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// secretNames turns names given on the command line into those of the stack file.
// Both these and a version's name on the Swarm will do.
func secretNames(seen swarm.State, given []string) ([]string, error) {
	var names []string
	var faults []error
	for _, name := range given {
		for _, object := range seen.Objects {
			if object.Kind == swarm.Secret && object.Name == name && object.Owner.Stack == seen.Stack {
				name = object.Owner.Secret
			}
		}
		versions := seen.Versions(name)
		switch {
		case len(versions) == 0:
			faults = append(faults, fmt.Errorf("%s: no such secret in stack %s; it has %s", name, seen.Stack, known(seen)))
		case versions[0].Template:
			faults = append(faults, fmt.Errorf("%s is a template of other secrets and follows them; rotate those", name))
		default:
			names = append(names, name)
		}
	}
	return names, errors.Join(faults...)
}

// known lists the secrets of state's stack in words.
func known(state swarm.State) string {
	names := state.SecretNames()
	if len(names) == 0 {
		return "none; see docker secrets ls"
	}
	return strings.Join(names, ", ")
}

// pinOf returns the name that file gives the secret, else that of the version in use.
func pinOf(name string, file stackfile.Stack, seen swarm.State) string {
	for _, pin := range filePins(file) {
		if pin.Kind == swarm.Secret && pin.Secret == name {
			return pin.Object
		}
	}
	if used, ok := inUse(seen, name); ok {
		return used.Name
	}
	return seen.Versions(name)[0].Name
}

// usersOf returns the stack's services that use a version of the secret, sorted.
func usersOf(name string, seen swarm.State) []string {
	var services []string
	for _, version := range seen.Versions(name) {
		outside := seen.Outside(version)
		for _, user := range seen.Users(version) {
			if !slices.Contains(outside, user) {
				services = append(services, strings.TrimPrefix(user, seen.Stack+"_"))
			}
		}
	}
	slices.Sort(services)
	return slices.Compact(services)
}

// tellOutside names the services that use a secret which is rotated, and that this
// rotation does not reach because they are not of the stack.
func (r *rotation) tellOutside(p proposal) {
	for _, op := range p.plan.Ops {
		for _, version := range p.before.Versions(op.Secret) {
			if version.Name == op.Name {
				continue
			}
			for _, user := range p.before.Outside(version) {
				r.tell.note("%s is not of stack %s and stays on %s", user, r.stack, version.Name)
			}
		}
	}
}
