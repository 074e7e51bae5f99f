package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/backup"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

type exportOptions struct {
	stack      string
	files      []string
	envFiles   []string
	to         string
	recipients []string
	strict     bool
}

const exportLong = `Write the secrets of a stack to an encrypted file.

The file has the name of each secret, its version on the Swarm and the source of its
value. It has the value too, if the source still has the value in use: the Swarm does
not return values. The file is encrypted with age (https://age-encryption.org) for each
--recipient, and docker secrets import reads it. Nothing is written unencrypted.`

func newExportCommand(dockerCLI command.Cli) *cobra.Command {
	var options exportOptions
	cmd := &cobra.Command{
		Use:     "export [OPTIONS] STACK --to FILE --recipient KEY",
		Short:   "Write the secrets of a stack into an encrypted file",
		Long:    exportLong,
		Example: "  docker secrets export gym_ai --to gym_ai.age --recipient age1…",
		Args:    atLeast(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if options.to == "" || len(options.recipients) == 0 {
				return usageError(cmd, "name the file with --to, and who may read it with --recipient")
			}
			options.stack = args[0]
			ctx, stop := interruptible(cmd)
			defer stop()
			return orInterrupted(ctx, runExport(ctx, dockerCLI, options))
		},
		ValidArgsFunction: completeStack(dockerCLI),
	}
	flags := cmd.Flags()
	flags.StringArrayVarP(&options.files, "compose-file", "c", nil, "Stack file that says where values come from (default "+defaultOutput+", where it is of this stack)")
	flags.StringArrayVar(&options.envFiles, "env-file", nil, "Env file for values that come from the environment, instead of .env")
	flags.StringVar(&options.to, "to", "", "File to write")
	flags.StringArrayVarP(&options.recipients, "recipient", "r", nil, "Public key that can decrypt the file (age1…); may be given several times")
	flags.BoolVar(&options.strict, "strict", false, "Write nothing and fail when a value is missing")
	return cmd
}

// runExport reads, looks up, compares with what runs, and writes.
func runExport(ctx context.Context, dockerCLI command.Cli, options exportOptions) error {
	recipients, err := backup.Recipients(options.recipients)
	if err != nil {
		return fmt.Errorf("--recipient: %w", err)
	}
	file, err := fileAtHand(options.files, options.stack)
	if err != nil {
		return err
	}
	state, err := swarm.Observe(ctx, dockerCLI.Client(), options.stack)
	if err != nil {
		return err
	}
	if err = mustBeThere(state); err != nil {
		return err
	}
	secrets, missing, err := options.secrets(ctx, dockerCLI, state, file)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		_, _ = fmt.Fprintf(dockerCLI.Err(), "without a value:\n  %s\n", strings.Join(missing, "\n  "))
		if options.strict {
			return errors.New("nothing was written")
		}
	}
	encrypted, err := backup.Write(backup.Stack{Name: options.stack, Secrets: secrets}, recipients)
	if err != nil {
		return err
	}
	if err = stackfile.Write(options.to, encrypted); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(dockerCLI.Err(), "wrote %s: %s, %d with their values\n", options.to, counted(len(secrets), "secret"), len(secrets)-len(missing))
	return nil
}

// secrets returns the secrets that the stack uses, with the values that can be found
// again. missing says of the others why not.
func (o exportOptions) secrets(ctx context.Context, dockerCLI command.Cli, state swarm.State, file stackfile.Stack) (secrets []backup.Secret, missing []string, err error) {
	workingDir, err := os.Getwd()
	if err != nil {
		return nil, nil, err
	}
	here, err := newFinder(file, workingDir, o.envFiles, "")
	if err != nil {
		return nil, nil, err
	}
	lookups := storedLookups(state, file)
	answers, _ := here.all(ctx, lookups)
	for i, l := range lookups {
		object, runs := inUse(state, l.name)
		if !runs {
			continue
		}
		one := backup.Secret{Name: l.name, Object: object.Name, From: referenceTexts(l.from)}
		why := answers[i].nowhere()
		if answers[i].Err == nil {
			one.Value = answers[i].Value
			if one.Known, err = swarm.HasValue(ctx, dockerCLI.Client(), object, one.Value); err != nil {
				return nil, nil, err
			}
			why = "the value here is not the one that runs"
		}
		if !one.Known {
			missing = append(missing, l.name+": "+why)
		}
		secrets = append(secrets, one)
	}
	return secrets, missing, nil
}

// storedLookups returns where to look for the values of the stack's secrets. A template
// is in the stack file, and needs no backup.
func storedLookups(state swarm.State, file stackfile.Stack) []lookup {
	var lookups []lookup
	for _, name := range state.SecretNames() {
		at := slices.IndexFunc(file.Objects, func(object stackfile.Object) bool { return !object.Config && object.Name == name })
		switch {
		case at < 0:
			lookups = append(lookups, lookup{name: name})
		case file.Objects[at].Text == nil:
			lookups = append(lookups, lookup{name: name, from: file.Objects[at].From})
		}
	}
	return lookups
}
