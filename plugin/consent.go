package plugin

import (
	"errors"
	"fmt"
	"slices"

	"github.com/docker-secrets/docker-secrets/swarm"
	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// consent is what a person allowed on the command line, other than to change values.
type consent struct {
	weak        bool // values that protect nothing
	initialised bool // to change what a database was initialised with
}

// check fails if p would do without consent what needs it: bring in a value that protects
// nothing, or change a value of which a database keeps the old one. brought are the
// secrets whose new value a command brings into the database.
func (c consent) check(p proposal, brought []string) error {
	wants := map[string]swarm.Want{}
	for _, want := range p.wants {
		if want.Kind == swarm.Secret {
			wants[want.Name] = want
		}
	}
	var faults []error
	for _, op := range p.plan.Ops {
		want, isSecret := wants[op.Secret]
		if op.Type == swarm.OpKeep || op.Type == swarm.OpLabel || op.Kind != swarm.Secret || !isSecret {
			continue
		}
		if !c.weak && want.Found && !want.Template && verdict.Weak(want.Value) {
			faults = append(faults, fmt.Errorf("%s: weak or default value; choose another (%s), or accept it with --allow-weak", op.Secret, want.From))
		}
		if !c.initialised && op.Changed && !slices.Contains(brought, op.Secret) {
			faults = append(faults, checkInitialised(p.before, op.Secret))
		}
	}
	return errors.Join(faults...)
}

// checkInitialised refuses the change of a secret that a database read once, when
// its data directory was empty.
func checkInitialised(before swarm.State, name string) error {
	for _, read := range before.Reads(name) {
		initial, ok := images.InitialFor(read.Image, read.Variable)
		if !ok {
			continue
		}
		statement := ""
		if initial.Statement != "" {
			statement = " (" + initial.Statement + ")"
		}
		return fmt.Errorf("%s: %s was initialised with it (%s) and keeps the old value in its data; change it there first%s, then repeat this with --yes, or let rotate --before '%s: COMMAND' do both",
			name, read.Service, initial.Variable, statement, read.Service)
	}
	return nil
}
