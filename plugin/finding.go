package plugin

import (
	"cmp"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform"
)

// severity says how much a finding matters, worst first.
type severity string

const (
	breaks      severity = "breaks"    // a service would fail, or start without a secret
	refused     severity = "refused"   // deploy refuses it until somebody decides
	lost        severity = "lost"      // a setting that Swarm does not support
	maybeSecret severity = "maybe"     // a variable that may be a secret
	kept        severity = "kept"      // as the stack file had it, because its value is not here
	plaintext   severity = "plaintext" // the stack file shows what no compose file showed
	note        severity = "note"      // the rest
)

// severities are all of them in the order of the report.
//
//nolint:gochecknoglobals // a table, never written
var severities = []severity{breaks, refused, lost, maybeSecret, kept, plaintext, note}

// finding is one thing that migrate has to say of an application. The report and
// --format json are made of findings, and of nothing else but the secrets.
type finding struct {
	Code     string   `json:"code"` // stable, kebab-case
	Severity severity `json:"severity"`
	Service  string   `json:"service,omitempty"` // "" for the application
	Subject  string   `json:"subject,omitempty"` // the variable, key or volume that it is about
	Path     string   `json:"path,omitempty"`    // FILE:LINE, where that is known, and the path in the model
	Message  string   `json:"message"`
	Fix      string   `json:"fix,omitempty"`  // what to do
	Loss     bool     `json:"loss,omitempty"` // --strict fails

	unread *transform.Unread // what the finding is made of; nil for most
}

// newFinding returns what a room reported. A message's words up to the first semicolon
// say what is so, and the others what to do.
func newFinding(w transform.Warning) finding {
	f := finding{Code: w.Code, Service: w.Service, Path: w.Path, Loss: w.Loss, Subject: subjectOf(w.Path), Severity: note}
	f.Message, f.Fix, _ = strings.Cut(w.Message, "; ")
	if w.Loss {
		f.Severity = lost
	}
	f.Severity = cmp.Or(kindOf(w.Code, w.Loss).severity, f.Severity)
	return f
}

// modelPath is path without FILE:LINE before it.
func modelPath(path string) string {
	if _, in, found := strings.Cut(path, " "); found {
		return in
	}
	return path
}

// subjectOf is what of a service or of the application the path in the model is about:
// a variable's name, a key, a volume's name.
func subjectOf(path string) string {
	keys := strings.Split(modelPath(path), ".")
	named := []string{"volumes", "networks", "secrets", "configs"}
	if len(keys) > 2 && keys[0] == "services" {
		keys = keys[2:]
		named = []string{"environment", "depends_on"}
	}
	if len(keys) > 1 && slices.Contains(named, keys[0]) {
		return keys[1]
	}
	for i, key := range keys {
		keys[i], _, _ = strings.Cut(key, "[")
	}
	return strings.Join(keys, ".")
}

// findings returns all that output has to say, in the order of the report.
func (m *migration) findings() []finding {
	var all []finding
	for _, text := range m.notes {
		all = append(all, finding{Code: "project", Severity: note, Message: text})
	}
	for _, name := range m.kept {
		all = append(all, finding{Code: "kept-value", Severity: kept, Subject: name, Message: "kept as the stack file has it, value not available here"})
	}
	for _, w := range m.warnings {
		if w.Code != transform.CodeUnread {
			all = append(all, newFinding(w))
		}
	}
	for _, u := range m.rewritten.Unread {
		all = append(all, unreadFinding(u))
	}
	for _, d := range m.decisions.Variables {
		if d.Verdict == transform.Maybe {
			all = append(all, maybeFinding(d))
		}
		if d.InClear {
			all = append(all, finding{Code: "plaintext", Severity: plaintext, Service: d.Service, Subject: d.Name, Path: variablePath(d), Message: "plaintext, copied from an env file"})
		}
	}
	slices.SortStableFunc(all, func(a, b finding) int {
		return cmp.Or(cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity)), strings.Compare(a.Service, b.Service))
	})
	return all
}

// unreadFinding says that a service starts without some of its secrets.
func unreadFinding(u transform.Unread) finding {
	names := strings.Join(u.Variables, ", ")
	return finding{
		Code: transform.CodeUnread, Severity: breaks, Service: u.Service, Subject: names, Path: "services." + u.Service, Loss: true,
		Message: "will start without " + names + ": " + u.Why(), Fix: u.FixFor(), unread: &u,
	}
}

// maybeFinding says what was done with a variable in doubt, and what to type for the other.
func maybeFinding(d transform.Decision) finding {
	f := finding{Code: "maybe-kept", Severity: maybeSecret, Service: d.Service, Subject: d.Name, Path: variablePath(d)}
	f.Message, f.Fix = "may be a secret ("+d.Rule+"): kept in plaintext", "--secret "+d.Service+"."+d.Name+" makes it one"
	if d.Secret != "" {
		f.Code = "maybe-moved"
		f.Message, f.Fix = "may be a secret ("+d.Rule+"): moved", "--plain "+d.Service+"."+d.Name+" keeps it as it was"
	}
	return f
}

func variablePath(d transform.Decision) string {
	return "services." + d.Service + ".environment." + d.Name
}
