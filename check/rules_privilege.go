package check

import (
	"fmt"
	"strings"
)

// manyServices is from how many services on one secret is for too many.
const manyServices = 5

// privilegeRules: every service gets the secrets that it needs, and no more.
//
//nolint:gochecknoglobals // a table, never written
var privilegeRules = []Rule{
	{
		ID: "grant-unused", Line: 4, Severity: Warning, Title: "a secret that a service gets and does not read",
		Why: "Anyone who breaks into the service has the secret too.",
		Fix: "remove it from the service's secrets:", find: findGrants(func(s Service, g Grant) Finding {
			if g.Used {
				return Finding{}
			}
			return Finding{Message: fmt.Sprintf("%s gets %s, and nothing in it reads /run/secrets/%s", s.Name, g.Secret, g.Target)}
		}),
	},
	{
		ID: "mode-wide", Line: 4, Severity: Warning, Title: "a mode that lets more users read a secret than need it",
		Why: "Every process in the container can read the file, not only the one that it is for.",
		Fix: "add mode: 0400 to the entry with uid:", find: findGrants(func(s Service, g Grant) Finding {
			owned := g.Owner != "" && g.Owner != "0" || g.Group != "" && g.Group != "0"
			if !g.Stated || g.Mode&0o333 == 0 && (!owned || g.Mode&0o004 == 0) {
				return Finding{}
			}
			return Finding{Message: fmt.Sprintf("%s gets %s with mode %04o", s.Name, g.Secret, g.Mode)}
		}),
	},
	{
		ID: "value-twice", Line: 4, Severity: Warning, Title: "one value under two names",
		Why: "To rotate one of them leaves the old value in use under the other.",
		Fix: "use one variable for both, then docker secrets migrate", find: func(f Facts) outcome {
			out := outcome{blind: f.Application.Blind, subjects: len(f.Application.Variables)}
			for _, equal := range f.Application.EqualValues {
				names := strings.Join(equal.Secrets, ", ")
				out.found = append(out.found, Finding{Place: equal.Place, Subject: names, Message: names + " have the same value"})
			}
			return out
		},
	},
	{
		ID: "secret-wide", Line: 4, Severity: Warning, Title: "one secret for many services",
		Why: "The secret is as safe as the weakest of the services, and to rotate it restarts all of them.",
		Fix: "give each service a credential of its own", find: findWide,
	},
}

// findGrants asks about each grant. A Finding without a message is none.
func findGrants(ask func(Service, Grant) Finding) func(Facts) outcome {
	return func(f Facts) outcome {
		out := f.Stack.outcome(0)
		for _, service := range f.Stack.Services {
			for _, grant := range service.Grants {
				out.subjects++
				if found := ask(service, grant); found.Message != "" {
					found.Place, found.Subject = grant.Place, service.Name+"."+grant.Secret
					out.found = append(out.found, found)
				}
			}
		}
		return out
	}
}

func findWide(f Facts) outcome {
	out := f.Stack.outcome(len(f.Stack.Declared))
	for _, d := range f.Stack.Declared {
		var users []string
		for _, service := range f.Stack.Services {
			for _, grant := range service.Grants {
				if grant.Secret == d.Name && (len(users) == 0 || users[len(users)-1] != service.Name) {
					users = append(users, service.Name)
				}
			}
		}
		if len(users) >= manyServices {
			out.found = append(out.found, Finding{
				Place: d.Place, Subject: d.Name, Message: fmt.Sprintf("%s is for %d services: %s", d.Name, len(users), strings.Join(users, ", ")),
			})
		}
	}
	return out
}
