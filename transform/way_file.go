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
	fit: func(_ *serviceRewrite, d Decision) (delivery, string) {
		return delivery{decision: d, kind: DeliverFile}, ""
	},
	target: func(p delivery) string { return SecretName(p.decision.Name) },
	prepare: func(s *serviceRewrite) {
		s.environment.put(UseDockerSecrets, UseDockerSecrets, "true")
	},
	warn: func(s *serviceRewrite, p delivery, _ []Decision) (code, message string) {
		d := p.decision
		if d.Image == "" {
			return "", ""
		}
		_, why := fitEnv(s, d)
		if why == "" {
			why = "file delivery is wanted"
		}
		return "image-reads-no-file", fmt.Sprintf(
			"%s is not known to read %s from a file; it gets no variable (%s) and must read %s itself", d.Image, d.Name, why, p.path())
	},
	explain: "%s: the application reads %s", code: true,
}
