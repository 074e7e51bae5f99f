package transform

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// The shim is a script that makes variables from files and then runs a command.
// Services get it as a Swarm config.
const (
	shimConfig   = "docker_secrets_env"
	ShimPath     = "/docker-secrets-env.sh"
	ShimVariable = "DOCKER_SECRETS_ENV" // its list: "NAME=FILE …"
	shimShell    = "/bin/sh"
)

//go:embed data/env.sh
var shimScript string

// shimWords returns the words to put before a command so that it runs with the shim's
// variables.
func shimWords() []string { return []string{shimShell, ShimPath} }

// shimList returns the value of ShimVariable for variables that are read from
// files.
func shimList(through []delivery) string {
	items := make([]string, len(through))
	for i, p := range through {
		items[i] = p.decision.Name + "=" + SecretsDir + p.target
	}
	return strings.Join(items, " ")
}

// shimTakes reports whether the shim's list can hold a variable of that name.
func shimTakes(name string) bool { return name != "" && !strings.ContainsAny(name, " \t\r\n=") }

// giveShim lets the service read its variables through the shim. It adds the list,
// the script, and the words before what the service runs. A service whose own script
// makes the variables needs none of it.
func (s *serviceRewrite) giveShim(through []delivery) {
	if len(through) == 0 || s.prologue {
		return
	}
	s.environment.put(ShimVariable, ShimVariable, shimList(through))
	config := s.r.shimName()
	configs := asList(s.from["configs"])
	s.to["configs"] = append(slices.Clip(configs),
		map[string]any{"source": config, "target": ShimPath, "mode": "0555"})
	s.program.precede(append(shimWords(), s.restoreLost()...))
}

// restoreLost returns an env command that sets again the variables that dash and ash
// drop because their names are not identifiers; nil if the service has none.
func (s *serviceRewrite) restoreLost() []string {
	var words []string
	for _, entry := range s.environment.texts() {
		if !shell.IsIdentifier(entry[0]) && !seal.Has(entry[1]) {
			words = append(words, entry[0]+"="+entry[1])
		}
	}
	if len(words) == 0 {
		return nil
	}
	return append([]string{"env"}, words...)
}

// shimName returns the config that holds the shim. The first call declares it.
func (r *rewriter) shimName() string {
	block := asMap(r.result.Model["configs"])
	if r.shim != "" {
		return r.shim
	}
	r.shim = shimConfig
	for block[r.shim] != nil {
		r.shim += "_"
	}
	block = shallow(block)
	// Named after its content, so that stacks with the same script share one config,
	// and a stack of an older docker secrets keeps its own.
	sum := sha256.Sum256([]byte(shimScript))
	name := r.options.Prefix + shimConfig + "_" + hex.EncodeToString(sum[:4])
	block[r.shim] = map[string]any{"external": true, "name": name, "x-content": shimScript}
	r.result.Model["configs"] = block
	return r.shim
}
