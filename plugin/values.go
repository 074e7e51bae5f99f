package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// inlinedValue is a variable that the user allows in clear, with its value.
type inlinedValue struct {
	name  string
	value secret.Value
}

// resolve finds the value of every secret where its x-from says. A value that is
// not there is no error yet: it may run. All that is wrong is reported together.
func (d *deployment) resolve(ctx context.Context) error {
	var refs []secret.Reference
	for _, one := range d.file.Objects {
		refs = append(refs, one.From...)
	}
	for _, one := range d.file.Inlined {
		refs = append(refs, one.From...)
	}
	local, err := d.local()
	if err != nil {
		return err
	}
	results := source.Resolve(ctx, local.Systems(), refs)
	given, err := d.given(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, one := range d.file.Objects {
		found, rest, err := choose(one.Name, one.From, results)
		results = rest
		want := newWant(one, found)
		if value, ok := given[one.Name]; ok && !one.Config {
			// What is typed now counts, whatever is wrong with the other places.
			want.Value, want.Found, want.From, err = value, true, "--set", nil
		}
		faults = append(faults, err)
		d.wants = append(d.wants, want)
	}
	for _, one := range d.file.Inlined {
		found, rest, err := choose(one.Name, one.From, results)
		results = rest
		if slices.Contains(d.options.inline, one.Name) {
			faults = append(faults, err, missingInline(one, found))
			d.inlined = append(d.inlined, inlinedValue{name: one.Name, value: found.Value})
		}
	}
	return errors.Join(faults...)
}

// given reads the values of --set. They are read once.
func (d *deployment) given(ctx context.Context) (map[string]secret.Value, error) {
	names, err := setNames(d.options.set)
	if err != nil {
		return nil, err
	}
	values := map[string]secret.Value{}
	for _, name := range names {
		if !slices.ContainsFunc(d.file.Objects, func(o compose.StackObject) bool { return o.Name == name && !o.Config && o.Text == nil }) {
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
func newWant(one compose.StackObject, found source.Result) swarm.Want {
	want := swarm.Want{
		Name: one.Name, Pin: one.Pin, Value: found.Value, Found: found.Err == nil,
		From: strings.Join(referenceTexts(one.From), " and "), Services: one.Services,
	}
	if one.Config {
		want.Kind = swarm.Config
	}
	if one.Text != nil {
		want.Value, want.Found, want.Template = secret.NewValue(*one.Text), true, one.Template
		want.From = one.File
	}
	return want
}

func missingInline(one compose.StackInline, found source.Result) error {
	if found.Err == nil {
		return nil
	}
	return fmt.Errorf("--inline %s: no value found at %s", one.Name, strings.Join(referenceTexts(one.From), " and "))
}

// choose takes the results of one secret's places off results. Values that were
// found must agree; a place that could not be read is an error, one that has
// nothing is not.
func choose(name string, from []secret.Reference, results []source.Result) (chosen source.Result, rest []source.Result, err error) {
	mine, rest := results[:len(from)], results[len(from):]
	chosen.Err = source.ErrNotFound
	at := -1
	for i, result := range mine {
		switch {
		case errors.Is(result.Err, source.ErrNotFound):
		case result.Err != nil:
			return chosen, rest, fmt.Errorf("%s: %w", name, result.Err)
		case at < 0:
			chosen, at = result, i
		case !result.Value.Equal(chosen.Value):
			return chosen, rest, fmt.Errorf("%s: its places do not agree any more: %s and %s hold different values; make them equal, or leave one of them in x-from", name, from[at], from[i])
		}
	}
	return chosen, rest, nil
}

// local is where references to this machine are meant from.
func (d *deployment) local() (source.Local, error) {
	dir, err := filepath.Abs(filepath.Dir(d.file.Files[0]))
	if err != nil {
		return source.Local{}, err
	}
	local := source.Local{Dir: dir, Environ: os.Environ()} //nolint:forbidigo // where values may come from
	for _, file := range d.options.envFiles {
		local.EnvFiles = append(local.EnvFiles, filepath.Join(d.options.workingDir, file))
		if filepath.IsAbs(file) {
			local.EnvFiles[len(local.EnvFiles)-1] = file
		}
	}
	return local, nil
}

// checkInline refuses every ${NAME} of the stack files that nobody allowed: the
// docker CLI would fill it from an environment that it does not get.
func (d *deployment) checkInline() error {
	var faults []error
	for _, one := range d.file.Variables {
		if slices.Contains(d.options.inline, one.Name) || reachesChild(one.Name) {
			continue
		}
		faults = append(faults, fmt.Errorf("%s:%d: ${%s} would stand in clear in the service's specification; allow it with --inline %s, or take it out", one.File, one.Line, one.Name, one.Name))
	}
	known := map[string]bool{}
	for _, one := range d.file.Inlined {
		known[one.Name] = true
	}
	for _, name := range d.options.inline {
		if !known[name] {
			d.file.Inlined = append(d.file.Inlined, compose.StackInline{
				Name: name, From: []secret.Reference{{Scheme: "env", Path: name}},
			})
		}
	}
	return errors.Join(faults...)
}
