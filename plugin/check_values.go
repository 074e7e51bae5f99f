package plugin

import (
	"context"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// systems returns the systems that the references of file are looked up in.
func (i *inspection) systems(file stackfile.Stack) ([]store.System, error) {
	local, err := localTo(file, i.options.load.Dir, i.options.load.EnvFiles)
	if err != nil {
		return nil, err
	}
	return source.Systems(local), nil
}

// resolveHere finds the values of the stack's secrets on this machine. Secret managers
// are not asked for values: a check has no need to read them.
func (i *inspection) resolveHere(ctx context.Context, o *observed) error {
	local, err := localTo(o.file, i.options.load.Dir, i.options.load.EnvFiles)
	if err != nil {
		return err
	}
	here := finder{systems: local.Systems(), within: lookupTime}
	var lookups []lookup
	for _, object := range o.file.Objects {
		if object.Config || object.Text != nil {
			continue
		}
		from := slices.DeleteFunc(slices.Clone(object.From), secret.Reference.IsManaged)
		lookups = append(lookups, lookup{name: object.Name, from: from})
	}
	answers, err := here.all(ctx, lookups)
	var unknown []string
	for n, answer := range answers {
		want := answer.want(swarm.Want{Name: lookups[n].name})
		o.wants = append(o.wants, want)
		if !want.Found {
			unknown = append(unknown, want.Name)
		}
	}
	switch {
	case err != nil:
		o.facts.CompareBlind = "values that are here: " + strings.ReplaceAll(err.Error(), "\n", "; ")
	case len(o.file.Objects) == 0:
		o.facts.CompareBlind = "whether another stack has the same values, because there is no stack file here; name it with -c"
	case len(unknown) > 0:
		o.facts.CompareBlind = "whether another stack has the same values, as these are not here: " + strings.Join(unknown, ", ")
	}
	return nil
}
