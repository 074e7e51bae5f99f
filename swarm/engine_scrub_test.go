package swarm

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/secret"
)

// After a scrub nothing may hold the old plaintext, but for the tasks that must not run again.
func TestEngineScrubClearsPlaintext(t *testing.T) {
	t.Parallel()
	r := rigAt(t, enginetest.StartSwarm(t)) // a scrub makes the Swarm forget tasks, of all stacks
	const value = "scrub me 4711"
	stack := func(environment string) string {
		return `
version: "3.9"
services:
  web:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; ` + runs + `"]
    environment: [` + environment + `]
    deploy: {update_config: {monitor: 1s}}
  once:
    image: busybox:local
    command: ["true"]
    environment: [` + environment + `]
    deploy: {restart_policy: {condition: none}}
`
	}
	wants := []Want{{Name: "scrub_pw", Value: secret.NewValue(value), Found: true}}
	before := r.observe("scrub")
	r.deploy("scrub", stack(`"PW=`+value+`"`))
	if _, err := r.watch("scrub", before); err != nil {
		t.Fatal(err)
	}
	before = r.observe("scrub")
	r.deploy("scrub", stack(`"PW_FILE=/run/secrets/pw"`))
	if _, err := r.watch("scrub", before); err != nil {
		t.Fatal(err)
	}
	state := r.observe("scrub")
	var places []string
	for _, residue := range FindResidue(state, wants) {
		places = append(places, residue.Where)
		if strings.Contains(residue.Where, value) {
			t.Error("a residue shows its value")
		}
	}
	want := []string{
		"service scrub_once, previous spec: environment PW", "service scrub_web, previous spec: environment PW",
		"task scrub_once.1 (complete): environment PW", "task scrub_web.1 (shutdown): environment PW",
	}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Errorf("residue (-want +got):\n%s", diff)
	}
	left, err := Scrub(t.Context(), r.api, state, wants, WatchOptions{Stable: shortStable})
	if err != nil {
		t.Fatal(err)
	}
	for _, residue := range left {
		if residue.Where != "task scrub_once.1 (complete): environment PW" {
			t.Errorf("left: %s", residue.Where)
		}
	}
	cluster, err := r.api.SwarmInspect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if limit := cluster.Spec.Orchestration.TaskHistoryRetentionLimit; *limit != 5 || cluster.Spec.Labels[labelHistory] != "" {
		t.Errorf("the task history limit is %d, label %q", *limit, cluster.Spec.Labels[labelHistory])
	}
}
