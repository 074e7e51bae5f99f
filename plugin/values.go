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

// resolution is what a deploy found for the secrets and variables of its stack
// files.
type resolution struct {
	wants    []swarm.Want // one for each object of the files, in order
	inlined  []inlinedValue
	notBelow []string // secrets that the base of --from does not have
}

// resolve finds the value of every secret of file: what --set gives, what is below
// the base of --from, then where x-from says. A value that is not there is no error
// yet: it may run. All that is wrong is reported together.
func (d *deployment) resolve(ctx context.Context, file stackfile.Stack) (resolution, error) {
	f, err := newFinder(file, d.options.workingDir, d.options.envFiles, d.options.from)
	if err != nil {
		return resolution{}, err
	}
	given, err := d.given(ctx, file)
	if err != nil {
		return resolution{}, err
	}
	inlines := allowedInlines(file, d.options.inline)
	var lookups []lookup
	for _, object := range file.Objects {
		lookups = append(lookups, lookupFor(object, given))
	}
	for _, inline := range inlines {
		lookups = append(lookups, inline.lookup())
	}
	answers, err := f.all(ctx, lookups)
	notBelow, fault := checkFrom(d.options.from, lookups, answers)
	faults := []error{err, fault}
	var wants []swarm.Want
	for i, object := range file.Objects {
		wants = append(wants, newWant(object, answers[i], given))
	}
	var inlined []inlinedValue
	for i, inline := range inlines {
		value, missing := inline.value(answers[len(file.Objects)+i], wants)
		faults = append(faults, missing)
		inlined = append(inlined, inlinedValue{name: inline.Name, value: value})
	}
	return resolution{wants: wants, inlined: inlined, notBelow: notBelow}, errors.Join(faults...)
}

// checkFrom returns the secrets that the base of --from does not have, which are told
// below the plan. It refuses a base that has nothing: it may be mistyped, and the
// values that would be taken instead may be another environment's. from is "" without --from.
func checkFrom(from string, lookups []lookup, answers []answer) (notBelow []string, err error) {
	if from == "" {
		return nil, nil
	}
	asked := 0
	for i, lookup := range lookups {
		if !lookup.below {
			continue
		}
		asked++
		if !answers[i].below {
			notBelow = append(notBelow, lookup.name)
		}
	}
	if asked > 0 && len(notBelow) == asked {
		return notBelow, fmt.Errorf("--from %s: none of the stack's secrets is there; check the base, or leave it out", from)
	}
	return notBelow, nil
}

// lookupFor returns what to look up for object. A value that is typed counts, whatever is
// wrong with the places; a text in the file is not looked up.
func lookupFor(object stackfile.Object, given map[string]secret.Value) lookup {
	_, typed := given[object.Name]
	if typed && !object.Config || object.Text != nil {
		return lookup{name: object.Name}
	}
	return lookup{name: object.Name, below: !object.Config, from: object.From}
}

// given reads the values of --set, by the secrets' names. They are read once.
func (d *deployment) given(ctx context.Context, file stackfile.Stack) (map[string]secret.Value, error) {
	names, err := setNames(d.options.set)
	if err != nil {
		return nil, err
	}
	values := map[string]secret.Value{}
	for _, name := range names {
		if !slices.ContainsFunc(file.Objects, func(o stackfile.Object) bool { return o.Name == name && !o.Config && o.Text == nil }) {
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

// setNames returns the names of --set NAME=-. It refuses a value in an argument, which
// everybody on the machine can read, and does not repeat it.
func setNames(set []string) ([]string, error) {
	var names []string
	for _, text := range set {
		name, value, _ := strings.Cut(text, "=")
		if name == "" || value != "-" {
			return nil, fmt.Errorf("--set %s: write --set NAME=- and give the value on stdin; never pass a value as an argument", name)
		}
		names = append(names, name)
	}
	return names, nil
}

// newWant returns what the stack file wants on the Swarm for object. A text in the file
// itself needs no source, and a value given with --set comes before any.
func newWant(object stackfile.Object, found answer, given map[string]secret.Value) swarm.Want {
	want := found.want(swarm.Want{Name: object.Name, Pin: object.Pin, Services: object.Services})
	if object.Config {
		want.Kind = swarm.Config
	}
	if object.Text != nil {
		want.Value, want.Found, want.Template = secret.NewValue(*object.Text), true, object.Template
		want.From = object.File
	}
	if value, ok := given[object.Name]; ok && !object.Config {
		want.Value, want.Found, want.From = value, true, "--set"
	}
	return want
}
