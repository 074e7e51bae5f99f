package swarm

import (
	"time"

	"github.com/docker/docker/api/types/container"
	types "github.com/docker/docker/api/types/swarm"
)

// DefaultStable is the least time for which the tasks of a service have to run, unless
// WatchOptions say another.
const DefaultStable = 10 * time.Second

// DefaultPatience is how long an error that repeats may go on.
const DefaultPatience = 30 * time.Second

// hopeless is how often a task must have failed in the same way.
const hopeless = 3

// defaultMonitor is how long the Engine itself monitors a task after an update
// when the service does not say.
const defaultMonitor = 5 * time.Second

func monitorPeriod(service types.Service) time.Duration {
	if config := service.Spec.UpdateConfig; config != nil && config.Monitor > 0 {
		return config.Monitor
	}
	return defaultMonitor
}

// stablePeriod returns how long the tasks of service have to run before they are taken
// for stable: the longest of DefaultStable, the service's monitor period, and the time
// in which its healthcheck can say that it fails. A healthcheck that the image has is not
// known. left is the time until the deadline, 0 without one: half of it is enough, so that
// a healthcheck which takes its time does not make a good deploy late.
func stablePeriod(service types.Service, left time.Duration) time.Duration {
	monitor := monitorPeriod(service)
	period := max(DefaultStable, monitor)
	if spec := service.Spec.TaskTemplate.ContainerSpec; spec != nil && hasHealthcheck(spec) {
		period = max(period, healthPeriod(*spec.Healthcheck))
	}
	if left > 0 {
		period = min(period, max(monitor, left/2))
	}
	return period
}

// hasHealthcheck reports whether the spec has a healthcheck of its own.
func hasHealthcheck(spec *types.ContainerSpec) bool {
	return spec.Healthcheck != nil && len(spec.Healthcheck.Test) > 0 && spec.Healthcheck.Test[0] != "NONE"
}

// healthPeriod returns how long a healthcheck takes to find out that a container is
// unhealthy, with the Engine's defaults.
func healthPeriod(check container.HealthConfig) time.Duration {
	interval, retries := check.Interval, check.Retries
	if interval == 0 {
		interval = 30 * time.Second
	}
	if retries == 0 {
		retries = 3
	}
	return check.StartPeriod + interval*time.Duration(retries)
}

// stopPeriod returns how long tasks of an older spec may take to stop. It is not longer,
// because a node that is down never reports the end of its tasks.
func stopPeriod(service types.Service) time.Duration {
	grace := 10 * time.Second // the Engine's default
	if spec := service.Spec.TaskTemplate.ContainerSpec; spec != nil && spec.StopGracePeriod != nil {
		grace = *spec.StopGracePeriod
	}
	return grace + monitorPeriod(service)
}

// reasonPeriod is how long a failed update may wait for the task that tells why.
const reasonPeriod = 3 * time.Second
