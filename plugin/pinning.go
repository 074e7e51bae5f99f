package plugin

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// pinnedFiles is the stack files that got new pins, and what they held before.
type pinnedFiles struct{ edits []pinEdit }

type pinEdit struct {
	path        string
	before, now []byte
	pins        []stackfile.Pin
	written     bool
}

// newPins are the pins of plan that the stack file does not hold yet, by file.
func newPins(file stackfile.Stack, plan swarm.Plan) map[string][]stackfile.Pin {
	pins := map[string][]stackfile.Pin{}
	for _, one := range file.Objects {
		current := one.Pin
		if current == "" {
			current = one.Name
		}
		for _, pin := range plan.Pins {
			if (pin.Kind == swarm.Config) == one.Config && pin.Name == one.Name && pin.SwarmName != current {
				pins[one.File] = append(pins[one.File], stackfile.Pin{Block: one.Block(), Key: one.Name, Object: pin.SwarmName})
			}
		}
	}
	return pins
}

// prepare works the edits out and writes nothing, so that a file which cannot be
// edited is known before anything is done.
func (p *pinnedFiles) prepare(pins map[string][]stackfile.Pin) error {
	p.edits = nil
	var faults []error
	for path, ofFile := range pins {
		content, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("%s cannot be read any more", path)
		}
		edited, err := stackfile.Pinned(content, ofFile)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", path, err))
		}
		p.edits = append(p.edits, pinEdit{path: path, before: content, now: edited, pins: ofFile})
	}
	slices.SortFunc(p.edits, func(a, b pinEdit) int { return strings.Compare(a.path, b.path) })
	slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(faults...)
}

// write writes the edits. It returns the pins of files that cannot be written,
// which a throw-away checkout may hold: they are for docker stack deploy all the
// same, and for the person to commit.
func (p *pinnedFiles) write(tell *teller) (unpinned []stackfile.Pin) {
	for i := range p.edits {
		edit := &p.edits[i]
		if err := stackfile.Write(edit.path, edit.now); err != nil {
			tell.note("%s cannot be written (%s) and is deployed with these pins all the same; commit them:", edit.path, reason(err))
			tellPins(tell, edit.pins)
			unpinned = append(unpinned, edit.pins...)
			continue
		}
		edit.written = true
		for _, pin := range edit.pins {
			tell.note("pinned %s to %s in %s; commit it", pin.Key, pin.Object, edit.path)
		}
	}
	return unpinned
}

func tellPins(tell *teller, pins []stackfile.Pin) {
	for _, pin := range pins {
		tell.note("  %s", pin)
	}
}

// reason is the system's own words for why a file cannot be written.
func reason(err error) string {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	return err.Error()
}

// restore gives the files their bytes back, unless somebody changed them since.
func (p *pinnedFiles) restore() error {
	var faults []error
	for i := range p.edits {
		edit := &p.edits[i]
		if !edit.written {
			continue
		}
		if now, err := os.ReadFile(edit.path); err != nil || !bytes.Equal(now, edit.now) {
			faults = append(faults, fmt.Errorf("%s was changed meanwhile and keeps its new pins", edit.path))
			continue
		}
		if err := stackfile.Write(edit.path, edit.before); err != nil {
			faults = append(faults, fmt.Errorf("%s keeps its new pins: %s", edit.path, reason(err)))
			continue
		}
		edit.written = false
	}
	return errors.Join(faults...)
}
