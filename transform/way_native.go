package transform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// DeliverNative means that the image reads a file for this very variable.
const DeliverNative DeliveryKind = "native"

// nativeWay is the row of DeliverNative.
//
//nolint:gochecknoglobals // a row of ways, never written
var nativeWay = way{
	kind:      DeliverNative,
	asksImage: func(Decision) bool { return false },
	fit:       fitNative,
	refusal:   "services.%s.environment.%s: %s; deliver it as file or env",
	trap:      (*serviceRewrite).trap,
	target:    func(p delivery) string { return p.fixed },
	warn: func(s *serviceRewrite, p delivery, moved []Decision) (code, message string) {
		return codeTrap, s.trap(p, moved)
	},
	evidence: func(_ *serviceRewrite, p delivery) string { return "docs/images.md has " + p.decision.Image },
	explain:  "%s: the image reads %s by itself",
	other:    "--deliver %[1]s=env gives it the variable as before",
}

// fitNative returns the image's own way to read d from a file; why is "" if it has one.
func fitNative(s *serviceRewrite, d Decision) (p delivery, why string) {
	const unknown = "this image is not known to read it from a file"
	p = delivery{decision: d, kind: DeliverNative}
	if d.Image == "" {
		return p, unknown
	}
	if s.program.authorEntry && !s.image.CalledBy(s.program.words()) {
		return p, "entrypoint: replaces the image's own, which may be what reads the file"
	}
	if n, ok := images.NativeFor(d.Image, d.Name); ok {
		p.variable, p.value, p.mode, p.uid, p.both = n.Variable, n.Prefix+SecretsDir, n.Mode, n.UID, n.Both
		return p, ""
	}
	e, ok := images.ExpectedFor(d.Image, d.Name)
	if p.fixed, p.variable = e.Target, e.Variable; !ok {
		return p, unknown
	}
	return p, ""
}

// trap returns why the image's own way would fail in this service, "" if it would
// not.
func (s *serviceRewrite) trap(native delivery, moved []Decision) string {
	d := native.decision
	if native.both != images.BothFile && native.variable != d.Name && native.fixed == "" && slices.Contains(s.image.Variables, d.Name) {
		return fmt.Sprintf("the image itself sets %s, which must not be set together with %s", d.Name, native.variable)
	}
	if d.TrimmedByImage {
		return "the image trims blanks or newlines when it reads this value from a file"
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
