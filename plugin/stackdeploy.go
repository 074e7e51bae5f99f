package plugin

import (
	"bytes"
	"context"
	"os"
	"slices"
	"time"

	"github.com/docker/cli/cli-plugins/metadata"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// globalFlags returns docker's own flags as the user gave them: those before the plugin's
// name, or before the command when it runs alone.
func globalFlags(cmd *cobra.Command) []string {
	root := cmd.Root()
	if root.Name() == "docker" {
		var flags []string
		for _, arg := range os.Args[1:] {
			if arg == "secrets" {
				break
			}
			flags = append(flags, arg)
		}
		return flags
	}
	var flags []string
	root.Flags().Visit(func(f *pflag.Flag) {
		if f.Name != "help" && f.Name != "version" {
			flags = append(flags, "--"+f.Name+"="+f.Value.String())
		}
	})
	return flags
}

// deploy runs the user's own docker CLI. Of this process's environment it gets
// what it needs to reach the Engine and the registries, and nothing that could be
// a value, but for the variables that --inline allows. unpinned, which the stack
// files do not hold, reach it on stdin, as one more stack file. It returns the time in
// which digests of images may have been looked up: a registry that cannot be reached, or a
// name server, takes 20 seconds a service.
func (d *deployment) deploy(ctx context.Context, p deployProposal, unpinned []stackfile.Pin) (lookups time.Duration, err error) {
	what := "docker stack deploy"
	if d.options.resolveImage != "never" {
		start := time.Now()
		defer func() { lookups = time.Since(start) }()
		what += ", which looks up digests of images at their registries; that does not count for --timeout, and --resolve-image never leaves it out"
	} else {
		timed, cancel := d.timed(ctx)
		defer cancel()
		ctx = timed
	}
	defer d.tell.pulse.waits(what)()
	environ := os.Environ()                      //nolint:forbidigo // the child's is made from it
	original := os.Getenv(metadata.ReexecEnvvar) //nolint:forbidigo // set by the docker CLI
	deployer := swarm.Deployer{
		Command: original, Global: d.options.global, Dir: d.options.workingDir,
		Stdout: d.tell.err(), Stderr: d.tell.err(),
	}
	for _, variable := range p.inlined {
		environ = append(environ, variable.name+"="+variable.value.Reveal())
		deployer.Extra = append(deployer.Extra, variable.name)
	}
	deployer.Environ = environ
	files := p.file.Files
	if len(unpinned) > 0 {
		files = append(slices.Clip(files), "-")
		deployer.Stdin = bytes.NewReader(stackfile.PinLayer(p.file.Version, unpinned))
	}
	return 0, deployer.Deploy(ctx, swarm.DeployOptions{
		Stack: d.stack, Files: files, WithRegistryAuth: d.options.registryAuth,
		ResolveImage: d.options.resolveImage, Prune: d.options.prune,
	})
}
