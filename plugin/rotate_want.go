package plugin

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// want turns the names given into what is wanted of the Swarm. Both the name in
// the stack file and a version's name on the Swarm will do.
func (r *rotation) want() error {
	var faults []error
	for _, name := range r.options.secrets {
		for _, object := range r.before.Objects {
			if object.Kind == swarm.Secret && object.Name == name && object.Owner.Stack == r.stack {
				name = object.Owner.Name
			}
		}
		versions := r.before.Versions(name)
		switch {
		case len(versions) == 0:
			faults = append(faults, fmt.Errorf("%s: docker secrets made no such secret for stack %s; it made %s", name, r.stack, known(r.before)))
			continue
		case versions[0].Template:
			faults = append(faults, fmt.Errorf("%s is made of other secrets by a template, and follows them; rotate those", name))
			continue
		}
		r.wants = append(r.wants, swarm.Want{Name: name, Pin: r.pinOf(name, versions), Services: r.usersOf(versions)})
	}
	return errors.Join(faults...)
}

func known(state swarm.State) string {
	names := state.SecretNames()
	if len(names) == 0 {
		return "none; see docker secrets ls"
	}
	return strings.Join(names, ", ")
}

// pinOf is the name that the stack file gives, or that of the version in use.
func (r *rotation) pinOf(name string, versions []swarm.Object) string {
	for _, pin := range filePins(r.file) {
		if pin.Kind == swarm.Secret && pin.Secret == name {
			return pin.Object
		}
	}
	for _, version := range versions {
		if len(r.before.Users(version)) > 0 {
			return version.Name
		}
	}
	return versions[0].Name
}

// usersOf is the stack's services that use one of the versions, sorted.
func (r *rotation) usersOf(versions []swarm.Object) []string {
	var services []string
	for _, version := range versions {
		outside := r.before.Outside(version)
		for _, user := range r.before.Users(version) {
			if !slices.Contains(outside, user) {
				services = append(services, strings.TrimPrefix(user, r.stack+"_"))
			}
		}
	}
	slices.Sort(services)
	return slices.Compact(services)
}

// tellOutside names the services that use a secret which is rotated, and that this
// rotation does not reach because they are not of the stack.
func (r *rotation) tellOutside() {
	for _, op := range r.plan.Ops {
		for _, version := range r.before.Versions(op.Want) {
			if version.Name == op.Name {
				continue
			}
			for _, user := range r.before.Outside(version) {
				r.tell.note("%s is not of stack %s and stays on %s", user, r.stack, version.Name)
			}
		}
	}
}
