package plugin

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// One cause must be one line, which names everything that has it and every source that is
// to be allowed; what is different stays apart, in its order.
func TestOneCauseIsOneLine(t *testing.T) {
	got := byCause([]error{
		errors.New("services.web: env delivery is not possible: the image has no /bin/sh"),
		errors.New("a: no login; log in"),
		errors.New("services.web: env delivery is not possible: the image has no /bin/sh"),
		errors.New("the stack has no name: give one"),
		errors.New("services.db: env delivery is not possible: the image has no /bin/sh"),
		&swarm.SourceError{Name: "c", From: "vault://s/c#/k", Reason: "asks a secret manager (vault://s/c)"},
		&swarm.SourceError{Name: "d", From: "vault://s/d#/k", Reason: "asks a secret manager (vault://s/d)"},
		errors.New("b: no login; log in"),
		errors.New("b: another"),
	})
	want := []string{
		"services.web, services.db: env delivery is not possible: the image has no /bin/sh",
		"a, b: no login; log in",
		"the stack has no name: give one",
		"c, d: each of vault://s/c#/k, vault://s/d#/k asks a secret manager; look at the stack file, and allow it with --allow-source",
		"b: another",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
