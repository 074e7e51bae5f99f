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

	types "github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/pkg/stdcopy"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
)

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
func TestJobTriesValuesInUseFirst(t *testing.T) {
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
func TestJobEndsWithItsTime(t *testing.T) {
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
func TestJobUndoLeadsBack(t *testing.T) {
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

// A log must be taken apart wherever a value may start or end, and not be shown
// where the Engine cannot be asked.
func TestJobLogHidesValues(t *testing.T) {
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
