package check

import "fmt"

// outcome begins what a rule says about the Swarm with n subjects.
func (s Swarm) outcome(n int) outcome {
	if s.Blind != "" {
		return outcome{blind: s.Blind}
	}
	return outcome{subjects: n}
}

// rotationRules: secrets are rotated.
//
//nolint:gochecknoglobals // a table, never written
var rotationRules = []Rule{
	{
		ID: "rotation-due", Line: 5, Severity: Warning, Title: "a secret that is older than --max-age",
		Why: "The longer a value is in use, the more people, backups and logs have it.",
		Fix: "docker secrets rotate STACK SECRET", find: func(f Facts) outcome {
			out := f.Swarm.outcome(0)
			for _, v := range f.Swarm.Versions {
				if !v.InUse {
					continue
				}
				out.subjects++
				if v.TooOld {
					out.found = append(out.found, Finding{
						Subject: v.Secret, Message: fmt.Sprintf("%s is %s old, and the maximum is %s", v.Object, v.Age, f.Swarm.MaxAge),
						Fix: fmt.Sprintf("docker secrets rotate %s %s", quoted(f.Swarm.Stack), quoted(v.Secret)),
					})
				}
			}
			return out
		},
	},
	{
		ID: "version-unused", Line: 5, Severity: Warning, Title: "a version that nothing uses",
		Why: "An old value that is still on the Swarm can be given to a service by mistake.",
		Fix: "docker secrets prune STACK", find: func(f Facts) outcome {
			out := f.Swarm.outcome(len(f.Swarm.Versions))
			for _, v := range f.Swarm.Versions {
				if !v.InUse && !v.Kept {
					out.found = append(out.found, Finding{Subject: v.Object, Message: v.Object + " is used by nothing", Fix: "docker secrets prune " + quoted(f.Swarm.Stack)})
				}
			}
			return out
		},
	},
	{
		ID: "manager-newer", Line: 5, Severity: Warning, Title: "a newer version in a secret manager",
		Why: "The secret was rotated in the manager, and the services still use the old value.",
		Fix: "docker secrets deploy --rotate STACK", find: func(f Facts) outcome {
			out := f.Swarm.outcome(f.Swarm.Managed)
			if out.blind == "" {
				out.blind = f.Swarm.NewerBlind
			}
			for _, name := range f.Swarm.Newer {
				out.found = append(out.found, Finding{Subject: name, Message: name + " has a newer version in its secret manager", Fix: "docker secrets deploy --rotate " + quoted(f.Swarm.Stack)})
			}
			return out
		},
	},
}

// environmentRules: every environment has secrets of its own.
//
//nolint:gochecknoglobals // a table, never written
var environmentRules = []Rule{
	{
		ID: "shared-object", Line: 6, Severity: Warning, Title: "a secret that two stacks use",
		Why: "Anyone with the secret of one environment has that of the other.",
		Fix: "docker secrets deploy STACK --from BASE, with a base of its own for each environment", find: findShared(true),
	},
	{
		ID: "shared-value", Line: 6, Severity: Warning, Title: "a value that two stacks have",
		Why: "Anyone with the secret of one environment has that of the other.",
		Fix: "docker secrets rotate STACK SECRET --generate 32", find: findShared(false),
	},
}

func findShared(object bool) func(Facts) outcome {
	return func(f Facts) outcome {
		out := f.Swarm.outcome(f.Swarm.Compared)
		if object {
			out = f.Swarm.outcome(len(f.Swarm.Versions))
		} else if out.blind == "" {
			out.blind = f.Swarm.CompareBlind
		}
		for _, shared := range f.Swarm.Shared {
			if shared.Object != object {
				continue
			}
			found := Finding{Subject: shared.Secret + " with " + shared.With, Message: fmt.Sprintf("%s is used by %s of stack %s too", shared.Secret, shared.With, shared.Stack)}
			if !object {
				found.Message = fmt.Sprintf("%s has the value of %s of stack %s", shared.Secret, shared.With, shared.Stack)
				found.Fix = fmt.Sprintf("docker secrets rotate %s %s --generate 32", quoted(f.Swarm.Stack), quoted(shared.Secret))
			}
			out.found = append(out.found, found)
		}
		return out
	}
}

// transportRules: secrets are encrypted at rest and in transit.
//
//nolint:gochecknoglobals // a table, never written
var transportRules = []Rule{
	{
		ID: "autolock-off", Line: 7, Severity: Warning, Title: "a Swarm without autolock",
		Why: "The key of the Swarm's encrypted store is next to it on the disk of every manager.",
		Fix: "docker swarm update --autolock=true", find: func(f Facts) outcome {
			out := f.Swarm.outcome(1)
			if out.blind == "" && !f.Swarm.Autolock {
				out.found = append(out.found, Finding{Subject: "autolock", Message: "autolock is off"})
			}
			return out
		},
	},
	{
		ID: "engine-plain-tcp", Line: 7, Severity: Error, Title: "an Engine that is reached over plain TCP",
		Why: "Secrets cross the network unencrypted, and anyone who can connect to the port is root on the node.",
		Fix: "docker context create NAME --docker host=ssh://USER@HOST", find: func(f Facts) outcome {
			out := f.Swarm.outcome(1)
			if f.Swarm.PlainEngine != "" {
				out.found = append(out.found, Finding{Subject: f.Swarm.PlainEngine, Message: f.Swarm.PlainEngine + " has no TLS"})
			}
			return out
		},
	},
	{
		ID: "manager-plain-http", Line: 7, Severity: Error, Title: "a secret manager that is used without TLS",
		Why: "The values and the token that opens the manager cross the network unencrypted.",
		Fix: "write https:// in the variable that has the address", find: func(f Facts) outcome {
			out := outcome{subjects: len(f.Swarm.Managers)}
			for _, a := range f.Swarm.Managers {
				if a.Plain {
					out.found = append(out.found, Finding{Subject: a.Variable, Message: fmt.Sprintf("%s: %s has an address without TLS", a.Manager, a.Variable)})
				}
			}
			return out
		},
	},
}

// residueRules: no plaintext is left where it ran before.
//
//nolint:gochecknoglobals // a table, never written
var residueRules = []Rule{
	{
		ID: "residue", Line: 8, Severity: Error, Title: "a value in plain text that the Swarm still holds",
		Why: "docker service inspect and docker inspect show it, and so does every backup of the Swarm.",
		Fix: "docker secrets deploy STACK --scrub", find: func(f Facts) outcome {
			out := f.Swarm.outcome(f.Swarm.Searched)
			for _, r := range f.Swarm.Residues {
				out.found = append(out.found, Finding{
					Subject: r.Name + " in " + r.Where, Message: fmt.Sprintf("%s is in plain text in %s", r.Name, r.Where),
					Fix: fmt.Sprintf("docker secrets deploy %s --scrub", quoted(f.Swarm.Stack)),
				})
			}
			return out
		},
	},
}

// troubleRules: every service reads its secrets.
//
//nolint:gochecknoglobals // a table, never written
var troubleRules = []Rule{
	{
		ID: "secret-not-found", Line: 9, Severity: Error, Title: "a service whose secret is not found",
		Why:  "The tasks of the service cannot start.",
		Fix:  "docker secrets deploy STACK",
		find: findTroubles(func(s Swarm) []Trouble { return s.NotFound }, "docker secrets deploy %s"),
	},
	{
		ID: "permission-denied", Line: 9, Severity: Error, Title: "a secret that its service may not read",
		Why: "The process runs as a user to whom the file's mode and owner give no access.",
		Fix: "add uid: of that user to the entry with the mode, or set mode: 0444", find: findDenied,
	},
	{
		ID: "not-updating", Line: 9, Severity: Warning, Title: "a service with an older version than the stack file's",
		Why:  "The service still uses the value that was to be replaced.",
		Fix:  "docker secrets deploy STACK",
		find: findTroubles(func(s Swarm) []Trouble { return s.Old }, "docker secrets deploy %s"),
	},
}

func findTroubles(of func(Swarm) []Trouble, fix string) func(Facts) outcome {
	return func(f Facts) outcome {
		out := f.Swarm.outcome(f.Swarm.Running)
		for _, t := range of(f.Swarm) {
			out.found = append(out.found, t.finding(fmt.Sprintf(fix, quoted(f.Swarm.Stack))))
		}
		return out
	}
}

func (t Trouble) finding(fix string) Finding {
	return Finding{Subject: t.Service + "." + t.Secret, Message: fmt.Sprintf("%s, %s: %s", t.Service, t.Secret, t.Detail), Fix: fix}
}

// findDenied looks at the stack file, and at what runs.
func findDenied(f Facts) outcome {
	out := outcome{subjects: f.Swarm.Running}
	if f.Stack.Blind != "" && f.Swarm.Blind != "" {
		out.blind = f.Stack.Blind
	}
	for _, service := range f.Stack.Services {
		for _, grant := range service.Grants {
			out.subjects++
			if detail := Denied(service.User, grant.Owner, grant.Group, grant.Mode); detail != "" {
				found := Trouble{service.Name, grant.Secret, detail}.finding("")
				found.Place = grant.Place
				out.found = append(out.found, found)
			}
		}
	}
	for _, t := range f.Swarm.Denied {
		out.found = append(out.found, t.finding(""))
	}
	return out
}
