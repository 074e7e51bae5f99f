package swarm

import (
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/mount"
	types "github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"
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

var databasePlan = Plan{Stack: "app", Ops: []Op{{Type: OpCreate, Name: "app_pw_v3", Secret: "pw"}}}

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
func TestJobIsLikeItsService(t *testing.T) {
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
func TestNewJobNeedsServiceOfThePlan(t *testing.T) {
	state := databaseState(version("id1", 1))
	if _, err := NewJob(state, databasePlan, "app", "x"); err == nil || err.Error() != "stack app has no service app; it has db" {
		t.Errorf("error %v", err)
	}
	other := Plan{Ops: []Op{{Type: OpCreate, Name: "k_v2", Secret: "k"}}}
	if _, err := NewJob(state, other, "db", "x"); err == nil || err.Error() != "service db does not read k; name the one that does" {
		t.Errorf("error %v", err)
	}
	there := Plan{Ops: []Op{{Type: OpKeep, Name: "app_pw", Secret: "pw"}}}
	if job, err := NewJob(state, there, "db", "x"); err != nil || !job.Empty() {
		t.Errorf("a job with nothing to do: %+v, %v", job, err)
	}
}

// Pending versions must stay until a newer one is in use, unless they are to go.
func TestPruneKeepsPendingVersions(t *testing.T) {
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
