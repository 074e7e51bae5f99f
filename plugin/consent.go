package plugin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/image"
	"github.com/docker-secrets/docker-secrets/swarm"
	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// consent is what a person allowed on the command line, other than to change values.
type consent struct {
	weak        bool // values that protect nothing
	initialised bool // to change what a database was initialised with
}

// check returns what p would do without the consent that it needs: bring in a value that
// protects nothing, or change a value of which a database keeps the old one. brought are
// the secrets whose new value a command brings into the database.
func (c consent) check(p proposal, brought []string) []*needError {
	wants := map[string]swarm.Want{}
	for _, want := range p.wants {
		if want.Kind == swarm.Secret {
			wants[want.Name] = want
		}
	}
	var needs []*needError
	for _, op := range p.plan.Ops {
		want, isSecret := wants[op.Secret]
		if op.Type == swarm.OpKeep || op.Type == swarm.OpLabel || op.Kind != swarm.Secret || !isSecret {
			continue
		}
		if !c.weak && want.Found && !want.Template && verdict.Weak(want.Value) {
			needs = append(needs, weakNeed(want))
		}
		if c.initialised || !op.Changed || slices.Contains(brought, op.Secret) {
			continue
		}
		if need := checkInitialised(p, op.Secret); need != nil {
			needs = append(needs, need)
		}
	}
	return needs
}

// weakNeed returns what is needed for a value that protects nothing.
func weakNeed(want swarm.Want) *needError {
	return &needError{want.Name, "--allow-weak", fmt.Sprintf("%s: weak or default value; choose another (%s), or accept it with --allow-weak", want.Name, want.From)}
}

// checkInitialised returns what is needed for the change of a secret that a database read once, when
// its data directory was empty. An image that is built here counts as the one that the
// stack file says it is built on.
func checkInitialised(p proposal, name string) *needError {
	bases := image.Bases(p.file.Images)
	for _, read := range p.before.Reads(name) {
		runs := withoutDigest(read.Image)
		runs = cmp.Or(bases[image.Name(runs)], runs)
		initial, ok := images.InitialFor(runs, read.Variable)
		if !ok {
			initial, ok = images.Initialises(runs, read.Variable)
		}
		if !ok {
			continue
		}
		statement := ""
		if initial.Statement != "" {
			statement = " (" + initial.Statement + ")"
		}
		return &needError{name, "--yes", fmt.Sprintf("%s: %s was initialised with it (%s) and keeps the old value in its data; change it there first%s, then repeat this with --yes, or let rotate --before '%s: COMMAND' do both",
			name, read.Service, initial.Variable, statement, read.Service)}
	}
	return nil
}

// withoutDigest returns the name of an image as the stack file has it: the docker CLI pins
// an image by its digest, after the tag.
func withoutDigest(name string) string {
	before, _, _ := strings.Cut(name, "@")
	return before
}
