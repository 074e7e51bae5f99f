package scalar

import (
	"slices"
	"strings"
)

// namedBlocks are the blocks in which a key names its value as a variable's name does.
//
//nolint:gochecknoglobals // a table, never written
var namedBlocks = []string{"labels", "annotations", "driver_opts", "sysctls", "storage_opt", "extra_hosts", "credential_spec"}

// isNamed tells whether the keys below are such names.
func isNamed(keys []string) bool {
	if isEntry(keys) {
		return false
	}
	last := keys[len(keys)-1]
	switch {
	case last == "options":
		return len(keys) > 1 && (keys[len(keys)-2] == "logging" || keys[len(keys)-2] == "driver_config")
	case slices.Contains(namedBlocks, last):
		return true
	}
	return false
}

// isEntry tells whether keys is the name of a service, a volume, a network, a secret
// or a config, which is the author's and none of Compose's words.
func isEntry(keys []string) bool { return len(keys) == 2 && !strings.HasPrefix(keys[0], "x-") }

// isSkipped tells whether others judge what is at keys, or no stack file has it.
func isSkipped(keys []string) bool {
	last := keys[len(keys)-1]
	switch {
	case len(keys) == 1:
		return strings.HasPrefix(last, "x-") || last == "include" || last == "jobs" || last == "models"
	case isEntry(keys):
		return false
	case keys[0] == "services" && len(keys) == 3:
		return slices.Contains([]string{"environment", "env_file", "label_file", "build", "develop", "extends", "pre_start", "post_start", "pre_stop", "provider", "profiles"}, last) || strings.HasPrefix(last, "x-")
	}
	return false
}

// isCommand tells whether a container runs what is at keys.
func isCommand(keys []string) bool {
	switch {
	case len(keys) < 3 || keys[0] != "services":
		return false
	case len(keys) == 3:
		return keys[2] == "command" || keys[2] == "entrypoint"
	}
	return len(keys) == 4 && keys[2] == "healthcheck" && keys[3] == "test"
}
