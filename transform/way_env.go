package transform

import "github.com/docker-secrets/docker-secrets/transform/images"

// DeliverEnv means that the shim makes the variable from a file and then runs what the image runs.
const DeliverEnv DeliveryKind = "env"

// envWay is the row of DeliverEnv.
//
//nolint:gochecknoglobals // a row of ways, never written
var envWay = way{
	kind: DeliverEnv, certain: true, needsImage: true, gives: true,
	asksImage: func(Decision) bool { return true },
	fit:       fitEnv,
	refusal:   "services.%[1]s: env delivery is not possible: %[3]s; deliver as file, or write entrypoint: and command: in the compose file",
	target:    func(p delivery) string { return p.fixed },
	warn: func(s *serviceRewrite, _ delivery, _ []Decision) (code, message string) {
		if s.shell != images.NotKnown {
			return "", ""
		}
		return "shell-not-known", "the variable is made by a shell script, and whether the image has /bin/sh is not known"
	},
	explain: "%s: a variable as before, made from %s when the container starts",
}

// fitEnv returns the shim's way to give d to the service; why is "" if it can.
func fitEnv(s *serviceRewrite, d Decision) (p delivery, why string) {
	p = delivery{decision: d, kind: DeliverEnv}
	switch {
	case !shimTakes(d.Name):
		return p, "a file cannot have the variable's name"
	case mountsShimFiles(asList(s.from["secrets"])):
		return p, "secrets of the service's own are in " + SecretsDir + shimFolder + ", where each file becomes a variable"
	case !s.program.known():
		return p, s.unknownProgram()
	case s.shell == images.No:
		return p, "the image has no /bin/sh"
	}
	return p, ""
}
