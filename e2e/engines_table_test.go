package e2e

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// enginesPage has a table of what differs between Engines, which people read and
// TestEnginesDifferAsDocumented compares with what it sees.
const enginesPage = "../docs/engines.md"

// differences are the rows of the table: its first cell, and what is seen.
var differences = []struct {
	row string
	see func(*testing.T, *rig) string
}{
	{"newest API version", func(t *testing.T, r *rig) string {
		t.Helper()
		return serverVersions(t, r).newest
	}},
	{"oldest API version", func(t *testing.T, r *rig) string {
		t.Helper()
		return serverVersions(t, r).oldest
	}},
	{"log drivers `gcplogs` and `logentries`", func(t *testing.T, r *rig) string {
		t.Helper()
		info, err := r.engine.Client.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return yesOrNo(slices.Contains(info.Plugins.Log, "gcplogs") && slices.Contains(info.Plugins.Log, "logentries"))
	}},
	{"`docker stack deploy` knows `--detach`", func(_ *testing.T, r *rig) string {
		return yesOrNo(strings.Contains(r.must("stack", "deploy", "--help").stdout, "--detach"))
	}},
	{"`docker stack config`", func(_ *testing.T, r *rig) string {
		r.write("config.yml", "version: \"3.9\"\nservices: {app: {image: \"busybox:local\"}}\n")
		return yesOrNo(strings.Contains(r.docker("stack", "config", "-c", "config.yml").stdout, "busybox:local"))
	}},
	{"a stack file without `version:`", func(_ *testing.T, r *rig) string {
		return r.takes("services: {app: {image: \"busybox:local\", command: [sleep, \"1\"], deploy: {replicas: 0}}}\n")
	}},
	{"a variable that is called `n`, as `n: \"1\"`", func(_ *testing.T, r *rig) string {
		return r.takes("version: \"3.9\"\nservices: {app: {image: \"busybox:local\", environment: {n: \"1\"}, deploy: {replicas: 0}}}\n")
	}},
	{"a task whose image cannot be pulled", missingImageState},
}

// What docs/engines.md says of an Engine must be what that Engine and its CLI do.
func TestEnginesDifferAsDocumented(t *testing.T) {
	t.Parallel()
	for _, suite := range suites {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			r := rigAt(t, enginetest.Suite(t, suite))
			r.removeStack("differs")
			version := versionOf(t, r.engine)
			want := documentedOf(t, version)
			got := map[string]string{}
			for _, difference := range differences {
				got[difference.row] = difference.see(t, r)
			}
			if want == nil {
				t.Skipf("%s has no column for %s; it would be %v", enginesPage, version, got)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s (-page +seen):\n%s", enginesPage, version, diff)
			}
		})
	}
}

// documentedOf reads an Engine's column of the page's first table; nil if there is none.
func documentedOf(t *testing.T, version string) map[string]string {
	t.Helper()
	page, err := os.ReadFile(enginesPage)
	if err != nil {
		t.Fatal(err)
	}
	var column int
	var found map[string]string
	for line := range strings.Lines(string(page)) {
		cells := regexp.MustCompile(`\s*\|\s*`).Split(strings.TrimSpace(line), -1)
		switch {
		case len(cells) < 4 && found != nil:
			return found // the table has ended
		case len(cells) < 4 || strings.HasPrefix(cells[1], "---"):
		case found == nil:
			column = slices.IndexFunc(cells, func(cell string) bool { return cell != "" && strings.HasPrefix(version, cell+".") })
			if column < 0 {
				return nil
			}
			found = map[string]string{}
		default:
			found[cells[1]] = cells[column]
		}
	}
	return found
}

type apiVersions struct{ newest, oldest string }

func serverVersions(t *testing.T, r *rig) apiVersions {
	t.Helper()
	server, err := r.engine.Client.ServerVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return apiVersions{server.APIVersion, server.MinAPIVersion}
}

func yesOrNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// takes tells what docker stack deploy does with a stack file.
func (r *rig) takes(file string) string {
	r.t.Helper()
	r.write("differs.yml", file)
	if got := r.docker("stack", "deploy", "--resolve-image", "never", "-c", "differs.yml", "differs"); got.code != 0 {
		r.t.Log(got.stderr)
		return "refused"
	}
	return "taken"
}

// missingImageState is the state of a task when the Engine first says what is wrong.
func missingImageState(t *testing.T, r *rig) string {
	t.Helper()
	r.write("differs.yml", "version: \"3.9\"\nservices: {pulls: {image: \"registry.invalid/no:1\"}}\n")
	r.must("stack", "deploy", "--resolve-image", "never", "-c", "differs.yml", "differs")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var state swarm.TaskState
	r.eventually(ctx, "a task has an error", func() bool {
		tasks, err := r.engine.Client.TaskList(ctx, swarm.TaskListOptions{Filters: filters.NewArgs(filters.Arg("service", "differs_pulls"))})
		if err != nil {
			return false
		}
		for i := range tasks {
			if tasks[i].Status.Err != "" {
				state = tasks[i].Status.State
				return true
			}
		}
		return false
	})
	return "`" + string(state) + "`"
}
