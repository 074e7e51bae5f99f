package transform

import "fmt"

// DeliverFile means that the application itself reads /run/secrets/NAME.
const DeliverFile DeliveryKind = "file"

// fileWay is the row of DeliverFile.
//
//nolint:gochecknoglobals // a row of ways, never written
var fileWay = way{
	kind:      DeliverFile,
	asksImage: func(Decision) bool { return false },
	fit: func(s *serviceRewrite, d Decision) (p delivery, why string) {
		p = delivery{decision: d, kind: DeliverFile}
		if s.readsFiles() == "" {
			return p, "nothing shows that the application reads " + SecretsDir
		}
		return p, ""
	},
	target: func(p delivery) string { return SecretName(p.decision.Name) },
	prepare: func(s *serviceRewrite) {
		s.environment.put(UseDockerSecrets, UseDockerSecrets, "true")
	},
	warn: func(s *serviceRewrite, p delivery, _ []Decision) (code, message string) {
		d := p.decision
		if d.Image == "" || s.r.options.Reads[s.name] != "" {
			return "", ""
		}
		return "image-reads-no-file", fmt.Sprintf(
			"%s is not known to read %s from a file; it gets no variable (file delivery is wanted) and must read %s itself", d.Image, d.Name, p.path())
	},
	evidence: func(s *serviceRewrite, _ delivery) string { return s.readsFiles() },
	explain:  "%s: the application reads %s", code: true,
	other: "--deliver %[1]s=env gives it variables as before, if what it starts is known",
}

// readsFiles returns what shows that the application itself reads its secrets from
// files: a person says so, a place in its build context, or its environment. It is ""
// if nothing does.
func (s *serviceRewrite) readsFiles() string {
	switch {
	case s.r.options.deliver(s.name) == DeliverFile:
		return "--deliver or x-docker-secrets says so"
	case s.r.options.Reads[s.name] != "":
		return s.r.options.Reads[s.name]
	case s.environment.sets(UseDockerSecrets):
		return "its environment has " + UseDockerSecrets
	}
	return ""
}
