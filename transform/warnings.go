package transform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

func (r *rewriter) warn(code string, d Decision, message string) {
	path := "services." + d.Service + ".environment." + d.Name
	r.result.Warnings = append(r.result.Warnings, Warning{Code: code, Service: d.Service, Path: path, Message: message})
}

// note reports something about a key of the service.
func (s *serviceRewrite) note(code, key, message string) {
	s.r.result.Warnings = append(s.r.result.Warnings, Warning{
		Code: code, Service: s.name, Path: "services." + s.name + "." + key, Message: message,
	})
}

// warnDelivery reports what is not certain about a delivery, and a value that is
// easy to guess.
func (s *serviceRewrite) warnDelivery(p delivery, moved []Decision) {
	d := p.decision
	if d.Weak {
		s.r.warn("weak-secret", d, "weak or default value; change it, or deploy with --allow-weak")
	}
	if d.Respelled {
		s.r.warn("unquoted-value", d, "docker compose rewrites this unquoted number, date or boolean; quote the value to keep it as written")
	}
	if wanted := wayOf(p.kind).target(p); wanted != "" && p.target != wanted {
		s.r.warn("shared-file", d, fmt.Sprintf("shares the file %s with another variable of the same secret; read that file", p.path()))
	}
	if code, message := wayOf(p.kind).warn(s, p, moved); message != "" {
		s.r.warn(code, d, message)
		s.r.lose(s.name)
	}
}

// The codes of warnings about services that may fail at start.
const (
	codeShell = "shell-not-known"
	codeTrap  = "native-trap"
)

// lose makes the last warning a loss if it is about a service that may fail at start, and
// whose owner did not ask for it by naming the delivery.
func (r *rewriter) lose(service string) {
	last := &r.result.Warnings[len(r.result.Warnings)-1]
	last.Loss = (last.Code == codeShell || last.Code == codeTrap) && r.options.deliver(service) == ""
}

// warnHeld reports the variables whose values repeat other secrets. Of a template the
// Engine makes the value, from the other secret as it is.
func (r *rewriter) warnHeld() {
	held := map[string][]string{}
	for _, declared := range r.decisions.Secrets {
		if _, made := r.template[declared.Name]; !made {
			held[declared.Name] = declared.Holds
		}
	}
	for _, d := range r.decisions.Variables {
		if others := held[d.Secret]; d.Secret != "" && len(others) > 0 {
			names := strings.Join(others, " and ")
			r.warn("repeats-secret", d, fmt.Sprintf("%s contains the value of %s, so both must change together; write ${NAME} there to have one source", d.Secret, names))
		}
	}
}

// inline lists the seals that are left. They are where nothing can be read from a
// file.
func (r *rewriter) inline() {
	paths := map[string][]string{}
	EachText(r.result.Model, func(path, text string) {
		for _, name := range seal.Names(text) {
			if isDropped(path) {
				r.warnBuild(path, name)
				continue
			}
			if !slices.Contains(paths[name], path) {
				paths[name] = append(paths[name], path)
			}
		}
	})
	for _, declared := range r.decisions.Secrets {
		found := paths[declared.Name]
		if len(found) == 0 {
			continue
		}
		slices.Sort(found)
		name := inlineName(declared.Name)
		r.result.Inlined = append(r.result.Inlined, Inlined{Name: name, Declared: declared, Paths: found})
		for _, path := range found {
			r.result.Warnings = append(r.result.Warnings, Warning{
				Code: "inline-secret", Service: ServiceOf(path), Path: path, Loss: true,
				Message: fmt.Sprintf("a secret is needed here, where no file can be read: ${%s} is kept; deploy with --inline %s to allow it", name, name),
			})
		}
	}
}

// isDropped tells whether path is in a block that a stack file does not have.
func isDropped(path string) bool {
	for _, block := range []string{".build.", ".develop.", ".pre_start", ".post_start", ".pre_stop", ".provider."} {
		if strings.HasPrefix(path, "services.") && strings.Contains(path, block) {
			return true
		}
	}
	return strings.HasPrefix(path, "jobs.") || strings.HasPrefix(path, "models.")
}

// warnBuild reports a secret in a build argument, which may stay in the image.
func (r *rewriter) warnBuild(path, name string) {
	if !strings.Contains(path, ".build.") {
		return
	}
	r.result.Warnings = append(r.result.Warnings, Warning{
		Code: "build-secret", Service: ServiceOf(path), Path: path,
		Message: fmt.Sprintf("%s can be read in the image; pass it to the build with build.secrets instead", name),
	})
}
