package plugin

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"syscall"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// pinning is how the stack files come to hold the pins of a plan.
type pinning struct {
	edits  []pinEdit       // by path
	advice []stackfile.Pin // what people are told to write, with --no-pin
}

// pinEdit is one stack file before and after it got new pins.
type pinEdit struct {
	path        string
	old, edited []byte
	pins        []stackfile.Pin
}

// newPins returns the pins of plan that the stack file does not hold yet, by file.
func newPins(file stackfile.Stack, plan swarm.Plan) map[string][]stackfile.Pin {
	pins := map[string][]stackfile.Pin{}
	for _, object := range file.Objects {
		current := object.Pin
		if current == "" {
			current = object.Name
		}
		for _, pin := range plan.Pins {
			if (pin.Kind == swarm.Config) == object.Config && pin.Secret == object.Name && pin.Object != current {
				pins[object.File] = append(pins[object.File], stackfile.Pin{Block: object.Block(), Key: object.Name, Object: pin.Object})
			}
		}
	}
	return pins
}

// pinning returns how file's files get the pins of plan, and writes nothing: a file that
// cannot be edited is known before anything is done.
func (c *change) pinning(file stackfile.Stack, plan swarm.Plan) (pinning, error) {
	pins := newPins(file, plan)
	if c.noPin {
		var advice []stackfile.Pin
		for _, path := range file.Files {
			advice = append(advice, pins[path]...)
		}
		return pinning{advice: advice}, nil
	}
	edits, err := newPinEdits(pins)
	return pinning{edits: edits}, err
}

// newPinEdits works out the edits for pins, which are by file, in the order of the files.
// The error joins those of all files that cannot be edited.
func newPinEdits(pins map[string][]stackfile.Pin) ([]pinEdit, error) {
	var edits []pinEdit
	var faults []error
	for _, path := range slices.Sorted(maps.Keys(pins)) {
		content, err := regular.Read(path)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read any more", path)
		}
		edited, err := stackfile.Pinned(content, pins[path])
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", path, err))
		}
		edits = append(edits, pinEdit{path: path, old: content, edited: edited, pins: pins[path]})
	}
	return edits, errors.Join(faults...)
}

// write writes the edits, and tells of it. It returns those that it wrote, and the
// pins that no stack file holds: a file of a throw-away checkout may not be writable.
// They are for docker stack deploy all the same, and for the person to commit.
func (p pinning) write(tell *teller) (written []pinEdit, unpinned []stackfile.Pin) {
	if len(p.advice) > 0 {
		tell.note("not pinned (--no-pin); the stack file should have:")
		tell.notePins(p.advice)
	}
	unpinned = slices.Clone(p.advice)
	for _, edit := range p.edits {
		if err := stackfile.Write(edit.path, edit.edited); err != nil {
			tell.note("%s cannot be written (%s) and is deployed with these pins all the same; commit them:", edit.path, reason(err))
			tell.notePins(edit.pins)
			unpinned = append(unpinned, edit.pins...)
			continue
		}
		written = append(written, edit)
		for _, pin := range edit.pins {
			tell.note("pinned %s to %s in %s; commit it", pin.Key, pin.Object, edit.path)
		}
	}
	return written, unpinned
}

// notePins says pins, one a line.
func (t *teller) notePins(pins []stackfile.Pin) {
	for _, pin := range pins {
		t.note("  %s", pin)
	}
}

// reason returns the system's own words for why a file cannot be read or written, or those
// of package regular.
func reason(err error) string {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		err = pathErr.Err
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	return err.Error()
}

// unpin gives the files of written their bytes back, unless somebody changed them
// since. It returns what to tell of those that keep their new pins.
func unpin(written []pinEdit) (stay []string) {
	for _, edit := range written {
		why := "was changed meanwhile"
		if now, err := regular.Read(edit.path); err == nil && bytes.Equal(now, edit.edited) {
			if err = stackfile.Write(edit.path, edit.old); err == nil {
				continue
			}
			why = "cannot be written (" + reason(err) + ")"
		}
		stay = append(stay, fmt.Sprintf("%s %s and keeps its new pins; remove them, or the next deploy uses them:", edit.path, why))
		for _, pin := range edit.pins {
			stay = append(stay, "  "+pin.String())
		}
	}
	return stay
}
