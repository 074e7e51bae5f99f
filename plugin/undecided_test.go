package plugin

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// What waits for a person must be told from what is wrong, however errors were joined; an
// error that wraps several and says more must stay whole.
func TestUndecidedIsTold(t *testing.T) {
	whole := fmt.Errorf("whole: %w: %w", errors.New("a"), errors.New("b"))
	err := errors.Join(errors.Join(whole, &swarm.ConsentError{Name: "one", Running: "one"}), nil,
		errors.Join(&needError{secret: "two", flag: "--yes", text: "two needs it"}), &swarm.SourceError{Name: "three", From: "env://X", Reason: "is odd"})
	waiting, fault := undecided(err)
	var texts []string
	for _, one := range waiting {
		texts = append(texts, one.Error())
	}
	want := []string{
		"one: the value differs from the running one; deploy with --rotate to change it", "two needs it",
		"three: env://X is odd; look at the stack file, and allow it with --allow-source",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
	if fault == nil || fault.Error() != "whole: a: b" {
		t.Errorf("fault: %v", fault)
	}
	if waiting, fault := undecided(nil); waiting != nil || fault != nil {
		t.Errorf("nothing: %v, %v", waiting, fault)
	}
}
