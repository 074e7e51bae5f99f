package plugin

import (
	"os"
	"slices"
	"strings"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// completions are the values of each flag, whichever command has it. Flags that are not
// here take what nobody can list, or a switch.
func completions(dockerCLI command.Cli) map[string]cobra.CompletionFunc {
	files := func(endings ...string) cobra.CompletionFunc {
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return endings, cobra.ShellCompDirectiveFilterFileExt
		}
	}
	words := func(all ...string) cobra.CompletionFunc {
		return cobra.FixedCompletions(all, cobra.ShellCompDirectiveNoFileComp)
	}
	base := cobra.FixedCompletions([]string{"awssecrets://", "azurekeyvault://", "gcpsecrets://", "vault://"}, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace)
	return map[string]cobra.CompletionFunc{
		"file": files("yml", "yaml"), "compose-file": files("yml", "yaml"), "output": files("yml", "yaml"),
		"deliver":       ofApplication(func(app *compose.Application) []string { return withDeliveries(app.Names.Services) }),
		"explain":       ofApplication(func(app *compose.Application) []string { return app.Names.Services }),
		"profile":       ofApplication(func(app *compose.Application) []string { return append([]string{"*"}, app.Names.Profiles...) }),
		"resolve-image": words("always", "changed", "never"),
		"to":            base, "from": base,
		"filter": completeFilter(dockerCLI),
		"set":    completeSet,
	}
}

// completeFlags gives the flags of all commands below root their completions. --format
// of ls and diff takes templates too.
func completeFlags(dockerCLI command.Cli, root *cobra.Command) {
	known := completions(dockerCLI)
	for _, cmd := range root.Commands() {
		for name, complete := range known {
			if cmd.Flags().Lookup(name) != nil {
				_ = cmd.RegisterFlagCompletionFunc(name, complete)
			}
		}
		if cmd.Flags().Lookup("format") != nil {
			formats := []string{"text", "json"}
			if slices.Contains([]string{"ls", "diff"}, cmd.Name()) {
				formats = []string{"table", "json"}
			}
			_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
		}
	}
}

// ofApplication completes with names of the application in the current folder, or of the
// files that were given. One that cannot be read completes nothing.
func ofApplication(names func(*compose.Application) []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		files, _ := cmd.Flags().GetStringArray("file")
		dir, err := os.Getwd()
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		app, err := compose.Load(cmd.Context(), compose.Options{Files: files, Dir: dir, Environ: os.Environ()}) //nolint:forbidigo // what migrate would read
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return names(app), cobra.ShellCompDirectiveNoFileComp
	}
}

func withDeliveries(services []string) []string {
	ways := []string{"native", "file", "env"}
	all := slices.Clone(ways)
	for _, service := range services {
		for _, way := range ways {
			all = append(all, service+"="+way)
		}
	}
	return all
}

// completeSet completes --set with the secrets of the stack file at hand.
func completeSet(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	files, _ := cmd.Flags().GetStringArray("compose-file")
	if len(files) == 0 {
		files = []string{defaultOutput}
	}
	file, err := stackfile.Read(files)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var all []string
	for _, object := range file.Objects {
		if !object.Config && object.Text == nil {
			all = append(all, object.Name+"=-")
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// completeFilter completes KEY=, and the values of state= and stack=.
func completeFilter(dockerCLI command.Cli) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		key, _, hasKey := strings.Cut(typed, "=")
		var all []string
		switch {
		case !hasKey:
			for _, key := range filterKeys {
				all = append(all, key+"=")
			}
			return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		case key == "state":
			for _, state := range usages {
				all = append(all, "state="+string(state))
			}
		case key == "stack":
			state, err := swarm.Observe(cmd.Context(), dockerCLI.Client(), "")
			if err != nil {
				break
			}
			for _, stack := range state.Stacks() {
				all = append(all, "stack="+stack)
			}
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	}
}
