package check

import (
	"strings"
)

// IgnorePatterns are what .gitignore and .dockerignore should have.
//
//nolint:gochecknoglobals // a table, never written
var IgnorePatterns = []IgnorePattern{
	{Pattern: ".env", Sample: ".env"},
	{Pattern: ".env.*", Sample: ".env.production"},
	{Pattern: "*.pem", Sample: "server.pem"},
	{Pattern: "*.key", Sample: "server.key"},
	{Pattern: "secrets/", Sample: "secrets/db_password"},
}

// IgnorePattern is a pattern, and a path that it is there for.
type IgnorePattern struct{ Pattern, Sample string }

// keptOutRules: env files and keys are kept out of git and of images.
//
//nolint:gochecknoglobals // a table, never written
var keptOutRules = []Rule{
	{
		ID: "gitignore", Line: 2, Severity: Warning, Title: "files with secrets that .gitignore does not name",
		Why: "What is not ignored is committed by the next git add.",
		Fix: "echo '.env' >> .gitignore", find: findNotIgnored,
	},
	{
		ID: "dockerignore", Line: 2, Severity: Warning, Title: "files with secrets in a build context",
		Why: "COPY . copies them into the image, where anyone who can pull it can read them.",
		Fix: "echo '**/.env*' >> .dockerignore", find: findLetIn,
	},
}

func findNotIgnored(f Facts) outcome {
	r := f.Repository
	out := outcome{blind: r.Blind, subjects: r.Ignored + len(r.NotIgnored)}
	for _, pattern := range r.NotIgnored {
		out.found = append(out.found, Finding{
			Place: r.Ignore, Subject: pattern, Message: pattern + " is missing",
			Fix: "echo '" + pattern + "' >> " + quoted(r.Ignore.File),
		})
	}
	return out
}

func findLetIn(f Facts) outcome {
	out := outcome{blind: f.Application.Blind, subjects: len(f.Application.Contexts)}
	for _, c := range f.Application.Contexts {
		if c.Blind != "" {
			out.blind = c.Blind
		}
		if len(c.LetIn) == 0 {
			continue
		}
		out.found = append(out.found, Finding{
			Place: c.Place, Subject: c.Place.File,
			Message: "lets " + strings.Join(c.LetIn, ", ") + " into the build of " + strings.Join(c.Services, ", "),
			Fix:     "printf '%s\\n' '**/.env*' '**/*.pem' '**/*.key' '**/secrets/' >> " + quoted(c.Place.File),
		})
	}
	return out
}
