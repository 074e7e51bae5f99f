package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// resolve finds the value of every secret: what --set gives, what is below the base
// of --from, then where x-from says. A value that is not there is no error yet: it
// may run. All that is wrong is reported together.
func (d *deployment) resolve(ctx context.Context) error {
	places, err := newLookup(d.file, d.options.workingDir, d.options.envFiles, d.options.from)
	if err != nil {
		return err
	}
	given, err := d.given(ctx)
	if err != nil {
		return err
	}
	var what []sought
	for _, one := range d.file.Objects {
		what = append(what, soughtFor(one, given))
	}
	inlined := d.allowed()
	for _, one := range inlined {
		what = append(what, one.sought())
	}
	answers, err := places.all(ctx, what)
	faults := []error{err, d.checkBase(what, answers)}
	for i, one := range d.file.Objects {
		want := newWant(one, answers[i])
		if value, ok := given[one.Name]; ok && !one.Config {
			want.Value, want.Found, want.From = value, true, "--set"
		}
		d.wants = append(d.wants, want)
	}
	for i, one := range inlined {
		value, missing := one.value(answers[len(d.file.Objects)+i], d.wants)
		faults = append(faults, missing)
		d.inlined = append(d.inlined, inlinedValue{name: one.Name, value: value})
	}
	return errors.Join(faults...)
}

// checkBase refuses a base of --from that has nothing: it may be mistyped, and the
// values that would be taken instead may be another environment's. Those that are
// taken from elsewhere, because the base has not all of them, are told below the plan.
func (d *deployment) checkBase(what []sought, answers []found) error {
	if d.options.from == "" {
		return nil
	}
	asked := 0
	for i, one := range what {
		if !one.below {
			continue
		}
		asked++
		if !answers[i].below {
			d.elsewhere = append(d.elsewhere, one.name)
		}
	}
	if asked > 0 && len(d.elsewhere) == asked {
		return fmt.Errorf("--from %s: none of the stack's secrets is there; check the base, or leave it out", d.options.from)
	}
	return nil
}

// soughtFor is what to look up for one object. What is typed now counts, whatever
// is wrong with the places; a text in the file needs none.
func soughtFor(one stackfile.Object, given map[string]secret.Value) sought {
	_, typed := given[one.Name]
	if typed && !one.Config || one.Text != nil {
		return sought{name: one.Name}
	}
	return sought{name: one.Name, below: !one.Config, from: one.From}
}

// given reads the values of --set. They are read once.
func (d *deployment) given(ctx context.Context) (map[string]secret.Value, error) {
	names, err := setNames(d.options.set)
	if err != nil {
		return nil, err
	}
	values := map[string]secret.Value{}
	for _, name := range names {
		if !slices.ContainsFunc(d.file.Objects, func(o stackfile.Object) bool { return o.Name == name && !o.Config && o.Text == nil }) {
			return nil, fmt.Errorf("--set %s=-: the stack file has no such secret", name)
		}
		if len(names) > 1 && !d.cli.In().IsTerminal() {
			return nil, errors.New("--set: stdin holds one value; give the others another way")
		}
		if values[name], err = readValue(ctx, d.cli, name); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// setNames is the names of --set NAME=-. A value in an argument is for everybody
// on the machine to read, so it is refused, and not repeated.
func setNames(set []string) ([]string, error) {
	var names []string
	for _, one := range set {
		name, value, _ := strings.Cut(one, "=")
		if name == "" || value != "-" {
			return nil, fmt.Errorf("--set %s: write --set NAME=- and give the value on stdin; arguments are no place for it", name)
		}
		names = append(names, name)
	}
	return names, nil
}

// newWant is what the stack file asks of the Swarm for one object. A text that the
// file holds itself needs no source.
func newWant(one stackfile.Object, answer found) swarm.Want {
	want := swarm.Want{Name: one.Name, Pin: one.Pin, Services: one.Services}
	answer.fill(&want)
	if one.Config {
		want.Kind = swarm.Config
	}
	if one.Text != nil {
		want.Value, want.Found, want.Template = secret.NewValue(*one.Text), true, one.Template
		want.From = one.File
	}
	return want
}
