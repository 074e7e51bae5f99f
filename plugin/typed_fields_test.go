package plugin

import (
	"strings"
	"testing"
)

// typedTexts are the keys whose text has a form of its own, and which the schema calls
// texts all the same.
var typedTexts = []planting{
	{what: "port", text: service("    ports: [%]\n")},
	{what: "published port", text: service("    ports: [{target: 80, published: %}]\n")},
	{what: "port's protocol", text: service("    ports: [{target: 80, protocol: %}]\n")},
	{what: "exposed port", text: service("    expose: [%]\n")},
	{what: "grace period", text: service("    stop_grace_period: %\n")},
	{what: "interval", text: service("    healthcheck: {test: [CMD, x], interval: %}\n")},
	{what: "timeout", text: service("    healthcheck: {test: [CMD, x], timeout: %}\n")},
	{what: "start period", text: service("    healthcheck: {test: [CMD, x], start_period: %}\n")},
	{what: "restart delay", text: service("    deploy: {restart_policy: {delay: %}}\n")},
	{what: "update delay", text: service("    deploy: {update_config: {delay: %}}\n")},
	{what: "monitor", text: service("    deploy: {rollback_config: {monitor: %}}\n")},
	{what: "memory", text: service("    mem_limit: %\n")},
	{what: "swap", text: service("    memswap_limit: %\n")},
	{what: "shared memory", text: service("    shm_size: %\n")},
	{what: "memory limit", text: service("    deploy: {resources: {limits: {memory: %}}}\n")},
	{what: "cpu limit", text: service("    deploy: {resources: {limits: {cpus: %}}}\n")},
	{what: "tmpfs size", text: service("    volumes: [{type: tmpfs, target: /x, tmpfs: {size: %}}]\n")},
	{what: "device's rate", text: service("    blkio_config: {device_read_bps: [{path: /dev/sda, rate: %}]}\n")},
	{what: "secret's mode", text: service("    secrets: [{source: s, mode: %}]\n") + "secrets: {s: {external: true}}\n"},
	{what: "subnet", text: service("    networks: [n]\n") + "networks: {n: {ipam: {config: [{subnet: %}]}}}\n"},
	{what: "address", text: service("    networks: {default: {ipv4_address: %}}\n")},
	{what: "pull policy", text: service("    pull_policy: %\n")},
	{what: "restart", text: service("    restart: %\n")},
	{what: "network mode", text: service("    network_mode: %\n")},
}

// marks are what error texts quote in their own way: each is in the middle of a canary.
var marks = map[string]string{
	"quote": `"`, "apostrophe": "'", "tab": "\t", "backslash": `\`, "newline": "\n", "control bytes": "\x01\x1b[31m\x7f", "not UTF-8": "\xff", "colon": ":", "brace": "}",
}

// marksOfPlace is how many marks a place is tried with, each place with the next ones.
const marksOfPlace = 3

// A secret where Compose wants a number, a duration, a port or a truth value must be an
// error, which shows no part of it, in every mode.
func TestTypedFieldsShowNothing(t *testing.T) {
	random, runs, refused := randomFor("typed"), 0, 0
	names := sortedKeysOf(marks)
	for _, place := range append(specPlaces(t, "boolean", "integer", "number"), typedTexts...) {
		for range marksOfPlace {
			name, mode := names[runs%len(names)], modes[runs%len(modes)]
			variable := []string{"DB_PASSWORD", "NEUTRAL_X"}[runs/2%2]
			runs++
			parts := []string{grow(random, "********"), grow(random, "********")}
			files := map[string]string{"docker-compose.yml": strings.ReplaceAll(place.text, "%", `"${`+variable+`}"`)}
			result := runPlanted(t, files, plant{env: []string{variable + "=" + parts[0] + marks[name] + parts[1]}}, mode)
			if result.exit == exitFailed {
				refused++
			} else if variable == "NEUTRAL_X" {
				continue // it is accepted there, and is no secret
			}
			for _, part := range parts {
				if leak(result.stdout+result.stderr+result.file, part) != "" {
					t.Errorf("%s: %s in %s, %v: exit %d, it is shown", place.what, name, variable, mode, result.exit)
				}
			}
		}
	}
	if refused < runs*3/4 {
		t.Errorf("only %d of %d are refused: the fields are not typed", refused, runs)
	}
}
