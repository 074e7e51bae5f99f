package transform

import (
	"maps"
	"slices"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// configs turns the content of every config that has a secret in it into a
// template. The Engine fills in the secrets of the task that mounts the config, so
// that the config itself holds none.
func (r *rewriter) configs() {
	configs := asMap(r.result.Model["configs"])
	for _, name := range slices.Sorted(maps.Keys(configs)) {
		content, _ := asMap(configs[name])["content"].(string)
		if !seal.Has(content) {
			continue
		}
		targets, ok := r.mount(configUsers(asMap(r.result.Model["services"]), name), seal.Names(content))
		if !ok {
			continue // stays a seal, and is reported as one
		}
		config := shallow(asMap(configs[name]))
		delete(config, "content")
		config["external"], config["x-template"] = true, templateText(content, targets)
		configs = shallow(configs)
		configs[name] = config
		r.result.Warnings = append(r.result.Warnings, Warning{
			Code: "config-template", Path: "configs." + name + ".content",
			Message: "holds a secret: it is now a template, which the Engine fills in for each task",
		})
	}
	if len(configs) > 0 {
		r.result.Model["configs"] = configs
	}
}

// mount gives each of users a reference to each of secrets, and returns their
// targets. A template names targets, so each must be the same in all of these
// services. If that is not possible, ok is false and nothing is changed.
func (r *rewriter) mount(users, secrets []string) (targets map[string]string, ok bool) {
	services := asMap(r.result.Model["services"])
	targets = map[string]string{}
	for _, name := range secrets {
		if targets[name], ok = commonTarget(services, users, name); !ok {
			return nil, false
		}
	}
	for _, service := range users {
		to := shallow(asMap(services[service]))
		for _, name := range secrets {
			if targetOf(to, name) == "" {
				to["secrets"] = append(slices.Clone(asList(to["secrets"])), reference(name, targets[name]))
				r.used[name] = append(r.used[name], service)
				slices.Sort(r.used[name])
			}
		}
		services[service] = to
	}
	return targets, true
}

// commonTarget returns the file name that the secret has, or can have, in all of
// users. It is false if they differ, or if one of them has another file of that
// name.
func commonTarget(services map[string]any, users []string, secret string) (string, bool) {
	common := secret
	for _, service := range users {
		if have := targetOf(asMap(services[service]), secret); have != "" {
			common = have
		}
	}
	for _, service := range users {
		from := asMap(services[service])
		have := targetOf(from, secret)
		if have == "" && targetsOf(asList(from["secrets"])).taken[common] || have != "" && have != common {
			return "", false
		}
	}
	return common, true
}

// configUsers returns the services that mount config, sorted.
func configUsers(services map[string]any, config string) []string {
	var users []string
	for _, service := range slices.Sorted(maps.Keys(services)) {
		for _, ref := range asList(asMap(services[service])["configs"]) {
			if asMap(ref)["source"] == config || ref == config {
				users = append(users, service)
				break
			}
		}
	}
	return users
}

// targetOf returns the file that service mounts the secret name as, "" if it does
// not.
func targetOf(service map[string]any, name string) string {
	for _, ref := range asList(service["secrets"]) {
		entry := asMap(ref)
		if ref != name && entry["source"] != name {
			continue
		}
		if target, ok := entry["target"].(string); ok {
			return target
		}
		return name
	}
	return ""
}
