package plugin

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/swarm"
	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// consent is what a person allowed on the command line, besides to change values.
type consent struct {
	weak        bool // values that protect nothing
	initialised bool // to change what a database was initialised with
}

// check refuses what p would do without consent: bring in a value that protects
// nothing, or change one that a database keeps the old one of. brought is the
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
		want, isSecret := wants[op.Want]
		if op.Type == swarm.OpKeep || op.Type == swarm.OpLabel || op.Kind != swarm.Secret || !isSecret {
			continue
		}
		if !c.weak && want.Found && !want.Template && verdict.Weak(want.Value) {
			faults = append(faults, fmt.Errorf("%s: the value protects nothing: it is short, a common password or a placeholder; choose another (%s), or take it with --allow-weak", op.Want, want.From))
		}
		if !c.initialised && op.Changed && !slices.Contains(brought, op.Want) {
			faults = append(faults, checkInitialised(p.before, op.Want))
		}
	}
	return errors.Join(faults...)
}

// checkInitialised refuses the change of a secret that a database read once, when
// its data directory was empty.
func checkInitialised(before swarm.State, name string) error {
	for _, read := range before.Reads(name) {
		variable, ok := initialises(read.Image, read.Variable)
		if !ok {
			continue
		}
		return fmt.Errorf("%s: %s was initialised with it (%s) and keeps the old value in its data; change it there first%s, then repeat this with --yes, or let rotate --before '%s: COMMAND' do both",
			name, read.Service, variable, statement(read.Image), read.Service)
	}
	return nil
}

// initialises tells whether fileVariable is how image reads a variable from a file
// that it only uses to set up an empty data directory.
func initialises(image, fileVariable string) (variable string, ok bool) {
	image, _, _ = strings.Cut(image, "@")
	for _, variable := range []string{
		fileVariable, strings.TrimSuffix(fileVariable, "_FILE"), strings.TrimSuffix(fileVariable, "__FILE"), strings.TrimPrefix(fileVariable, "FILE__"),
	} {
		native, known := images.NativeFor(image, variable)
		if known && native.Variable == fileVariable && images.Initialises(image, variable) {
			return variable, true
		}
	}
	return "", false
}

// statement is how a password is changed inside the database of image, in words
// that its administrator knows.
func statement(image string) string {
	for _, database := range []struct{ part, text string }{
		{"postg", "ALTER ROLE … PASSWORD …"},
		{"timescale", "ALTER ROLE … PASSWORD …"},
		{"pgvector", "ALTER ROLE … PASSWORD …"},
		{"mysql", "ALTER USER … IDENTIFIED BY …"},
		{"mariadb", "ALTER USER … IDENTIFIED BY …"},
		{"percona", "ALTER USER … IDENTIFIED BY …"},
		{"mongo", "db.changeUserPassword(…)"},
	} {
		if strings.Contains(image, database.part) {
			return " (" + database.text + ")"
		}
	}
	return ""
}
