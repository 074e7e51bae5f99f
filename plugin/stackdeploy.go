package plugin

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/docker/cli/cli-plugins/metadata"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// globalFlags are docker's own flags as the user gave them: what stands before
// the plugin's name, or before the command when it runs alone.
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

// pin writes the versions in use into the stack files.
func (d *deployment) pin() error {
	for _, pin := range d.newPins() {
		if err := compose.Pin(pin.object.File, pin.object.Block(), pin.object.Name, pin.name); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(d.cli.Err(), "pinned %s to %s in %s; commit it\n", pin.object.Name, pin.name, pin.object.File)
	}
	return nil
}

// deploy runs the user's own docker CLI. Of this process's environment it gets
// what it needs to reach the Engine and the registries, and nothing that could be
// a value, but for the variables that --inline allows.
func (d *deployment) deploy(ctx context.Context) error {
	environ := os.Environ()                      //nolint:forbidigo // the child's is made from it
	original := os.Getenv(metadata.ReexecEnvvar) //nolint:forbidigo // set by the docker CLI
	deployer := swarm.Deployer{
		Command: original, Global: d.options.global, Dir: d.options.workingDir,
		Stdout: d.cli.Err(), Stderr: d.cli.Err(),
	}
	for _, one := range d.inlined {
		environ = append(environ, one.name+"="+one.value.Reveal())
		deployer.Keep = append(deployer.Keep, one.name)
	}
	deployer.Environ = environ
	return deployer.Deploy(ctx, swarm.DeployOptions{
		Stack: d.stack.Name, Files: d.stack.Files, WithRegistryAuth: d.options.registryAuth,
		ResolveImage: d.options.resolveImage, Prune: d.options.prune,
	})
}

// watch waits until the tasks run.
func (d *deployment) watch(ctx context.Context) error {
	if d.options.detach {
		return nil
	}
	progress := newProgress(d.cli.Err(), d.cli.Err().IsTerminal() && os.Getenv("NO_COLOR") == "") //nolint:forbidigo // the user's wish
	var values []secret.Value
	for _, want := range d.wants {
		values = append(values, want.Value)
	}
	err := swarm.Watch(ctx, d.api, d.stack.Name, swarm.WatchOptions{Before: d.before, Values: values, Report: progress.show})
	progress.end()
	if err != nil {
		return fmt.Errorf("%s is not running as it should:\n%s", d.stack.Name, indent(err.Error()))
	}
	_, _ = fmt.Fprintf(d.cli.Err(), "%s is running\n", d.stack.Name)
	return nil
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(text, "\n", "\n  ")
}

// reachesChild tells whether the docker CLI gets the variable name at all.
func reachesChild(name string) bool { return len(swarm.Environ([]string{name + "="}, nil)) > 0 }
