package transform

import "strings"

// Delivery is how a service reads a secret.
type Delivery string

// The deliveries. Native: the image reads a file for this very variable. File:
// the application itself reads /run/secrets/NAME. Inline: nothing better could
// be written than ${NAME}, for which deploy asks.
const (
	DeliverNative Delivery = "native"
	DeliverFile   Delivery = "file"
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

// Inlined is a secret that the stack file holds as ${Name}, because it stands
// where nothing can be read from a file.
type Inlined struct {
	Name string // of the environment variable
	Declared
	Paths []string // sorted
}

// Renamed is a variable that stands in the place of another.
type Renamed struct{ Service, From, To string }

// Warning is one thing that the owner of the application should know.
type Warning struct {
	Code    string // stable, kebab-case
	Service string // "" for the application
	Path    string // in the model; whoever knows the source puts FILE:LINE before it
	Message string // what was done and what to do
	Loss    bool   // meaning was lost
}

// secretsDir is where the Engine mounts a task's secrets.
const secretsDir = "/run/secrets/"

// useDockerSecrets tells an application to read its secrets from files.
const useDockerSecrets = "USE_DOCKER_SECRETS"

// plan is how one service reads the secrets that its variables moved to.
type plan struct {
	decision Decision
	native   Native
	isNative bool
	target   string
}

// plans chooses the delivery of every variable of a service that moves.
func plans(moved []Decision) []plan {
	all := make([]plan, len(moved))
	for i, d := range moved {
		all[i] = plan{decision: d}
		if d.Image != "" {
			all[i].native, all[i].isNative = NativeFor(d.Image, d.Name)
		}
	}
	targets := map[string]string{} // a secret is mounted once in a service
	for _, p := range all {
		if _, ok := targets[p.decision.Secret]; !ok && !p.isNative {
			targets[p.decision.Secret] = secretName(p.decision.Name)
		}
	}
	for i, p := range all {
		name := p.decision.Secret
		if _, ok := targets[name]; !ok {
			targets[name] = name
		}
		all[i].target = targets[name]
	}
	return all
}

// variable is what takes the place of the environment entry, and its value.
func (p plan) variable() (name, value string) {
	return p.native.Variable, p.native.Prefix + secretsDir + p.target
}

// reference is the entry in the service's secrets: block.
func (p plan) reference() any {
	ref := map[string]any{"source": p.decision.Secret}
	if p.target != p.decision.Secret {
		ref["target"] = p.target
	}
	if p.native.Mode != "" {
		ref["mode"] = p.native.Mode
	}
	if p.native.UID != "" {
		ref["uid"] = p.native.UID
	}
	return ref
}

// fromEnvFile tells whether a variable stood in an env file; those come after
// the ones that the compose file names.
func (d Decision) fromEnvFile() bool { return d.From.Scheme == "dotenv" }

// runtimeUse tells whether text, as a container's shell will see it, expands the
// variable name: $NAME or ${NAME…}.
func runtimeUse(text, name string) bool {
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "$")
		if !found {
			return false
		}
		rest = after
		after = strings.TrimPrefix(after, "{")
		tail, ok := strings.CutPrefix(after, name)
		if ok && (tail == "" || !isNameByte(tail[0])) {
			return true
		}
	}
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
