package plugin

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// makePlan asks the Swarm which values it has, and works out what to do. On a
// terminal, a changed value is asked about; elsewhere --rotate decides.
func (d *deployment) makePlan(ctx context.Context) error {
	var err error
	if d.before, err = swarm.Compare(ctx, d.api, d.wants, d.before); err != nil {
		return err
	}
	var options swarm.Options
	if d.options.rotate {
		options.Default = swarm.Rotate
	}
	d.plan, err = swarm.NewPlan(d.stack.Name, d.wants, d.before, options)
	undecided, only := undecidedOnly(err)
	if err == nil || !only || d.options.dryRun || !d.cli.In().IsTerminal() {
		return err
	}
	if options.Decided, err = d.ask(undecided); err != nil {
		return err
	}
	d.plan, err = swarm.NewPlan(d.stack.Name, d.wants, d.before, options)
	return err
}

// undecidedOnly unpacks err, and tells whether every fault in it is a value whose
// change nobody decided.
func undecidedOnly(err error) (undecided []*swarm.UndecidedError, only bool) {
	var joined interface{ Unwrap() []error }
	faults := []error{err}
	if errors.As(err, &joined) {
		faults = joined.Unwrap()
	}
	for _, fault := range faults {
		var one *swarm.UndecidedError
		if !errors.As(fault, &one) {
			return nil, false
		}
		undecided = append(undecided, one)
	}
	return undecided, true
}

// ask lets a person decide about each changed value. Anything but yes keeps.
func (d *deployment) ask(undecided []*swarm.UndecidedError) (map[string]swarm.Decision, error) {
	decided := map[string]swarm.Decision{}
	lines := bufio.NewReader(d.cli.In())
	for _, one := range undecided {
		_, _ = fmt.Fprintf(d.cli.Err(), "%s has another value here than on the swarm (%s). Change it there? [y/N] ", one.Name, one.Running)
		line, err := lines.ReadString('\n')
		if err != nil {
			return nil, errors.New("no answer; nothing was changed")
		}
		decided[one.Name] = swarm.Keep
		if answer := strings.ToLower(strings.TrimSpace(line)); answer == "y" || answer == "yes" {
			decided[one.Name] = swarm.Rotate
		}
	}
	return decided, nil
}

// planReport is what --format json prints.
type planReport struct {
	Stack      string     `json:"stack"`
	Operations []opReport `json:"operations"`
}

type opReport struct {
	Operation swarm.OpType `json:"operation"`
	Kind      string       `json:"kind"`
	Name      string       `json:"name"`
	Secret    string       `json:"secret"`
	Cause     string       `json:"cause"`
	Services  []string     `json:"services"`
}

// showPlan prints the plan before anything is done.
func (d *deployment) showPlan() error {
	if d.options.format != "json" {
		_, _ = fmt.Fprint(d.cli.Err(), d.plan.String())
		return nil
	}
	r := planReport{Stack: d.stack.Name, Operations: []opReport{}}
	for _, op := range d.plan.Ops {
		services := op.Services
		if services == nil {
			services = []string{}
		}
		r.Operations = append(r.Operations, opReport{
			Operation: op.Type, Kind: op.Kind.String(), Name: op.Name, Secret: op.Want, Cause: op.Cause, Services: services,
		})
	}
	encoder := json.NewEncoder(d.cli.Out())
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// newPins are the pins of the plan that the stack file does not hold yet.
func (d *deployment) newPins() []newPin {
	var pins []newPin
	for _, one := range d.stack.Objects {
		current := one.Pin
		if current == "" {
			current = one.Name
		}
		for _, pin := range d.plan.Pins {
			if (pin.Kind == swarm.Config) == one.Config && pin.Name == one.Name && pin.SwarmName != current {
				pins = append(pins, newPin{object: one, name: pin.SwarmName})
			}
		}
	}
	return pins
}

// newPin is a version in use that the stack file does not name.
type newPin struct {
	object compose.StackObject
	name   string
}
