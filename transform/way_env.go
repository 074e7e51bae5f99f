package transform

import (
	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// DeliverEnv means that the shim makes the variable from a file and then runs what the image runs.
const DeliverEnv DeliveryKind = "env"

// envWay is the row of DeliverEnv.
//
//nolint:gochecknoglobals // a row of ways, never written
var envWay = way{
	kind: DeliverEnv, gives: true,
	asksImage: func(Decision) bool { return true },
	fit:       fitEnv,
	refusal:   "services.%[1]s: env delivery is not possible: %[3]s; deliver as file, or write entrypoint: and command: in the compose file",
	target:    func(p delivery) string { return p.fixed },
	warn: func(s *serviceRewrite, _ delivery, _ []Decision) (code, message string) {
		if s.shell != images.NotKnown {
			return "", ""
		}
		return codeShell, "starts through /bin/sh, and nothing shows that the image has it; --deliver " + s.name + "=env if it has"
	},
	evidence: func(s *serviceRewrite, _ delivery) string {
		if s.prologue {
			return s.program.key() + ": is a script, which makes the variables"
		}
		return "it starts as " + s.runs + " says"
	},
	explain: "%s: a variable as before, made from %s when the container starts",
	other:   "--deliver %[1]s=file lets the application read the files itself, and shows the code for it",
}

// shellIsDoubtful tells whether the image is known and nothing in it shows a shell: most
// that are built without one are like that.
func (s *serviceRewrite) shellIsDoubtful() bool { return s.imageKnown && s.shell == images.NotKnown }

// fitEnv returns the shim's way to give d to the service; why is "" if it can.
func fitEnv(s *serviceRewrite, d Decision) (p delivery, why string) {
	p = delivery{decision: d, kind: DeliverEnv}
	switch {
	case !shimTakes(d.Name):
		return p, "a file cannot have the variable's name"
	case mountsShimFiles(asList(s.from["secrets"])):
		return p, ownInShimFolder
	case s.prologue:
		if !shell.IsIdentifier(d.Name) {
			return p, "no shell can make a variable of that name"
		}
	case !s.program.known():
		cause, detail := s.unknownProgram()
		return p, Unread{Cause: cause, Detail: detail}.Why()
	case s.shell == images.No:
		return p, "the image has no /bin/sh"
	case s.shellIsDoubtful() && s.r.options.deliver(s.name) != DeliverEnv:
		return p, "nothing shows that the image has /bin/sh"
	}
	return p, ""
}
