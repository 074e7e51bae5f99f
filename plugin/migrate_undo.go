package plugin

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/compose/undo"
	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// runUndo is migrate --undo: it reads one stack file, and prints or writes a compose file.
func runUndo(cmd *cobra.Command, dockerCLI command.Cli, options migrateOptions) error {
	if fault := undoContradiction(cmd.Flags(), options); fault != "" {
		return usageError(cmd, fault)
	}
	path := defaultOutput
	if len(options.load.Files) > 0 {
		path = options.load.Files[0]
	}
	content, err := regular.Read(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s does not exist; give the stack file with -f", path)
	case err != nil:
		return fmt.Errorf("%s cannot be read: %s", path, reason(err))
	}
	result, err := undo.Undo(path, content)
	if err != nil {
		return err
	}
	target := cmp.Or(options.output, "-")
	if err = mayUndo(path, target, options.force); err != nil {
		return err
	}
	lost := options.strict && len(result.Losses) > 0
	if target != "-" && !lost {
		if err = stackfile.Write(target, result.Content); err != nil {
			return err
		}
	}
	if err = reportUndo(dockerCLI, result, target, options.format); err != nil && !readerLeft(err) {
		return err
	}
	switch {
	case lost:
		return fmt.Errorf("%s (see above, marked with !); nothing was written", counted(len(result.Losses), "loss"))
	case target != "-":
		return nil
	}
	if _, err = dockerCLI.Out().Write(result.Content); !readerLeft(err) {
		return err
	}
	return nil
}

// undoContradiction returns why flags cannot be given with --undo, "" if they can.
func undoContradiction(flags *pflag.FlagSet, options migrateOptions) string {
	taken := []string{"undo", "file", "output", "force", "strict", "format"}
	var fault string
	flags.Visit(func(f *pflag.Flag) {
		if !slices.Contains(taken, f.Name) && fault == "" {
			fault = "--undo takes no --" + f.Name
		}
	})
	switch {
	case fault != "":
		return fault
	case len(options.load.Files) > 1 || slices.Contains(options.load.Files, "-"):
		return "--undo takes one stack file: -f FILE"
	case forPrograms(options.format) && cmp.Or(options.output, "-") == "-":
		return "-o -: the compose file and the JSON report cannot both go to stdout; name a file"
	}
	return ""
}

// mayUndo refuses to write where paths would be others, and over anybody's work.
func mayUndo(path, target string, force bool) error {
	if target == "-" {
		return nil
	}
	if filepath.Dir(filepath.Clean(target)) != filepath.Dir(filepath.Clean(path)) {
		return fmt.Errorf("-o %s: not in the folder of %s, where the paths in it start; name a file there", target, path)
	}
	old, err := regular.Read(target)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("%s cannot be read; give another name with -o", target)
	case filepath.Clean(target) == filepath.Clean(path):
		return fmt.Errorf("%s: the compose file would replace the stack file; give another name with -o", target)
	case !force && !strings.HasPrefix(string(old), undo.Mark):
		return fmt.Errorf("%s was not written by migrate --undo; give another name with -o, or replace it with --force", target)
	}
	return nil
}

// undoReport is what --format json prints.
type undoReport struct {
	Output    string      `json:"output"`
	Variables int         `json:"variables"`
	Needs     []undo.Need `json:"needs"`
	Losses    []undo.Loss `json:"losses"`
}

// reportUndo says which variables the compose file needs, and what did not come back.
func reportUndo(dockerCLI command.Cli, result undo.Result, target, format string) error {
	if forPrograms(format) {
		encoder := json.NewEncoder(dockerCLI.Out())
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(undoReport{Output: target, Variables: result.Variables, Needs: result.Needs, Losses: append([]undo.Loss{}, result.Losses...)})
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s came back from secrets\n", counted(result.Variables, "variable"))
	if len(result.Needs) > 0 {
		text.WriteString("needed, from the environment or an env file:\n")
	}
	for _, need := range result.Needs {
		fmt.Fprintf(&text, "  %s  %s\n", need.Name, neededFrom(need))
	}
	if flags := undo.Flags(result.Needs); flags != "" {
		if target == "-" {
			target = "FILE"
		}
		fmt.Fprintf(&text, "start it with docker compose%s -f %s up; of two files that have a variable, the later one counts\n", flags, target)
	}
	for _, loss := range result.Losses {
		fmt.Fprintf(&text, "! line %d %s: %s\n", loss.Line, loss.Path, loss.Message)
	}
	fmt.Fprintf(&text, "no stack file has these, so write again what the application had of them:\n  %s\n", strings.Join(undo.Gone, ", "))
	_, err := io.WriteString(people(dockerCLI), text.String())
	return err
}

// neededFrom says where the value of a variable is.
func neededFrom(need undo.Need) string {
	switch {
	case need.Files != nil:
		return "in " + strings.Join(need.Files, ", ")
	case need.From != "":
		return "write it to .env; its value is at " + need.From
	}
	return "write it to .env; the stack file does not say where its value is"
}
