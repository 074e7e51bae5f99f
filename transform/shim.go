package transform

import (
	"slices"

	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// The shim is a script that makes variables of the files in one folder and then runs a
// command. Services get it as a Swarm config, which deploy creates.
const (
	shimConfig = "docker_secrets_env"
	shimShell  = "/bin/sh"

	// ShimPath is where services have the shim: where Swarm mounts a config that is
	// called shimConfig and has no target.
	ShimPath = "/" + shimConfig
)

// shimWords returns the words to put before a command so that it runs with the shim's
// variables.
func shimWords() []string { return []string{shimShell, ShimPath} }

// giveShim lets the service read its variables through the shim. It adds the script, and
// the words before what the service runs. A service whose own script makes the variables
// needs none of it.
func (s *serviceRewrite) giveShim(through []delivery) {
	if len(through) == 0 || s.prologue {
		return
	}
	config := map[string]any{"source": s.r.declareShim()}
	if config["source"] != shimConfig {
		config["target"] = ShimPath
	}
	s.to["configs"] = append(slices.Clip(asList(s.from["configs"])), any(config))
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

// declareShim returns the key of the config that is the shim. The first call declares it.
// Its name on the Swarm has no prefix: it is the same for every stack.
func (r *rewriter) declareShim() string {
	if r.shim != "" {
		return r.shim
	}
	block := shallow(asMap(r.result.Model["configs"]))
	r.shim = shimConfig
	for block[r.shim] != nil {
		r.shim += "_"
	}
	block[r.shim] = map[string]any{"external": true, "name": ShimVersion}
	r.result.Model["configs"] = block
	return r.shim
}
