package transform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// Delivery is the kind of way in which a service reads a secret.
type Delivery string

// The deliveries. Native: the image reads a file for this very variable. File:
// the application itself reads /run/secrets/NAME. Env: a shim makes the variable
// from the file and then runs what the image runs. Inline: nothing better could
// be written than ${NAME}, for which deploy asks.
const (
	DeliverNative Delivery = "native"
	DeliverFile   Delivery = "file"
	DeliverEnv    Delivery = "env"
	DeliverInline Delivery = "inline"
)

// Delivered is a variable that a service now reads from a secret.
type Delivered struct {
	Service, Variable, Secret string
	Delivery                  Delivery
	Target                    string // the file's name in /run/secrets
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
	Path    string // in the model; whoever knows the source puts FILE:LINE before it
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
	kind     Delivery
	variable string // native: what takes the variable's place, "" for nothing
	value    string // native: its value, before the file's name
	fixed    string // native: the only file name that the image looks for, or ""
	mode     string // the only file mode that the image accepts, or ""
	uid      string
	both     images.Both
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

// chooseDelivery returns what the user wants for one variable, else what is best.
func (s *serviceRewrite) chooseDelivery(d Decision, moved []Decision) delivery {
	native, known := nativeDelivery(d)
	switch s.r.options.deliver(s.name) {
	case DeliverNative:
		if !known {
			s.r.fault("services.%s.environment.%s: no image is known to read it from a file as this one's; deliver it as file or env", d.Service, d.Name)
		}
		return native
	case DeliverEnv:
		if why := s.noShim(d.Name); why != "" {
			s.r.fault("services.%s: env delivery is not possible: %s; deliver as file, or write entrypoint: and command: in the compose file", d.Service, why)
		}
		return delivery{decision: d, kind: DeliverEnv}
	case DeliverFile:
		return delivery{decision: d, kind: DeliverFile}
	default:
		return s.best(d, native, known, moved)
	}
}

// best returns the delivery of d that is most certain to reach the process.
func (s *serviceRewrite) best(d Decision, native delivery, known bool, moved []Decision) delivery {
	shim := d.Image != "" && s.noShim(d.Name) == ""
	switch {
	case known && (!shim || s.trap(native, moved) == ""):
		return native
	case shim:
		return delivery{decision: d, kind: DeliverEnv}
	}
	return delivery{decision: d, kind: DeliverFile}
}

// nativeDelivery returns the image's own way to read d from a file. known is false
// if there is none.
func nativeDelivery(d Decision) (delivery, bool) {
	p := delivery{decision: d, kind: DeliverNative}
	if d.Image == "" {
		return p, false
	}
	if n, ok := images.NativeFor(d.Image, d.Name); ok {
		p.variable, p.value, p.mode, p.uid, p.both = n.Variable, n.Prefix+SecretsDir, n.Mode, n.UID, n.Both
		return p, true
	}
	e, ok := images.ExpectedFor(d.Image, d.Name)
	p.fixed, p.variable = e.Target, e.Variable
	return p, ok
}

// trap returns why the image's own way would fail in this service, "" if it would
// not.
func (s *serviceRewrite) trap(native delivery, moved []Decision) string {
	d := native.decision
	if native.both != images.BothFile && native.variable != d.Name && native.fixed == "" && slices.Contains(s.image.Variables, d.Name) {
		return fmt.Sprintf("the image itself sets %s, which must not be set beside %s", d.Name, native.variable)
	}
	if d.TrimmedByImage {
		return "the image drops blanks or line ends of this value when it reads it from a file"
	}
	n, _ := images.NativeFor(d.Image, d.Name)
	for _, other := range n.Group {
		isMoved := slices.ContainsFunc(moved, func(m Decision) bool { return m.Name == other })
		if !isMoved && s.environment.has(other) {
			return fmt.Sprintf("the image reads %s either all from files or all plain, and %s is plain", strings.Join(n.Group, ", "), other)
		}
	}
	return ""
}

// noShim returns why the shim cannot give the service the variable name, "" if it
// can.
func (s *serviceRewrite) noShim(name string) string {
	switch {
	case !shimTakes(name):
		return "a name with blanks in it cannot be listed"
	case !s.program.known():
		return s.unknownProgram()
	case s.shell == images.No:
		return "the image has no /bin/sh"
	}
	return ""
}
