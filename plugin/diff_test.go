package plugin

import (
	"errors"
	"fmt"
	"testing"

	"github.com/docker-secrets/docker-secrets/source/store"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// A row must say how what runs compares with the manager, and only what went wrong
// must be an error: a secret that is gone there is an answer.
func TestDiffComparesWithManager(t *testing.T) {
	const denied = "denied"
	for _, tt := range []struct {
		deployed string
		answer   store.Result
		state    versionState
		newest   string
	}{
		{"3", store.Result{Version: "3"}, versionCurrent, "3"},
		{"3", store.Result{Version: "4"}, versionNewer, "4"},
		{"3", store.Result{Version: "2"}, versionNewer, "2"}, // taken back there: deploy takes it back here
		{"", store.Result{Version: "4"}, versionUnknown, "4"},
		{"3", store.Result{}, versionUnknown, ""},
		{"3", store.Result{Err: fmt.Errorf("no such path: %w", store.ErrNotFound)}, versionGone, ""},
		{"3", store.Result{Err: errors.New(denied)}, versionError, ""},
	} {
		row := &diffRow{deployed: swarm.Source{Reference: "vault://a#/b", Version: tt.deployed}}
		err := row.answer(tt.answer)
		if row.state != tt.state || row.newest != tt.newest || (err != nil) != (tt.state == versionError) {
			t.Errorf("deployed %q, answer %q %v: %s, newest %q, %v", tt.deployed, tt.answer.Version, tt.answer.Err, row.state, row.newest, err)
		}
	}
}
