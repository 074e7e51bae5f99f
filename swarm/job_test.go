package swarm

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"
	types "github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/pkg/stdcopy"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
)

func secretRef(id, name, target string) *types.SecretReference {
	return &types.SecretReference{SecretID: id, SecretName: name, File: &types.SecretReferenceFileTarget{Name: target, UID: "999", GID: "999", Mode: 0o400}}
}

// databaseSpec is a service that has all that a job must not take over.
func databaseSpec() types.ServiceSpec {
	grace, attempts := time.Minute, uint64(3)
	return types.ServiceSpec{
		Annotations: types.Annotations{Name: "app_db", Labels: map[string]string{stackLabel: "app", "traefik.enable": "true"}},
		TaskTemplate: types.TaskSpec{
			ContainerSpec: &types.ContainerSpec{
				Image: "postgres:16", Labels: map[string]string{stackLabel: "app", "cron": "yes"},
				Command: []string{"/shim"}, Args: []string{"postgres"}, Hostname: "db", TTY: true, OpenStdin: true,
				Env: []string{"A=b"}, Dir: "/data", User: "999", StopSignal: "SIGINT", StopGracePeriod: &grace,
				Healthcheck: &container.HealthConfig{Test: []string{"CMD", "true"}},
				Mounts:      []mount.Mount{{Type: mount.TypeVolume, Source: "data", Target: "/data"}, {Type: mount.TypeBind, Source: "/srv", Target: "/srv"}, {Type: mount.TypeTmpfs, Target: "/tmp"}},
				Secrets:     []*types.SecretReference{secretRef("id1", "app_pw", "db_password"), secretRef("id9", "app_tls", "/etc/tls.key")},
				Configs:     []*types.ConfigReference{{ConfigID: "c1", ConfigName: "app_conf"}},
			},
			Resources:     &types.ResourceRequirements{Reservations: &types.Resources{MemoryBytes: 1 << 40}},
			RestartPolicy: &types.RestartPolicy{MaxAttempts: &attempts},
			Placement:     &types.Placement{Constraints: []string{"node.labels.db==1"}, MaxReplicas: 1},
			Networks:      []types.NetworkAttachmentConfig{{Target: "net", Aliases: []string{"db"}}},
			LogDriver:     &types.Driver{Name: "none"},
			ForceUpdate:   4,
		},
		UpdateConfig: &types.UpdateConfig{Parallelism: 1},
		EndpointSpec: &types.EndpointSpec{Ports: []types.PortConfig{{TargetPort: 5432, PublishedPort: 5432}}},
	}
}

func version(id string, n int, labels ...string) Object {
	owner := Owner{"app", "pw", n}
	o := Object{ID: id, Name: versionName("app_pw", n), Owner: owner, index: 9, labels: owner.labels()}
	for _, label := range labels {
		o.labels[label] = "db"
	}
	return o
}

func databaseState(objects ...Object) State {
	return State{
		Stack: "app", Objects: append(objects, Object{ID: "id9", Name: "app_tls"}),
		Services: []types.Service{{ID: "s1", Spec: databaseSpec()}},
		Tasks:    []types.Task{{ServiceID: "s1", NodeID: "n1", Status: types.TaskStatus{State: types.TaskStateRunning}, DesiredState: types.TaskStateRunning}},
	}
}

var databasePlan = Plan{Stack: "app", Ops: []Op{{Type: OpCreate, Name: "app_pw_v3", Want: "pw"}}}

func databaseJob(t *testing.T, objects ...Object) Job {
	t.Helper()
	job, err := NewJob(databaseState(objects...), databasePlan, "db", "do it")
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// A job must be like its service in all that its command needs, and in nothing that
// would disturb the service.
func TestJobSpec(t *testing.T) {
	job := databaseJob(t, version("id1", 1))
	one, second := uint64(1), time.Second
	labels := map[string]string{stackLabel: "app", labelJob: "app"}
	want := types.ServiceSpec{
		Annotations: types.Annotations{Name: "app_before-rotate", Labels: labels},
		TaskTemplate: types.TaskSpec{
			ContainerSpec: &types.ContainerSpec{
				Image: "postgres:16", Labels: labels, Command: []string{"/bin/sh", "-c", "do it"}, Env: []string{"A=b"}, Dir: "/data", User: "999",
				Healthcheck: &container.HealthConfig{Test: []string{"NONE"}}, StopGracePeriod: &second,
				Mounts: []mount.Mount{{Type: mount.TypeTmpfs, Target: "/tmp"}},
				Secrets: []*types.SecretReference{
					secretRef("id1", "app_pw", "db_password"), secretRef("id3", "app_pw_v3", "db_password.new"), secretRef("id9", "app_tls", "/etc/tls.key"),
				},
				Configs: []*types.ConfigReference{{ConfigID: "c1", ConfigName: "app_conf"}},
			},
			RestartPolicy: &types.RestartPolicy{Condition: types.RestartPolicyConditionNone},
			Placement:     &types.Placement{Constraints: []string{"node.labels.db==1", "node.id==n1"}},
			Networks:      []types.NetworkAttachmentConfig{{Target: "net"}},
		},
		Mode:         types.ServiceMode{Replicated: &types.ReplicatedService{Replicas: &one}},
		EndpointSpec: &types.EndpointSpec{Mode: types.ResolutionModeDNSRR},
	}
	if diff := cmp.Diff(want, job.spec([]reading{{version("id1", 1), version("id3", 3)}})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(databaseSpec(), job.of); diff != "" {
		t.Errorf("the service's spec was changed:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"/run/secrets/db_password.new"}, job.Files); diff != "" {
		t.Errorf("files (-want +got)\n%s", diff)
	}
}

// A job of a service that is not there, or that has nothing to do with the plan,
// must be refused; of one that has the new version already it must be empty.
func TestNewJob(t *testing.T) {
	state := databaseState(version("id1", 1))
	if _, err := NewJob(state, databasePlan, "app", "x"); err == nil || err.Error() != "stack app has no service app; it has db" {
		t.Errorf("error %v", err)
	}
	other := Plan{Ops: []Op{{Type: OpCreate, Name: "k_v2", Want: "k"}}}
	if _, err := NewJob(state, other, "db", "x"); err == nil || err.Error() != "service db does not read k; name the one that does" {
		t.Errorf("error %v", err)
	}
	there := Plan{Ops: []Op{{Type: OpKeep, Name: "app_pw", Want: "pw"}}}
	if job, err := NewJob(state, there, "db", "x"); err != nil || !job.Empty() {
		t.Errorf("a job with nothing to do: %+v, %v", job, err)
	}
}

// jobSwarm is a fake Swarm on which a command goes through when it finds good in
// its file, and else fails with log.
type jobSwarm struct {
	fakeAPI

	good, state, taskErr, log string
	seen                      []string // the version in use of each try
	there                     int      // services of jobs
}

func newJobSwarm(t *testing.T, good string, marked ...string) *jobSwarm {
	t.Helper()
	s := &jobSwarm{good: good, state: "failed", taskErr: "task: non-zero exit (7)"}
	secrets := map[string]types.Secret{}
	for n, id := range []string{"id1", "id2", "id3"} {
		o := version(id, n+1, marked...)
		secrets[id] = types.Secret{ID: id, Meta: types.Meta{Version: types.Version{Index: 9}}, Spec: types.SecretSpec{Annotations: types.Annotations{Name: o.Name, Labels: o.labels}}}
	}
	running := ""
	s.fakeAPI = fakeAPI{
		t: t,
		secretList: func() (all []types.Secret, _ error) {
			for _, one := range secrets {
				all = append(all, one)
			}
			return all, nil
		},
		secretUpdate: func(id string, _ types.Version, spec types.SecretSpec) error {
			if len(spec.Data) > 0 { // the equality question
				if id == "id1" && string(spec.Data) == "value-in-use" {
					return daemonError(answerEqual)
				}
				return daemonError(answerDiffers)
			}
			one := secrets[id]
			one.Spec.Labels = spec.Labels
			secrets[id] = one
			return nil
		},
		serviceCreate: func(spec types.ServiceSpec) (string, error) {
			s.there++
			running = spec.TaskTemplate.ContainerSpec.Secrets[0].SecretName
			s.seen = append(s.seen, running)
			return "job", nil
		},
		serviceList: func() ([]types.Service, error) { return make([]types.Service, s.there), nil },
		serviceRemove: func(string) error {
			s.there--
			return nil
		},
		taskList: func() ([]types.Task, error) {
			status := types.TaskStatus{State: types.TaskState(s.state), Err: s.taskErr}
			if running == s.good {
				status = types.TaskStatus{State: types.TaskStateComplete}
			}
			return []types.Task{{ID: "t", Status: status}}, nil
		},
		taskLogs: func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(stdout(s.log))), nil },
	}
	return s
}

// stdout is text as a task's log has it.
func stdout(text string) string {
	var log strings.Builder
	_, _ = stdcopy.NewStdWriter(&log, stdcopy.Stdout).Write([]byte(text))
	return log.String()
}

// A command must be tried with the values in use, then with those that an earlier
// job may have brought in; its service must be gone however it ends.
func TestJobRun(t *testing.T) {
	for _, tt := range []struct {
		name, good, state, err string
		tries                  string
		instead                string
	}{
		{name: "goes through", good: "app_pw", tries: "app_pw"},
		{name: "was brought in before", good: "app_pw_v2", tries: "app_pw app_pw_v2", instead: "app_pw_v2"},
		{name: "fails", good: "none", tries: "app_pw app_pw_v2", err: "the command in db did not succeed: task: non-zero exit (7)\n  | was [redacted] now [redacted][redacted] and PGPASSWORD=[redacted]"},
		{name: "is never started", good: "none", state: "rejected", tries: "app_pw", err: "the command in db did not succeed: task: non-zero exit (7)\n  | was [redacted] now [redacted][redacted] and PGPASSWORD=[redacted]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newJobSwarm(t, tt.good)
				api.log = "was value-in-use now value-in-usenew-value and PGPASSWORD=value-in-use\n"
				if tt.state != "" {
					api.state = tt.state
				}
				instead, err := databaseJob(t, version("id1", 1), version("id2", 2, labelPending)).Run(t.Context(), api, []secret.Value{secret.NewValue("new-value")})
				if (err == nil) != (tt.err == "") || err != nil && err.Error() != tt.err {
					t.Errorf("error %v, want %q", err, tt.err)
				}
				if got := strings.Join(api.seen, " "); got != tt.tries || strings.Join(instead, " ") != tt.instead {
					t.Errorf("tried with %s, went through instead with %v", got, instead)
				}
				if api.there != 0 {
					t.Error("a service is left")
				}
				if failed, is := errors.AsType[*JobError](err); is && failed.Ran == (tt.state == "rejected") {
					t.Errorf("ran: %v", failed.Ran)
				}
			})
		})
	}
}

// The end of the time, and that of patience, must end a job and remove its service.
func TestJobEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newJobSwarm(t, "none")
		api.state, api.taskErr = "pending", "no suitable node (1 node not available)"
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := databaseJob(t, version("id1", 1)).Run(ctx, api, nil)
		failed, is := errors.AsType[*JobError](err)
		if !is || !failed.Ran || failed.Reason != "it has not ended in time (no suitable node (1 node not available))" || api.there != 0 {
			t.Errorf("error %v, %d services are left", err, api.there)
		}
		stopped := errors.New("stopped")
		cancelled, stop := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { stop(stopped) })
		if _, err := databaseJob(t, version("id1", 1)).Run(cancelled, api, nil); !errors.Is(err, stopped) || api.there != 0 {
			t.Errorf("error %v, %d services are left", err, api.there)
		}
	})
}

// The other way round, a job must lead from the new value to the one in use, and
// the new one be pending no more.
func TestJobUndo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := newJobSwarm(t, "app_pw_v3", labelPending)
		if err := databaseJob(t, version("id1", 1)).Undo(t.Context(), api, nil); err != nil {
			t.Fatal(err)
		}
		all, _ := api.secretList()
		for _, one := range all {
			if marked := one.Spec.Labels[labelPending] != ""; marked == (one.ID == "id3") {
				t.Errorf("%s is marked: %v", one.Spec.Name, marked)
			}
		}
		if api.there != 0 {
			t.Error("a service is left")
		}
	})
}

// Pending versions must stay until a newer one is in use, unless they are to go.
func TestPrunePending(t *testing.T) {
	state := databaseState(version("id1", 1), version("id2", 2, labelPending))
	if plan := NewPrune("app", state, PruneOptions{Keep: 1}); !plan.Empty() {
		t.Errorf("removed:\n%s", plan)
	}
	if plan := NewPrune("app", state, PruneOptions{Keep: 1, Pending: true}); len(plan.Ops) != 1 || plan.Ops[0].Name != "app_pw_v2" {
		t.Errorf("removed:\n%s", plan)
	}
	state = databaseState(version("id0", 1), version("id2", 2, labelPending), version("id1", 3))
	if plan := NewPrune("app", state, PruneOptions{}); len(plan.Ops) != 2 {
		t.Errorf("removed:\n%s", plan)
	}
}

// A log must be taken apart wherever a value may start or end, and not be shown
// where the Engine cannot be asked.
func TestJobLog(t *testing.T) {
	for _, line := range []string{"value-in-use", "+ PGPASSWORD=value-in-use psql", `url: "postgres://u:value-in-use@db/app"`, "x 'value-in-use'.", "<value-in-use>"} {
		if all := words(line); !slices.Contains(all, "value-in-use") {
			t.Errorf("%s: %q", line, all)
		}
	}
	if all := words("DSN=u:p@ss/w0rd@db"); !slices.Contains(all, "p@ss/w0rd") {
		t.Errorf("%q", all)
	}
	api := newJobSwarm(t, "none")
	api.log = "so it is value-in-use\n"
	for index, want := range map[uint64]string{9: "so it is [redacted]", 0: "(not shown: it could not be searched for the value in use)"} {
		object := version("id1", 1)
		object.index = index
		if diff := cmp.Diff([]string{want}, logsWithout(t.Context(), api, "t", []reading{{object, version("id3", 3)}}, nil)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}
