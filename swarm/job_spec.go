package swarm

import (
	"fmt"
	"slices"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"
	types "github.com/docker/docker/api/types/swarm"
)

// labelJob marks the service of a job; its value is the stack. It finds the job of a run
// that was killed.
const labelJob = "com.docker-secrets.job"

// jobGrace is how long a command may take to end when it is stopped.
const jobGrace = time.Second

// reading says which versions a job finds in the files of one secret: the value to
// change from, and the one to change to.
type reading struct{ now, next Object }

// spec returns the job's service, with one reading for each of j.swaps.
func (j Job) spec(readings []reading) types.ServiceSpec {
	labels := map[string]string{stackLabel: j.stack, labelJob: j.stack}
	task := j.of.TaskTemplate
	command := *task.ContainerSpec
	command.Command, command.Args = []string{"/bin/sh", "-c", j.command}, nil
	command.Labels = labels
	command.Hostname, command.TTY, command.OpenStdin, command.StopSignal = "", false, false, ""
	grace := jobGrace
	command.StopGracePeriod = &grace
	// Without one of its own the container would have the image's.
	command.Healthcheck = &container.HealthConfig{Test: []string{"NONE"}}
	command.Mounts = scratch(command.Mounts)
	command.Secrets = j.references(readings)
	replicas := uint64(1)
	return types.ServiceSpec{
		// docker stack rm and docker stack ps know the job by the stack's label.
		Annotations: types.Annotations{Name: fmt.Sprintf("%.40s_before-rotate", j.stack), Labels: labels},
		TaskTemplate: types.TaskSpec{
			ContainerSpec: &command,
			RestartPolicy: &types.RestartPolicy{Condition: types.RestartPolicyConditionNone},
			Placement:     j.placement(),
			Networks:      attachments(task.Networks),
		},
		// Not the job mode: the Engine lets a task of that run on when its service is
		// removed, and runs it again elsewhere when its node is lost.
		Mode:         types.ServiceMode{Replicated: &types.ReplicatedService{Replicas: &replicas}},
		EndpointSpec: &types.EndpointSpec{Mode: types.ResolutionModeDNSRR},
	}
}

// references returns the service's secrets, with those of readings in their place and the
// new versions beside them.
func (j Job) references(readings []reading) []*types.SecretReference {
	var refs []*types.SecretReference
	for _, ref := range j.of.TaskTemplate.ContainerSpec.Secrets {
		if ref == nil {
			continue
		}
		i := slices.IndexFunc(j.swaps, func(s swap) bool { return s.ref == *ref })
		if i < 0 {
			refs = append(refs, ref)
			continue
		}
		file := *ref.File
		file.Name += jobSuffix
		refs = append(
			refs,
			&types.SecretReference{File: ref.File, SecretID: readings[i].now.ID, SecretName: readings[i].now.Name},
			&types.SecretReference{File: &file, SecretID: readings[i].next.ID, SecretName: readings[i].next.Name},
		)
	}
	return refs
}

// scratch returns the mounts whose content does not outlive the task. A database's data
// must not be mounted twice.
func scratch(mounts []mount.Mount) []mount.Mount {
	return slices.DeleteFunc(slices.Clone(mounts), func(m mount.Mount) bool { return m.Type != mount.TypeTmpfs })
}

// attachments returns the service's networks without its names there: a client of the
// service must not reach the job.
func attachments(networks []types.NetworkAttachmentConfig) []types.NetworkAttachmentConfig {
	networks = slices.Clone(networks)
	for i := range networks {
		networks[i].Aliases = nil
	}
	return networks
}

// placement returns where the service may run, narrowed to a node that has its image.
func (j Job) placement() *types.Placement {
	var placement types.Placement
	if of := j.of.TaskTemplate.Placement; of != nil {
		placement.Constraints, placement.Platforms = slices.Clone(of.Constraints), of.Platforms
	}
	if j.node != "" {
		placement.Constraints = append(placement.Constraints, "node.id=="+j.node)
	}
	return &placement
}
