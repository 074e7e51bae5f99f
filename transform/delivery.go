package transform

import (
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// DeliveryKind is the name of a way in which a service can read a secret, as --deliver
// takes it.
type DeliveryKind string

// Delivered is a variable that a service now reads from a secret.
type Delivered struct {
	Service, Variable, Secret string
	Delivery                  DeliveryKind
	Target                    string // the file's name in /run/secrets
	Evidence                  string // what shows that the service reads it so; "" for DeliverUnread
}

// Used is a secret that the stack file declares.
type Used struct {
	Declared
	Services []string // sorted
}

// Inlined is a secret that the stack file holds as ${Name}, because nothing there
// can be read from a file.
type Inlined struct {
	Name string // of the environment variable
	Declared
	Paths []string // sorted
}

// Renamed is a variable that replaces another.
type Renamed struct{ Service, From, To string }

// Warning is one thing that the owner of the application should know.
type Warning struct {
	Code    string // stable, kebab-case
	Service string // "" for the application
	Path    string // in the model; a caller that knows the source puts FILE:LINE before it
	Message string // what was done and what to do
	Loss    bool   // meaning was lost
}

// SecretsDir is where the Engine mounts a task's secrets.
const SecretsDir = "/run/secrets/"

// UseDockerSecrets tells an application to read its secrets from files.
const UseDockerSecrets = "USE_DOCKER_SECRETS"

// delivery is how one service reads the secret that one of its variables moved to.
type delivery struct {
	decision Decision
	kind     DeliveryKind
	variable string // native: what takes the variable's place, "" for nothing
	value    string // native: its value, before the file's name
	fixed    string // native and env: the only file name that is looked for, or ""
	mode     string // the only file mode that the image accepts, or ""
	uid      string
	both     images.WhenBoth
	target   string // the file's name in /run/secrets
}

// path returns where the service finds the file.
func (p delivery) path() string { return SecretsDir + p.target }

// reference returns the entry in the service's secrets: block.
func (p delivery) reference() any {
	ref := reference(p.decision.Secret, p.target)
	if p.mode != "" {
		ref["mode"] = p.mode
	}
	if p.uid != "" {
		ref["uid"] = p.uid
	}
	return ref
}

// chooseDeliveries returns the delivery of every variable of the service that
// moves, with its target.
func (s *serviceRewrite) chooseDeliveries(moved []Decision) []delivery {
	all := make([]delivery, len(moved))
	for i, d := range moved {
		all[i] = s.chooseDelivery(d, moved)
	}
	s.targets.chooseAll(all, s.r.alias)
	return all
}

// chooseDelivery returns the delivery that the user wants for d. If the user wants
// none, it returns the first way that reaches the process and has no trap, else the
// first that reaches it at all, else that nobody reads it.
func (s *serviceRewrite) chooseDelivery(d Decision, moved []Decision) delivery {
	if wanted := wayOf(s.r.options.deliver(s.name)); wanted != nil {
		p, why := wanted.fit(s, d)
		if why != "" {
			s.r.fault(wanted.refusal, d.Service, d.Name, why)
		}
		return p
	}
	var possible []delivery
	for _, w := range ways {
		p, why := w.fit(s, d)
		switch {
		case why != "" || w.notOffered && len(possible) > 0:
			continue
		case w.trapOf(s, p, moved) == "":
			return p
		}
		possible = append(possible, p)
	}
	return possible[0]
}
