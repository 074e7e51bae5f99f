package check

import (
	"fmt"
	"slices"
)

// stackRules: production reads its secrets from the Swarm.
//
//nolint:gochecknoglobals // a table, never written
var stackRules = []Rule{
	{
		ID: "stack-missing", Line: 3, Severity: Warning, Title: "an application with secrets and no stack file",
		Why: "Without a stack file, production gets its secrets as plain environment variables.",
		Fix: "docker secrets migrate", find: func(f Facts) outcome {
			out := outcome{blind: f.Application.Blind, subjects: len(f.Application.Variables)}
			if f.Stack.Missing {
				out.found = append(out.found, Finding{Place: Place{File: f.Stack.File}, Subject: f.Stack.File, Message: "the file does not exist"})
			}
			return out
		},
	},
	{
		ID: "stack-stale", Line: 3, Severity: Warning, Title: "a stack file that is not up to date",
		Why: "Production does not run what the compose files say.",
		Fix: "docker secrets migrate", find: func(f Facts) outcome {
			out := f.Stack.outcome(1)
			if out.blind == "" {
				out.blind = f.Stack.StaleBlind
			}
			if f.Stack.Stale {
				out.found = append(out.found, f.Stack.finding("is not what docker secrets migrate writes"))
			}
			return out
		},
	},
	{
		ID: "stack-edited", Line: 3, Severity: Warning, Title: "a stack file that was edited by hand",
		Why: "The next migrate stops at the edit, or loses it with --force.",
		Fix: "docker secrets migrate --diff", find: func(f Facts) outcome {
			out := f.Stack.outcome(1)
			if f.Stack.Edited {
				out.found = append(out.found, f.Stack.finding("was edited by hand"))
			}
			return out
		},
	},
	{
		ID: "stack-undeclared", Line: 3, Severity: Error, Title: "a secret that a service refers to and nothing declares",
		Why: "docker stack deploy refuses the file.",
		Fix: "docker secrets migrate", find: findUndeclared,
	},
	{
		ID: "stack-unused", Line: 3, Severity: Warning, Title: "a secret that is declared and not used",
		Why: "An unused secret can only be leaked.",
		Fix: "remove it from secrets: in the compose file, then docker secrets migrate", find: findUnused,
	},
	{
		ID: "stack-unread", Line: 3, Severity: Error, Title: "a service that does not read its secrets",
		Why: "The service starts without the secrets that were moved, and fails or runs unprotected.",
		Fix: "docker secrets migrate --explain SERVICE", find: func(f Facts) outcome {
			out := f.Stack.outcome(len(f.Stack.Services))
			for _, unread := range f.Stack.Unread {
				out.found = append(out.found, Finding{
					Place: unread.Place, Subject: unread.Name, Message: unread.Name + " does not read its secrets",
					Fix: "docker secrets migrate --explain " + quoted(unread.Name),
				})
			}
			return out
		},
	},
	{
		ID: "stack-in-clear", Line: 3, Severity: Error, Title: "a credential in plain text in the stack file",
		Why: "The stack file is committed, and the Swarm shows the text to anyone who can inspect the service.",
		Fix: "write ${NAME} in its place in the compose file, then docker secrets migrate", find: func(f Facts) outcome {
			out := f.Stack.outcome(1)
			for _, clear := range f.Stack.InClear {
				out.found = append(out.found, Finding{Place: clear.Place, Subject: clear.Name, Message: clear.Name + " is in plain text"})
			}
			return out
		},
	},
	{
		ID: "pin-missing", Line: 3, Severity: Error, Title: "a version that is not on the Swarm",
		Why: "docker stack deploy fails with \"secret not found\".",
		Fix: "docker secrets deploy STACK", find: func(f Facts) outcome {
			out := f.Swarm.outcome(len(f.Stack.Declared))
			if f.Stack.Blind != "" && out.blind == "" {
				out.blind = f.Stack.Blind
			}
			for _, name := range f.Swarm.Missing {
				out.found = append(out.found, Finding{
					Place: f.Stack.placeOf(name), Subject: name, Message: name + " is not on the Swarm", Fix: "docker secrets deploy " + quoted(f.Swarm.Stack),
				})
			}
			return out
		},
	},
}

// outcome begins what a rule says about a stack file with n subjects.
func (s Stack) outcome(n int) outcome {
	if s.Blind != "" {
		return outcome{blind: s.Blind}
	}
	return outcome{subjects: n}
}

func (s Stack) finding(what string) Finding {
	return Finding{Place: Place{File: s.File, Line: 1, Column: 1}, Subject: s.File, Message: "the file " + what}
}

func (s Stack) placeOf(object string) Place {
	for _, d := range s.Declared {
		if d.Object == object {
			return d.Place
		}
	}
	return Place{File: s.File}
}

func findUndeclared(f Facts) outcome {
	out := f.Stack.outcome(0)
	for _, service := range f.Stack.Services {
		for _, grant := range service.Grants {
			out.subjects++
			declared := func(d Declared) bool { return d.Name == grant.Secret }
			if slices.ContainsFunc(f.Stack.Declared, declared) {
				continue
			}
			out.found = append(out.found, Finding{
				Place: grant.Place, Subject: service.Name + "." + grant.Secret,
				Message: fmt.Sprintf("%s refers to %s, which secrets: does not have", service.Name, grant.Secret),
			})
		}
	}
	return out
}

func findUnused(f Facts) outcome {
	out := f.Stack.outcome(len(f.Stack.Declared))
	for _, d := range f.Stack.Declared {
		granted := func(s Service) bool {
			return slices.ContainsFunc(s.Grants, func(g Grant) bool { return g.Secret == d.Name })
		}
		if !slices.ContainsFunc(f.Stack.Services, granted) {
			out.found = append(out.found, Finding{Place: d.Place, Subject: d.Name, Message: d.Name + " is declared, and no service uses it"})
		}
	}
	return out
}
