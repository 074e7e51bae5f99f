package check

import (
	"fmt"
	"strings"
)

// committedRules: secrets are never committed.
//
//nolint:gochecknoglobals // a table, never written
var committedRules = []Rule{
	{
		ID: "compose-plaintext", Line: 1, Severity: Error, Title: "a secret in plain text in a compose file",
		Why: "Anyone who can read the compose file, or a copy of its repository, has the secret.",
		Fix: "docker secrets migrate", find: findWritten(false),
	},
	{
		ID: "compose-default", Line: 1, Severity: Warning, Title: "a default for a secret in a compose file",
		Why: "Where the variable is not set, production runs with a password that anyone can read.",
		Fix: "write ${NAME:?} in place of ${NAME:-default}, and set NAME in .env", find: findWritten(true),
	},
	textRule("build-argument", "build argument", "Build arguments stay in the image's history, where docker history shows them to anyone who can pull it.",
		"remove it from args:, and use a build secret: docker build --secret id=NAME,env=NAME"),
	textRule("label", "label", "Labels are shown by docker inspect and by every tool that lists containers.", "read the value from a secret in the service that needs it, and remove it from the label"),
	textRule("command", "command", "Commands are shown by docker inspect and by ps on the node.", "docker secrets migrate"),
	textRule("healthcheck", "healthcheck", "Healthchecks are shown by docker inspect and by ps on the node.", "docker secrets migrate"),
	textRule("config", "config", "Configs are not encrypted for one service, and docker config inspect shows them.", "docker secrets migrate"),
	textRule("comment", "comment", "A comment is committed and copied like the rest of the file.", "remove it from the comment, and change the secret: docker secrets rotate STACK SECRET"),
	textRule("text", "text", "No service can read a secret here, so the value is shown wherever the specification is.", "write ${NAME} in its place, and set NAME in .env"),
	{
		ID: "env-tracked", Line: 1, Severity: Error, Title: "an env file with secrets that git tracks",
		Why: "Anyone who clones the repository has the secrets, and the history keeps them after the file is gone.",
		Fix: "git rm --cached FILE && echo FILE >> .gitignore", find: findTracked,
	},
	{
		ID: "history-value", Line: 1, Severity: Error, Title: "a secret of this application in git's history",
		Why: "A commit that removes a secret leaves it in the history, and in every clone.",
		Fix: "docker secrets rotate STACK SECRET", find: findLeaks(false),
	},
	{
		ID: "history-shape", Line: 1, Severity: Warning, Title: "what looks like a credential in git's history",
		Why: "Tokens, private keys and passwords of env files stay valid until they are revoked.",
		Fix: "revoke it where it was issued", find: findLeaks(true),
	},
}

// findWritten finds variables whose values are in a compose file: as they are, or as
// defaults.
func findWritten(defaults bool) func(Facts) outcome {
	return func(f Facts) outcome {
		out := outcome{blind: f.Application.Blind, subjects: len(f.Application.Variables)}
		for _, v := range f.Application.Variables {
			if !v.Written || v.Default != defaults {
				continue
			}
			found := Finding{Place: v.Place, Subject: v.subject(), Message: v.subject() + " is written in the compose file"}
			if defaults {
				found.Message = v.subject() + " has a default in the compose file"
			}
			out.found = append(out.found, found)
		}
		return out
	}
}

func (v Variable) subject() string {
	if v.Service == "" {
		return v.Name
	}
	return v.Service + "." + v.Name
}

// textRule makes the rule for texts of one kind.
func textRule(id, kind, why, fix string) Rule {
	return Rule{
		ID: "secret-in-" + id, Line: 1, Severity: Error, Title: "a secret in a " + kind, Why: why, Fix: fix,
		find: func(f Facts) outcome {
			out := outcome{blind: f.Application.Blind}
			for _, t := range f.Application.Texts {
				if t.Kind != kind {
					continue
				}
				out.subjects++
				out.found = append(out.found, t.finding())
			}
			return out
		},
	}
}

func (t Text) finding() Finding {
	subject := t.Path
	if subject == "" {
		subject = fmt.Sprintf("a comment in %s", t.Place.File)
	}
	if t.Written {
		return Finding{Place: t.Place, Subject: subject, Message: subject + " shows a credential"}
	}
	return Finding{Place: t.Place, Subject: subject, Severity: Warning, Message: subject + " gets a credential from a variable"}
}

func findTracked(f Facts) outcome {
	out := outcome{blind: f.Repository.Blind, subjects: len(f.Repository.EnvFiles)}
	for _, file := range f.Repository.EnvFiles {
		if len(file.Secrets) == 0 {
			continue
		}
		out.found = append(out.found, Finding{
			Place: file.Place, Subject: file.Place.File,
			Message: "git tracks the file, which has " + strings.Join(file.Secrets, ", "),
			Fix:     fmt.Sprintf("git rm --cached %s && echo %s >> .gitignore", quoted(file.Place.File), quoted("/"+file.Place.File)),
		})
	}
	return out
}

// findLeaks finds what the history holds: values of the application, or shapes.
func findLeaks(shape bool) func(Facts) outcome {
	return func(f Facts) outcome {
		r := f.Repository
		out := outcome{blind: r.Blind}
		if len(f.Application.Variables) > 0 {
			out.subjects = r.Commits // a history without an application's secrets proves nothing
		}
		if out.blind == "" {
			out.blind = r.HistoryBlind
		}
		if out.blind == "" && !shape {
			out.blind = r.unsought()
		}
		for _, leak := range r.Leaks {
			if leak.Shape != shape {
				continue
			}
			out.found = append(out.found, leak.finding())
		}
		return out
	}
}

// unsought says which values were not searched for, "" if all were.
func (r Repository) unsought() string {
	switch {
	case len(r.NotHere) > 0:
		return "values that are not here were not searched for in git's history: " + strings.Join(r.NotHere, ", ")
	case len(r.TooCommon) > 0:
		return "values that are too common were not searched for in git's history: " + strings.Join(r.TooCommon, ", ")
	}
	return ""
}

// PartOfSecret is the name of a value that is no secret by itself.
const PartOfSecret = "a part of a secret, or another form of one"

func (l Leak) finding() Finding {
	message := fmt.Sprintf("%s, since commit %s", l.Secret, l.Commit)
	switch {
	case l.More == 1:
		message += ", and in one more place"
	case l.More > 1:
		message += fmt.Sprintf(", and in %d more places", l.More)
	}
	rewrite := "git filter-repo --invert-paths --path " + quoted(l.Place.File)
	fix := fmt.Sprintf("docker secrets rotate STACK %s; then, to remove it from the history: %s", l.Secret, rewrite)
	if l.Secret == PartOfSecret {
		fix = "docker secrets rotate STACK SECRET, for the secret that has it; then, to remove it from the history: " + rewrite
	}
	if l.Shape {
		fix = "revoke it where it was issued; then, to remove it from the history: " + rewrite
	}
	return Finding{Place: l.Place, Subject: l.Secret + " in " + l.Place.File, Message: message, Fix: fix}
}

// quoted quotes a path for a POSIX shell, where that is needed.
func quoted(path string) string {
	if path != "" && strings.Trim(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-") == "" {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
