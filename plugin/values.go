package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/swarm"
	"github.com/docker-secrets/docker-secrets/transform"
)

// resolution is what a deploy found for the secrets and variables of its stack
// files.
type resolution struct {
	wants    []swarm.Want // one for each object of the files whose value could be looked up, in order
	inputs   inputs
	inlined  []inlinedValue
	notBelow []string // secrets that the base of --from does not have
	held     []error  // sources that nobody allowed, in the order of wants
	fault    error    // what else is wrong, all of it
}

// resolve finds the value of every secret of file: what was given, what is below
// the base of --from, then where x-from says, as far as judge allows. A value that is not
// there is no error yet: it may run.
func (d *deployment) resolve(ctx context.Context, file stackfile.Stack, given map[string]secret.Value, judge *source.Judge) (resolution, error) {
	f, err := newFinder(file, d.options.workingDir, d.options.envFiles, d.options.from)
	if err != nil {
		return resolution{}, err
	}
	f.judge = judge
	inlines := allowedInlines(file, d.options.inline)
	var lookups []lookup
	for _, object := range file.Objects {
		lookups = append(lookups, lookupFor(object, given))
	}
	for _, inline := range inlines {
		lookups = append(lookups, inline.lookup())
	}
	endWait := d.tell.pulse.waits("the values of the secrets")
	answers, err := f.all(ctx, lookups)
	endWait()
	notBelow, fault := checkFrom(d.options.from, lookups, answers)
	resolved := resolution{notBelow: notBelow}
	faults := []error{err, fault, checkShims(file)}
	wants := d.newWants(file, answers, given)
	resolved.inputs = inputsOf(wants, answers)
	for i, inline := range inlines {
		found := answers[len(file.Objects)+i]
		value, missing := inline.value(found, wants)
		if held := found.held(); held != nil {
			resolved.held = append(resolved.held, &swarm.SourceError{Name: inline.Name, From: held.Ref.String(), Reason: held.Reason()})
		} else if !found.failed() && !inline.isHeld(wants) {
			faults = append(faults, missing)
		}
		resolved.inlined = append(resolved.inlined, inlinedValue{name: inline.Name, value: value})
	}
	for i, want := range wants {
		if !answers[i].failed() {
			resolved.wants = append(resolved.wants, want)
		}
	}
	resolved.fault = errors.Join(faults...)
	return resolved, nil
}

// newWants returns what the stack file wants on the Swarm, for each of file's objects in
// order.
func (d *deployment) newWants(file stackfile.Stack, answers []answer, given map[string]secret.Value) []swarm.Want {
	var wants []swarm.Want
	for i, object := range file.Objects {
		want := newWant(object, answers[i], given)
		want.Share = want.Kind == swarm.Secret && slices.Contains(d.options.share, want.Name)
		wants = append(wants, want)
	}
	return wants
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
	if typed && !object.Config || object.Text != nil || object.Shim {
		return lookup{name: object.Name}
	}
	return lookup{name: object.Name, below: !object.Config, from: object.From, names: namesOf(object)}
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
// itself needs no source, nor does the shim, and a value given with --set comes before any.
func newWant(object stackfile.Object, found answer, given map[string]secret.Value) swarm.Want {
	if object.Shim {
		return newShimWant(object)
	}
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

// newShimWant returns the want for the version of the shim that object names. The file
// may be older than this program, or newer.
func newShimWant(object stackfile.Object) swarm.Want {
	want := swarm.Want{
		Kind: swarm.Config, Name: object.Name, Pin: object.Pin, Services: object.Services, Common: true,
		Absent: "this docker secrets does not have that version of it; update docker secrets, or migrate again with this one",
	}
	if text, known := transform.ShimText(object.Pin); known {
		want.Value, want.Found = secret.NewValue(text), true
	}
	return want
}

// checkShims fails if services start through something that is no version of the shim:
// they may start without their secrets.
func checkShims(file stackfile.Stack) error {
	var faults []error
	for _, object := range file.Objects {
		if object.Shim && !transform.IsShim(object.Pin) {
			faults = append(faults, fmt.Errorf("%s:%d: configs.%s: services start through it, and its name: is that of no version that docker secrets makes; migrate again", object.File, object.Line, object.Name))
		}
	}
	return errors.Join(faults...)
}
