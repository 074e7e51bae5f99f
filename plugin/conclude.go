package plugin

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/docker/cli/cli/command"
	"github.com/rogpeppe/go-internal/diff"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// conclude shows the report and does what was asked with content: print it, show
// how it differs, only compare it, or write it.
func conclude(dockerCLI command.Cli, output *migration, file outputFile, content []byte, options migrateOptions) error {
	same := bytes.Equal(file.content, content)
	if writes := file.path != "-" && !options.diff && !options.check; writes {
		if err := mayReplace(dockerCLI, output, file, content, options.force); err != nil {
			return err
		}
	}
	if err := report(dockerCLI, output, file, options); err != nil {
		return err
	}
	if err := checkLosses(output, options.strict); err != nil {
		return err
	}
	switch {
	case options.diff:
		if !same {
			_, _ = fmt.Fprint(dockerCLI.Out(), difference(output, file, content))
		}
		if options.check && !same {
			return pending()
		}
		return nil
	case options.check && same:
		return nil
	case options.check:
		_, _ = fmt.Fprintf(dockerCLI.Err(), "%s is not what migrate would write; see migrate --diff\n", file.shown)
		return pending()
	case file.path == "-":
		_, err := dockerCLI.Out().Write(content)
		return err
	}
	if err := stackfile.Write(file.path, content); err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), file.path, file.shown))
	}
	return nil
}

// checkLosses is what --strict asks for.
func checkLosses(output *migration, strict bool) error {
	losses := 0
	for _, w := range output.warnings {
		if w.Loss {
			losses++
		}
	}
	if !strict || losses == 0 {
		return nil
	}
	return fmt.Errorf("%s of meaning (see above, marked with !); nothing was written", counted(losses, "loss"))
}

// mayReplace refuses to write over anybody's work.
func mayReplace(dockerCLI command.Cli, output *migration, file outputFile, content []byte, force bool) error {
	if force {
		return nil
	}
	switch file.state {
	case stackfile.Foreign:
		return fmt.Errorf("%s was not written by docker secrets; give another name with -o, or replace it with --force", file.shown)
	case stackfile.Edited:
		_, _ = fmt.Fprint(dockerCLI.Err(), difference(output, file, content))
		return errors.New(file.shown + " was edited by hand (see above); make the change in the compose file, or lose it with --force")
	case stackfile.Missing, stackfile.Ours:
	}
	return nil
}

// difference is a unified diff from what is there to what would be. A file that
// is not ours may hold anything, passwords too, and is not shown.
func difference(output *migration, file outputFile, content []byte) string {
	old := file.content
	if file.state == stackfile.Foreign {
		old = nil
	}
	lines := output.sealing.Redact(string(diff.Diff(file.shown, old, file.shown+" (migrated)", content)))
	if file.state != stackfile.Edited {
		return lines
	}
	var shown strings.Builder
	for line := range strings.Lines(lines) {
		if strings.HasPrefix(line, "-") { // somebody may have added it by hand
			line = "-" + classify.RedactByShape(line[1:])
		}
		shown.WriteString(line)
	}
	return shown.String()
}
