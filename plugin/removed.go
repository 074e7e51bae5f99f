package plugin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
	"github.com/docker-secrets/docker-secrets/transform"
)

// removal is a secret that a service of an edited stack file has no longer.
type removal struct {
	variable string
	secret   string
	target   string
}

// checkRemoved refuses the services of file that lost a secret to an edit by hand: they
// would start without it, and say so at best. What a service had is known from x-from, from
// the variables that name a file, and from the service that runs. A file that nobody edited
// is as migrate made it, and one of somebody else's may be meant so.
func checkRemoved(file stackfile.Stack, seen swarm.State) (faults []error) {
	for _, service := range file.Services {
		if startsThroughShim(service, file) && !slices.ContainsFunc(service.Secrets, func(m stackfile.Mount) bool { return transform.ShimVariables(m.Target) != nil }) {
			faults = append(faults, fmt.Errorf("%s:%d: %s would start without its variables: it starts through %s, and no secret has a target env/VARIABLE; put that line back under secrets: of %s, or migrate again",
				service.File, service.Line, service.Name, transform.ShimPath, service.Name))
		}
		if !file.Edited {
			continue
		}
		for _, r := range removals(service, file, seen) {
			faults = append(faults, fmt.Errorf("%s:%d: %s would start without %s: an edit by hand removed its secret; put {source: %s, target: %s} back under secrets: of %s, or allow it with --allow-unread",
				service.File, service.Line, service.Name, r.variable, r.secret, r.target, service.Name))
		}
	}
	return faults
}

// startsThroughShim tells whether service has the script that makes variables of the files
// in one folder. Earlier forms, which the stack file has in x-content, read others.
func startsThroughShim(service stackfile.Deployed, file stackfile.Stack) bool {
	return slices.ContainsFunc(service.Configs, func(m stackfile.Mount) bool {
		return slices.ContainsFunc(file.Objects, func(o stackfile.Object) bool { return o.Config && o.Shim && o.Name == m.Name })
	})
}

// removals returns what service had and has no longer, in order of variable. Each variable,
// and each file, is there once.
func removals(service stackfile.Deployed, file stackfile.Stack, seen swarm.State) []removal {
	var all []removal
	for _, r := range slices.Concat(hadWhileRunning(service, seen), hadByName(service, file), hadByOrigin(service, file)) {
		had := slices.ContainsFunc(all, func(o removal) bool { return o.variable == r.variable || o.secret == r.secret && o.target == r.target })
		has := slices.ContainsFunc(service.Secrets, func(m stackfile.Mount) bool { return m.Name == r.secret })
		if !had && !has && file.Declares(false, r.secret) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b removal) int { return strings.Compare(a.variable, b.variable) })
	return all
}

// hadWhileRunning returns what the running service gets its variables from.
func hadWhileRunning(service stackfile.Deployed, seen swarm.State) (all []removal) {
	for _, made := range seen.Shimmed(service.Name) {
		all = append(all, removal{made.Variable, made.Secret, made.Target})
	}
	return all
}

// hadByName returns the secrets in the files that variables of the service name.
func hadByName(service stackfile.Deployed, file stackfile.Stack) (all []removal) {
	for _, named := range service.Files {
		if !slices.ContainsFunc(service.Secrets, func(m stackfile.Mount) bool { return m.Target == named.Target }) {
			all = append(all, removal{named.Variable, secretAt(named.Target, file), named.Target})
		}
	}
	return all
}

// hadByOrigin returns the secrets that x-from says are variables of the service in the
// compose file.
func hadByOrigin(service stackfile.Deployed, file stackfile.Stack) (all []removal) {
	for _, object := range file.Objects {
		for _, ref := range object.From {
			variable, found := strings.CutPrefix(ref.Fragment, "services."+service.Name+".environment.")
			if !found || ref.Scheme != "compose" || object.Config {
				continue
			}
			target := transform.SecretName(variable)
			if startsThroughShim(service, file) {
				target = "env/" + variable
			}
			all = append(all, removal{variable, object.Name, target})
		}
	}
	return all
}

// secretAt returns the secret that services have in the file called target, the one of that
// name if none has.
func secretAt(target string, file stackfile.Stack) string {
	for _, object := range file.Objects {
		if !object.Config && slices.Contains(object.Targets, target) {
			return object.Name
		}
	}
	return target
}

// unused returns a line for each secret that an edited file declares and no service has
// any more.
func unused(file stackfile.Stack) (lines []string) {
	for _, object := range file.Objects {
		if file.Edited && !object.Config && len(object.From) > 0 && len(object.Services) == 0 {
			lines = append(lines, fmt.Sprintf("no service has the secret %s, and %s was edited by hand: put it back under secrets: of the service that needs it, or take %s out of the file", object.Name, object.File, object.Name))
		}
	}
	return lines
}
