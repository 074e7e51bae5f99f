package swarm

import (
	"errors"
	"fmt"
	"strings"
)

// errMissing says that a value is neither here nor on the Swarm. All such faults are
// reported in one line.
var errMissing = errors.New("no value")

// faults collects what makes a plan impossible.
type faults struct {
	missing MissingError
	errs    []error
}

func (f *faults) add(want Want, err error) {
	if !errors.Is(err, errMissing) {
		f.errs = append(f.errs, err)
		return
	}
	name := want.Name
	if reason := want.missing(err); reason != "" {
		name += " (" + reason + ")"
	}
	f.missing.Names = append(f.missing.Names, want.Name)
	f.missing.shown = append(f.missing.shown, name)
}

// missing returns where want's value was looked for, or why it is not there; err says
// what the Swarm has instead.
func (w Want) missing(err error) string {
	reason := w.From
	if w.Absent != "" {
		reason = w.Absent
	}
	if _, instead, found := strings.Cut(err.Error(), "; "); found {
		return strings.TrimPrefix(reason+"; "+instead, "; ")
	}
	return reason
}

// join returns all faults, or nil.
func (f *faults) join() error {
	if len(f.missing.Names) == 0 {
		return errors.Join(f.errs...)
	}
	return errors.Join(append([]error{&f.missing}, f.errs...)...)
}

// MissingError is all the values that are neither here nor on the Swarm.
type MissingError struct {
	Names []string // the logical names, sorted
	shown []string // with the sources
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("no value for %s; set the sources, or give values with --set NAME=-", strings.Join(e.shown, ", "))
}

func noConsent(want Want, running Object) error {
	return &ConsentError{Name: want.Name, Running: running.Name}
}

// ConsentError is a changed value about which Consent has no choice.
type ConsentError struct {
	Name    string // the logical name
	Running string // the name on the Swarm of what runs
}

func (e *ConsentError) Error() string {
	return fmt.Sprintf("%s: the value differs from the running %s; deploy with --rotate to change it", e.Name, e.Running)
}

// SourceError is a source that a stack file may not use before somebody allowed it.
type SourceError struct {
	Name   string // the logical name
	From   string // the source
	Reason string // what is wrong with it
}

func (e *SourceError) Error() string {
	return fmt.Sprintf("%s: %s %s; look at the stack file, and allow it with --allow-source", e.Name, e.From, e.Reason)
}

// doubles reports names that two operations would create.
func doubles(ops []Op) []error {
	var errs []error
	first := map[Pin]string{} // the logical name by kind and name on the Swarm
	for _, op := range ops {
		if op.Type != OpCreate || op.common {
			continue
		}
		key := Pin{Kind: op.Kind, Object: op.Name}
		if other, taken := first[key]; taken {
			errs = append(errs, fmt.Errorf("%s: %s uses the %s %s too; set a different name: for one of them", op.Secret, other, op.Kind, op.Name))
			continue
		}
		first[key] = op.Secret
	}
	return errs
}
