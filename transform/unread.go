package transform

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// Unread is a service that will start without some of its secrets, and why.
type Unread struct {
	Service   string
	Variables []string // in order of name
	Cause     string   // the same with and without an Engine or a registry: the entrypoint of api:1 is not known
	Detail    string   // why it is not known here; "" for nothing
	Fix       string   // what to do; SERVICE is the service
}

// Why returns the cause with its detail.
func (u Unread) Why() string {
	if u.Detail == "" {
		return u.Cause
	}
	return u.Cause + " (" + u.Detail + ")"
}

// FixFor returns what to do about this service alone.
func (u Unread) FixFor() string { return strings.ReplaceAll(u.Fix, "SERVICE=", u.Service+"=") }

// noteUnread reports what nobody reads, a loss for each cause.
func (s *serviceRewrite) noteUnread() {
	var all []Unread
	for _, p := range s.through(DeliverUnread) {
		u := s.unread(p.decision)
		same := slices.IndexFunc(all, func(other Unread) bool { return other.Cause == u.Cause })
		if same >= 0 {
			all[same].Variables = append(all[same].Variables, p.decision.Name)
			continue
		}
		all = append(all, u)
	}
	for _, u := range all {
		slices.Sort(u.Variables)
		s.r.result.Unread = append(s.r.result.Unread, u)
		s.r.result.Warnings = append(s.r.result.Warnings, Warning{
			Code: CodeUnread, Service: s.name, Path: "services." + s.name, Loss: true,
			Message: "it will start without " + strings.Join(u.Variables, ", ") + ": " + u.Why() + "; " + u.FixFor(),
		})
	}
}

// CodeUnread is the code of a warning about an Unread.
const CodeUnread = "unread"

// unread returns why nothing gives d to the service, and what to do.
func (s *serviceRewrite) unread(d Decision) Unread {
	const orFile = "or --deliver SERVICE=file if it reads /run/secrets"
	u := Unread{Service: s.name, Variables: []string{d.Name}}
	switch {
	case !shimTakes(d.Name) || s.prologue:
		u.Cause, u.Fix = "a shell cannot make a variable of that name", "write entrypoint:, "+orFile
	case mountsShimFiles(asList(s.from["secrets"])):
		u.Cause, u.Fix = ownInShimFolder, "mount those elsewhere, "+orFile
	case !s.program.known():
		u.Cause, u.Detail = s.unknownProgram()
		u.Fix = s.learnProgram() + ", " + orFile
	case s.shell == images.No:
		u.Cause = s.subject() + " has no /bin/sh that could make the variable"
		u.Fix = "use an image with a shell, " + orFile
	default:
		u.Cause = "nothing shows that " + s.subject() + " has a /bin/sh that could make the variable"
		u.Fix = "--deliver SERVICE=env if it has, " + orFile
	}
	return u
}

// learnProgram returns how people let migrate know what the service starts.
func (s *serviceRewrite) learnProgram() string {
	const write = "write entrypoint: and command:"
	switch {
	case s.program.entryKnown:
		return "write command:"
	case s.r.options.Offline:
		return "migrate without --offline, or " + write
	case s.from["build"] != nil:
		return "docker compose build, or " + write
	}
	return "docker login, or " + write
}
