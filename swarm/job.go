package swarm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	types "github.com/docker/docker/api/types/swarm"
)

// Job is a command that runs once, beside a service and before a switch, to make
// the new values known where no service can: inside a database. It finds the
// values in use in the files that the service has, and the new ones beside them,
// in files whose names end in .new.
type Job struct {
	Service string   // without the stack's name
	Secrets []string // the logical names of what it gets new values of, sorted
	Files   []string // where it finds them: /run/secrets/db_password.new, sorted

	stack   string
	of      types.ServiceSpec
	node    string // where a task of the service runs, and its image is; or ""
	command string
	swaps   []swap
}

// swap is one secret of the service that the plan replaces.
type swap struct {
	ref     types.SecretReference
	inUse   Object
	next    string   // the new version's name on the Swarm
	pending []Object // versions that an earlier job may have brought in, the newest first
}

// jobSuffix is the end of the names of the files that hold new values.
const jobSuffix = ".new"

// NewJob makes a job of command, which /bin/sh runs, beside the service of the
// snapshot's stack with that name. It fails when there is no such service, or
// when it does not read any of the secrets in plan.
func NewJob(state State, plan Plan, service, command string) (Job, error) {
	of, err := state.service(service)
	if err != nil {
		return Job{}, err
	}
	job := Job{Service: service, stack: state.Stack, of: of.Spec, node: state.nodeOf(of), command: command}
	var wanted []string
	for _, op := range plan.Ops {
		if op.Kind != Secret {
			continue
		}
		wanted = append(wanted, op.Secret)
		for _, ref := range of.Spec.TaskTemplate.ContainerSpec.Secrets {
			if ref == nil || ref.File == nil || state.logicalName(ref) != op.Secret {
				continue
			}
			job.Secrets = append(job.Secrets, op.Secret)
			if ref.SecretName != op.Name {
				job.swaps = append(job.swaps, swap{*ref, state.referred(*ref), op.Name, state.pending(op.Secret, ref.SecretID)})
				job.Files = append(job.Files, secretPath(ref.File.Name)+jobSuffix)
			}
		}
	}
	if len(job.Secrets) == 0 {
		return Job{}, fmt.Errorf("service %s does not read %s; name the one that does", service, strings.Join(wanted, ", "))
	}
	slices.Sort(job.Secrets)
	job.Secrets = slices.Compact(job.Secrets)
	slices.Sort(job.Files)
	return job, nil
}

// Empty reports whether the service uses the new versions already: then the job has
// nothing to do.
func (j Job) Empty() bool { return len(j.swaps) == 0 }

// service returns the service of the snapshot's stack with that short name.
func (s State) service(name string) (types.Service, error) {
	var names []string
	for _, service := range s.Services {
		if service.Spec.Labels[stackLabel] != s.Stack || service.Spec.Labels[labelJob] != "" || service.Spec.TaskTemplate.ContainerSpec == nil {
			continue
		}
		short := strings.TrimPrefix(service.Spec.Name, s.Stack+"_")
		if short == name {
			return service, nil
		}
		names = append(names, short)
	}
	return types.Service{}, fmt.Errorf("stack %s has no service %s; it has %s", s.Stack, name, cmp.Or(strings.Join(names, ", "), "none"))
}

// nodeOf returns a node on which a task of service runs: the service's image,
// which may need credentials to be fetched, is there.
func (s State) nodeOf(service types.Service) string {
	for _, task := range s.Tasks {
		if task.ServiceID == service.ID && isRunning(task) {
			return task.NodeID
		}
	}
	return ""
}

// referred returns the secret that ref refers to.
func (s State) referred(ref types.SecretReference) Object {
	for _, object := range s.Objects {
		if object.ID == ref.SecretID {
			return object
		}
	}
	return Object{ID: ref.SecretID, Name: ref.SecretName}
}

// secretPath returns where a container finds the file of a secret.
func secretPath(target string) string {
	if strings.HasPrefix(target, "/") {
		return target
	}
	return "/run/secrets/" + target
}
