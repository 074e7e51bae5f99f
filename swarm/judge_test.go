package swarm

import (
	"fmt"
	"strings"
	"testing"
	"time"

	types "github.com/docker/docker/api/types/swarm"
)

// epoch is when everything in a judged Swarm happened.
var epoch = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// judged is a service with two replicas of spec "new", changed by opts.
func judged(opts ...func(*types.Service)) types.Service {
	two := uint64(2)
	service := types.Service{ID: "s", Spec: types.ServiceSpec{
		Annotations:  types.Annotations{Name: "app_web"},
		Mode:         types.ServiceMode{Replicated: &types.ReplicatedService{Replicas: &two}},
		TaskTemplate: taskSpec("new"),
	}}
	for _, opt := range opts {
		opt(&service)
	}
	return service
}

func taskSpec(image string) types.TaskSpec {
	return types.TaskSpec{ContainerSpec: &types.ContainerSpec{Image: image}}
}

// tasks reads one task a word: SLOT/SPEC/STATE/DESIRED, the newest last.
func tasks(service types.Service, words string) []types.Task {
	var all []types.Task
	for i, word := range strings.Fields(words) {
		parts := strings.Split(word, "/")
		spec := service.Spec.TaskTemplate
		if parts[1] != "new" {
			spec = taskSpec(parts[1])
		}
		spec.Runtime = ""
		all = append(all, types.Task{
			ID: fmt.Sprintf("t%d", i), ServiceID: "s", Slot: int(parts[0][0] - '0'), Spec: spec,
			Meta:   types.Meta{CreatedAt: epoch.Add(time.Duration(i) * time.Second)},
			Status: types.TaskStatus{State: types.TaskState(parts[2])}, DesiredState: types.TaskState(parts[3]),
		})
		if parts[2] == "lost" {
			all[i].Status.State = types.TaskStateFailed
		}
		all[i].Status.Err = map[string]string{
			"failed": "task: non-zero exit (1)", "lost": "No such container: app_web.2.abc",
			"pending": "no suitable node", "preparing": "No such image",
		}[parts[2]]
	}
	return all
}

func never(s *types.Service) {
	s.Spec.TaskTemplate.RestartPolicy = &types.RestartPolicy{Condition: types.RestartPolicyConditionNone}
}

func update(state types.UpdateState, after time.Duration) func(*types.Service) {
	return func(s *types.Service) {
		at := epoch.Add(after)
		s.UpdateStatus = &types.UpdateStatus{State: state, CompletedAt: &at, Message: "said so"}
	}
}

// pausedFor is an update that was paused for the first of the tasks.
func pausedFor(s *types.Service) {
	s.UpdateStatus = &types.UpdateStatus{State: types.UpdateStatePaused, Message: "update paused due to failure or early termination of task t0"}
}

func manually(s *types.Service) {
	s.UpdateStatus = &types.UpdateStatus{State: types.UpdateStateRollbackCompleted, Message: manual}
}

func published(s *types.Service) {
	s.Spec.EndpointSpec = &types.EndpointSpec{Ports: []types.PortConfig{{TargetPort: 80, PublishedPort: 80}}}
}

func jobOf(n uint64) func(*types.Service) {
	return func(s *types.Service) {
		s.Spec.Mode = types.ServiceMode{ReplicatedJob: &types.ReplicatedJob{TotalCompletions: &n}}
	}
}

func zero(s *types.Service) { s.Spec.Mode.Replicated.Replicas = new(uint64) }

func global(s *types.Service) { s.Spec.Mode = types.ServiceMode{Global: &types.GlobalService{}} }

// Only tasks of the current spec that Swarm wants must count, and what cannot come right must fail.
func TestJudgeCountsTasksOfCurrentSpec(t *testing.T) {
	for _, tt := range []struct {
		name    string
		service types.Service
		tasks   string
		want    string // running/wanted and the outcome: waits, lasts (for the period), holds (while the Engine updates), settled, stuck, resumes, failed
	}{
		{"no task yet", judged(), "", "0/2 waits"},
		{"old tasks alone", judged(), "1/old/running/running 2/old/running/running", "0/2 waits"},
		{"half of it", judged(), "1/old/shutdown/shutdown 1/new/running/running 2/old/running/running", "1/2 waits"},
		{"an old one still wanted", judged(), "1/new/running/running 2/new/running/running 3/old/running/running", "2/2 waits"},
		{"an old one still stops", judged(), "1/old/running/shutdown 1/new/running/running 2/new/running/running", "2/2 lasts"},
		{"all there", judged(), "1/new/running/running 2/new/running/running", "2/2 lasts"},
		{"starting", judged(), "1/new/starting/running 2/new/running/running", "1/2 waits"},
		{"about to be replaced", judged(), "1/new/running/shutdown 2/new/running/running", "1/2 waits"},
		{"failed once and runs", judged(), "1/new/failed/shutdown 1/new/running/running 2/new/running/running", "2/2 lasts"},
		{"failing", judged(), "1/new/failed/shutdown 1/new/ready/ready 2/new/running/running", "1/2 waits"},
		{"went on with the older task", judged(), "1/new/running/running 1/new/shutdown/shutdown 2/new/running/running", "2/2 lasts"},
		{"runtime is named in a service only", judged(func(s *types.Service) { s.Spec.TaskTemplate.Runtime = types.RuntimeContainer }), "1/new/running/running 2/new/running/running", "2/2 lasts"},

		{"update under way", judged(update(types.UpdateStateUpdating, 0)), "1/new/running/running 2/old/running/running", "1/2 waits"},
		{"update being monitored", judged(update(types.UpdateStateUpdating, 0)), "1/new/running/running 2/new/running/running", "2/2 holds"},
		{"update completed", judged(update(types.UpdateStateCompleted, time.Minute)), "1/new/running/running 2/new/running/running", "2/2 lasts"},
		{"failed after the update", judged(update(types.UpdateStateCompleted, 2*time.Second)), "1/new/failed/shutdown 2/new/running/running 1/new/running/running", "2/2 lasts"},
		{"update paused", judged(update(types.UpdateStatePaused, 0)), "1/new/failed/shutdown 1/new/running/running 2/new/running/running", "2/2 failed"},
		{"update paused, and no task tells why yet", judged(update(types.UpdateStatePaused, 0)), "1/new/running/running 2/new/running/running", "2/2 resumes"},
		{"update paused, and the named task was stopped", judged(pausedFor), "1/new/running/shutdown 1/new/ready/ready 2/old/running/running", "0/2 resumes"},
		{"update paused, and the named task failed", judged(pausedFor), "1/new/failed/shutdown 1/new/ready/ready 2/old/running/running", "0/2 failed"},
		{"update paused for a task that completed", judged(pausedFor), "1/new/complete/shutdown 1/new/ready/ready 2/old/running/running", "0/2 failed"},
		{"rolled back by hand", judged(manually), "1/new/running/running 2/new/running/running", "2/2 stuck"},
		{"rolled back, and no task failed", judged(update(types.UpdateStateRollbackCompleted, 0)), "1/new/running/running 2/new/running/running", "2/2 resumes"},
		{"rollback started", judged(update(types.UpdateStateRollbackStarted, 0)), "1/old/failed/shutdown 1/new/running/running 2/new/running/running", "2/2 failed"},
		{"rolled back", judged(update(types.UpdateStateRollbackCompleted, 0)), "1/old/failed/shutdown 1/new/running/running 2/new/running/running", "2/2 failed"},

		{"one-shot completes", judged(never), "1/new/complete/shutdown 2/new/complete/shutdown", "2/2 settled"},
		{"one-shot completes, which pauses its update", judged(never, update(types.UpdateStatePaused, 0)), "1/old/complete/shutdown 1/new/complete/shutdown 2/new/complete/shutdown", "2/2 settled"},
		{"one-shot fails in an update", judged(never, update(types.UpdateStatePaused, 0)), "1/new/failed/shutdown 2/old/complete/shutdown", "0/2 failed"},
		{"one-shot runs", judged(never), "1/new/running/running 2/new/complete/shutdown", "1/2 waits"},
		{"server that is never restarted runs", judged(never, published), "1/new/running/running 2/new/running/running", "2/2 lasts"},
		{"one-shot failed", judged(never), "1/new/failed/shutdown 2/new/running/running", "0/2 stuck"},
		{"one-shot failed just now", judged(never), "1/new/failed/running 2/new/running/running", "0/2 waits"},
		{"ends by itself but is restarted", judged(), "1/new/complete/shutdown 1/new/ready/ready 2/new/running/running", "1/2 waits"},

		{"job half done", judged(jobOf(2)), "0/new/complete/complete 1/new/running/complete", "1/2 waits"},
		{"job done", judged(jobOf(2)), "0/new/complete/complete 1/new/complete/complete", "2/2 settled"},
		{"no replicas", judged(zero), "", "0/0 settled"},
		{"global without a node", judged(global), "", "0/0 waits"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := judge(tt.service, tasks(tt.service, tt.tasks), past{deployed: tt.service})
			outcome := "waits"
			switch {
			case v.failed:
				outcome = "failed"
			case v.stuck && v.resumable:
				outcome = "resumes"
			case v.stuck:
				outcome = "stuck"
			case v.updating && v.condition != "":
				outcome = "holds"
			case v.condition != "" && v.settled:
				outcome = "settled"
			case v.condition != "":
				outcome = "lasts"
			}
			got := fmt.Sprintf("%d/%d %s", v.progress.Running, v.progress.Wanted, outcome)
			if got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}
