package swarm

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	types "github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// memory is what a watch knows besides what the Swarm shows now: what was there before
// the deploy, what was deployed, and how its tasks ended, which the Swarm forgets.
type memory struct {
	before   map[string]*types.Service // by ID
	ran      map[string]bool           // by task ID: ran before the deploy
	ended    map[string]bool           // by task ID: had ended before the deploy
	deployed map[string]*deployed      // by service ID
}

func newMemory(before State) memory {
	m := memory{before: map[string]*types.Service{}, ran: map[string]bool{}, ended: map[string]bool{}, deployed: map[string]*deployed{}}
	for i := range before.Services {
		m.before[before.Services[i].ID] = &before.Services[i]
	}
	for _, task := range before.Tasks {
		m.ran[task.ID], m.ended[task.ID] = isRunning(task), !isLive(task)
	}
	return m
}

// deployed is a service as the watch saw it first.
type deployed struct {
	service types.Service
	known   bool            // the service's spec is what was deployed: the Engine had not rolled it back yet
	before  *types.Service  // nil if it is new
	ended   map[string]bool // the memory's

	condition string               // that lasts
	since     time.Time            // the condition does
	running   map[string]time.Time // by task ID: seen to run since
	troubles  map[string]*trouble  // by slot
	longest   time.Duration        // that a task ran which failed then
	resumed   int                  // how often its update was taken up again
}

// trouble is an error that a slot has had since some time, also while a task of it ran
// in between, as one that crashes again and again does.
type trouble struct {
	kind  string
	since time.Time
	tasks map[string]bool // by ID: that ended with it
	fresh bool            // one of them ended since the last look
}

// remember returns what is known of service. What is seen first is what was deployed.
func (m memory) remember(service types.Service) *deployed {
	known, ok := m.deployed[service.ID]
	if !ok {
		known = &deployed{service: service, known: !isRolledBack(service), before: m.before[service.ID], ended: m.ended, running: map[string]time.Time{}, troubles: map[string]*trouble{}}
		m.deployed[service.ID] = known
	}
	return known
}

func isRolledBack(service types.Service) bool {
	status := service.UpdateStatus
	return status != nil && (status.State == types.UpdateStateRollbackStarted ||
		status.State == types.UpdateStateRollbackPaused || status.State == types.UpdateStateRollbackCompleted)
}

// gone returns what was deployed and is not among services any more, sorted by name.
func (m memory) gone(services []types.Service) []*deployed {
	left := maps.Clone(m.deployed)
	for _, service := range services {
		delete(left, service.ID)
	}
	return slices.SortedFunc(maps.Values(left), func(a, b *deployed) int {
		return cmp.Compare(a.service.Spec.Name, b.service.Spec.Name)
	})
}

// ranBefore reports whether all of tasks ran before the deploy already.
func (m memory) ranBefore(tasks []types.Task) bool {
	return !slices.ContainsFunc(tasks, func(t types.Task) bool { return !m.ran[t.ID] })
}

// unchanged reports whether the deploy wrote the spec that was there.
func (d *deployed) unchanged(now types.Service) bool {
	return d.before != nil && reflect.DeepEqual(d.before.Spec, now.Spec)
}

// past returns what judge has to know.
func (d *deployed) past(noWaitJobs bool) past {
	return past{deployed: d.service, ended: d.ended, noWaitJobs: noWaitJobs}
}

// lasted returns how long the condition has lasted that v names.
func (d *deployed) lasted(condition string, now time.Time) time.Duration {
	if condition == "" || condition != d.condition {
		d.condition, d.since = condition, now
	}
	return now.Sub(d.since)
}

// note remembers how v's tasks are doing. A task that ended because its node or its
// daemon did is no failure.
func (d *deployed) note(v verdict, now time.Time) {
	for _, t := range d.troubles {
		t.fresh = false
	}
	for _, task := range v.slots {
		slot := slotOf(v.service, task)
		switch {
		case isRunning(task):
			d.noteRunning(slot, task.ID, now)
		case isLive(task) && task.Status.Err != "":
			d.trouble(slot, task.Status.Err, now)
		}
	}
	for _, task := range v.failures {
		t := d.trouble(slotOf(v.service, task), taskError(&task), now)
		t.fresh = t.fresh || !t.tasks[task.ID]
		t.tasks[task.ID] = true
		if since, known := d.running[task.ID]; known {
			d.longest = max(d.longest, now.Sub(since))
			delete(d.running, task.ID)
		}
	}
}

// noteRunning remembers that a task runs. What its slot waited for has come.
func (d *deployed) noteRunning(slot, task string, now time.Time) {
	if _, known := d.running[task]; !known {
		d.running[task] = now
	}
	if t := d.troubles[slot]; t != nil && len(t.tasks) == 0 {
		delete(d.troubles, slot)
	}
}

// trouble returns the slot's trouble, a new one if the error is of another kind.
func (d *deployed) trouble(slot, text string, now time.Time) *trouble {
	kind := kindOf(text)
	if t := d.troubles[slot]; t != nil && t.kind == kind {
		return t
	}
	d.troubles[slot] = &trouble{kind: kind, since: now, tasks: map[string]bool{}}
	return d.troubles[slot]
}

// settledDown forgets the troubles: the service ran as long as it had to.
func (d *deployed) settledDown() { clear(d.troubles) }

// identifier is what differs between two errors of one kind.
var identifier = lazyregexp.New(`\b[0-9a-z]{25}\b|\b[0-9a-f]{12,}\b`) //nolint:gochecknoglobals // compiled once, never written

func kindOf(text string) string { return identifier().ReplaceAllString(text, "…") }

// slotOf returns the task's slot; of a global service a node is a slot.
func slotOf(service types.Service, task types.Task) string {
	if isGlobal(service) {
		return task.NodeID
	}
	return strconv.Itoa(task.Slot)
}
