package plugin

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// mistyped says which name in the options is one that app does not have, a line each
// in the order of the flags, with the names that are probably meant; "" when there is
// none. A name that matches nothing is a typing mistake: without a word, a secret
// would stay in clear.
func (o migrateOptions) mistyped(app *compose.Application) string {
	var faults []string
	for _, text := range o.deliver {
		if service, _, found := strings.Cut(text, "="); found && !slices.Contains(app.Names.Services, service) {
			faults = append(faults, "--deliver "+text+": no such service"+meant(service, app.Names.Services))
		}
	}
	for _, pattern := range o.policy.Secret {
		faults = append(faults, unmatched("--secret ", pattern, app)...)
	}
	for _, pattern := range o.policy.Plain {
		faults = append(faults, unmatched("--plain ", pattern, app)...)
	}
	for _, profile := range o.load.Profiles {
		if profile != "*" && !slices.Contains(app.Names.Profiles, profile) {
			faults = append(faults, "--profile "+profile+": no service has it"+meant(profile, app.Names.Profiles))
		}
	}
	if o.explain != "" && !slices.Contains(app.Names.Services, o.explain) {
		faults = append(faults, "--explain "+o.explain+": no such service"+meant(o.explain, app.Names.Services))
	}
	return strings.Join(faults, "\n")
}

// unmatched says that pattern, which flag was given, matches no variable of app; nil
// when it matches one, or may in a service that is not active.
func unmatched(flag, pattern string, app *compose.Application) []string {
	var names []string
	active := map[string]bool{}
	for _, v := range app.Input.Variables {
		active[v.Service] = true
		names = append(names, v.Name, v.Service+"."+v.Name)
	}
	for _, x := range app.Input.Interpolated {
		names = append(names, x.Name)
	}
	if slices.ContainsFunc(names, func(name string) bool { return images.GlobMatch(pattern, name) }) {
		return nil
	}
	service, rest, found := strings.Cut(pattern, ".")
	switch {
	case isPath(pattern):
		return nil
	case found && slices.Contains(app.Names.Services, service) && !active[service]:
		return nil
	case found && !slices.Contains(app.Names.Services, service) && strings.ContainsAny(rest, "*?"):
		return []string{flag + pattern + ": matches no variable: no such service" + meant(service, app.Names.Services)}
	}
	slices.Sort(names)
	return []string{flag + pattern + ": matches no variable" + meant(pattern, slices.Compact(names))}
}

// isPath tells whether pattern is one over paths in the compose file, such as
// labels.traefik.* or services.web.logging.options.*. What a path has is not known here.
func isPath(pattern string) bool {
	keys := strings.Split(pattern, ".")
	if len(keys) > 2 && keys[0] == "services" {
		keys = keys[2:]
	} else if len(keys) > 2 && slices.Contains(pathKeys, keys[1]) {
		keys = keys[1:]
	}
	return len(keys) > 1 && slices.Contains(pathKeys, keys[0])
}

// pathKeys are the keys of the Compose Spec below which plain: may name a path.
//
//nolint:gochecknoglobals // a table, never written
var pathKeys = strings.Fields(`
	annotations build command configs container_name credential_spec deploy domainname entrypoint extra_hosts healthcheck
	hostname image labels logging networks secrets storage_opt sysctls user volumes working_dir x-docker-secrets
`)

// meant returns "; did you mean NAME?" with the name that is most like name.
func meant(name string, names []string) string { return didYouMean(name, names) }
