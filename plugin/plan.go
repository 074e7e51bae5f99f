package plugin

import (
	"context"
	"errors"
	"fmt"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// makePlan asks the Swarm which values it has, and works out what to do. On a
// terminal, values that are missing and changed values are asked about; elsewhere
// --rotate decides.
func (d *deployment) makePlan(ctx context.Context) error {
	if d.options.rotate {
		d.decide.Default = swarm.Rotate
	}
	err := d.comparePlan(ctx)
	if d.options.dryRun || !d.cli.In().IsTerminal() {
		return errors.Join(err, d.checkValues())
	}
	if missing, ok := only[*swarm.MissingError](err); ok {
		if err = d.askMissing(ctx, missing[0].Names); err != nil {
			return err
		}
		err = d.comparePlan(ctx)
	}
	if undecided, ok := only[*swarm.ConsentError](err); ok {
		if err = d.askChanged(ctx, undecided); err != nil {
			return err
		}
		err = d.comparePlan(ctx)
	}
	return errors.Join(err, d.checkValues())
}

func (c *change) comparePlan(ctx context.Context) (err error) {
	if c.before, err = swarm.Compare(ctx, c.api, c.wants, c.before); err != nil {
		return err
	}
	c.plan, err = swarm.NewPlan(c.stack, c.wants, c.before, c.decide)
	return err
}

// planAgain repeats what was seen before the lock was taken: another deploy may
// have ended in between. What was decided stays decided.
func (d *deployment) planAgain(ctx context.Context) error {
	file, err := stackfile.Read(d.options.files)
	if err != nil {
		return err
	}
	if len(file.Objects) != len(d.wants) {
		return errors.New("the stack file was changed meanwhile; run the same command again")
	}
	for i, one := range file.Objects {
		if d.wants[i].Name != one.Name {
			return errors.New("the stack file was changed meanwhile; run the same command again")
		}
		d.wants[i].Pin = one.Pin
	}
	d.file.Objects = file.Objects
	shown := d.plan.String()
	if d.before, err = swarm.Observe(ctx, d.api, d.stack); err != nil {
		return err
	}
	if err := errors.Join(d.comparePlan(ctx), d.checkValues()); err != nil {
		return err
	}
	if d.plan.String() != shown {
		d.tell.note("the swarm was changed meanwhile; the plan is now:")
		d.showPlan()
	}
	return d.preparePins()
}

// only unpacks err, and tells whether every fault in it is an E.
func only[E error](err error) (all []E, is bool) {
	faults := []error{err}
	if joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err); ok {
		faults = joined.Unwrap()
	}
	for _, fault := range faults {
		one, ok := errors.AsType[E](fault)
		if !ok {
			return nil, false
		}
		all = append(all, one)
	}
	return all, true
}

// askMissing lets a person type the values that are nowhere.
func (d *deployment) askMissing(ctx context.Context, names []string) error {
	missing := map[string]bool{}
	for _, name := range names {
		missing[name] = true
	}
	for i := range d.wants {
		want := &d.wants[i]
		if !missing[want.Name] || want.Kind != swarm.Secret {
			continue
		}
		value, err := askValue(ctx, d.cli, want.Name)
		if err != nil {
			return err
		}
		want.Value, want.Found = value, true
	}
	return nil
}

// askChanged lets a person decide about each changed value. Anything but yes keeps.
func (d *deployment) askChanged(ctx context.Context, undecided []*swarm.ConsentError) error {
	d.decide.Secrets = map[string]swarm.Choice{}
	for _, one := range undecided {
		yes, err := confirm(ctx, d.cli, fmt.Sprintf("%s has another value here than on the swarm (%s). Change it there?", one.Name, one.Running))
		if err != nil {
			return err
		}
		d.decide.Secrets[one.Name] = swarm.Keep
		if yes {
			d.decide.Secrets[one.Name] = swarm.Rotate
		}
	}
	return nil
}

// preparePins works the edits of the stack files out, or says what a person has
// to write there.
func (c *change) preparePins() error {
	pins := newPins(c.file, c.plan)
	if !c.noPin {
		return c.files.prepare(pins)
	}
	c.unpinned = nil
	for _, file := range c.file.Files {
		c.unpinned = append(c.unpinned, pins[file]...)
	}
	return nil
}

// pin writes the versions in use into the stack files.
func (c *change) pin() {
	if !c.noPin {
		c.unpinned = c.files.write(c.tell)
		return
	}
	if len(c.unpinned) > 0 {
		c.tell.note("not pinned (--no-pin); the stack file should have:")
		tellPins(c.tell, c.unpinned)
	}
}

// planReport is the plan for programs.
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
	Changed   bool         `json:"changed"`
	Services  []string     `json:"services"`
}

// showPlan shows the plan before anything is done.
func (c *change) showPlan() {
	if !c.tell.json {
		_, _ = fmt.Fprint(c.cli.Err(), c.plan.String())
		return
	}
	r := planReport{Stack: c.stack, Operations: []opReport{}}
	for _, op := range c.plan.Ops {
		services := op.Services
		if services == nil {
			services = []string{}
		}
		r.Operations = append(r.Operations, opReport{
			Operation: op.Type, Kind: op.Kind.String(), Name: op.Name, Secret: op.Want, Cause: op.Cause, Changed: op.Changed, Services: services,
		})
	}
	c.tell.emit(event{Event: "plan", planReport: &r})
}
