package plugin

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/docker/cli/cli/command"
	"github.com/rogpeppe/go-internal/diff"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// conclude does what was asked with content: print it, show how it differs, only
// compare it, or write it. The file is written before the report is printed, so that
// a reader of the report who leaves early stops nothing.
func conclude(dockerCLI command.Cli, output *migration, file outputFile, content []byte, options migrateOptions) error {
	losses := checkLosses(output, options.strict)
	var written error
	if writes := file.path != "-" && !options.diff && !options.check; writes {
		if err := mayReplace(dockerCLI, output, file, content, options.force); err != nil {
			return err
		}
		if losses == nil {
			written = write(file, content)
		}
	}
	if err := report(dockerCLI, output, file, options); err != nil && !readerLeft(err) {
		return errors.Join(written, err)
	}
	if err := errors.Join(losses, written); err != nil {
		return err
	}
	if options.diff || options.check {
		return compare(dockerCLI, output, file, content, options)
	}
	if file.path != "-" {
		return nil
	}
	if _, err := dockerCLI.Out().Write(content); !readerLeft(err) {
		return err
	}
	return nil
}

// compare is --diff and --check: it shows or tells whether content is what is there.
func compare(dockerCLI command.Cli, output *migration, file outputFile, content []byte, options migrateOptions) error {
	same := bytes.Equal(file.content, content)
	switch {
	case options.diff && !same:
		_, _ = fmt.Fprint(visibleWriter{dockerCLI.Out()}, difference(output, file, content))
	case !options.diff && same && options.format != "json":
		_, _ = fmt.Fprintln(people(dockerCLI), file.shown+" is up to date")
	case !options.diff && !same:
		_, _ = fmt.Fprintf(people(dockerCLI), "%s is not what migrate would write; see migrate --diff\n", file.shown)
	}
	if options.check && !same {
		return pending()
	}
	return nil
}

func write(file outputFile, content []byte) error {
	if err := stackfile.Write(file.path, content); err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), file.path, file.shown))
	}
	return nil
}

// readerLeft tells whether err is a pipe that nobody reads any more, as after
// "| head -3".
func readerLeft(err error) bool { return errors.Is(err, syscall.EPIPE) }

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
		_, _ = fmt.Fprint(people(dockerCLI), difference(output, file, content))
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
	lines := output.redactor.Redact(string(diff.Diff(file.shown, old, file.shown+" (migrated)", content)))
	if file.state != stackfile.Edited {
		return lines
	}
	return withoutRemoved(lines)
}

// withoutRemoved takes what looks like a credential out of the lines that a diff removes:
// somebody may have added them by hand. Lines that follow each other are one text, since a
// key has many.
func withoutRemoved(lines string) string {
	var shown, removed strings.Builder
	flush := func() {
		for line := range strings.Lines(classify.RedactByShape(removed.String())) {
			shown.WriteString("-" + line)
		}
		removed.Reset()
	}
	for line := range strings.Lines(lines) {
		if text, ok := strings.CutPrefix(line, "-"); ok {
			removed.WriteString(text)
			continue
		}
		flush()
		shown.WriteString(line)
	}
	flush()
	return shown.String()
}
