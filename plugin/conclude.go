package plugin

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"

	"github.com/aymanbagabas/go-udiff"
	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// conclude does what was asked with content: print it, show how it differs, only
// compare it, or write it. The file is written before the report is printed, so that
// a reader of the report who leaves early stops nothing.
func conclude(dockerCLI command.Cli, output *migration, file outputFile, content []byte, options migrateOptions) error {
	if options.diff || options.check {
		return compare(dockerCLI, output, file, content, options)
	}
	losses := checkLosses(output, options.strict)
	became, err := replace(dockerCLI, output, file, content, options.force, losses != nil)
	if err != nil {
		return err
	}
	if err = report(dockerCLI, output, file, options, became); err != nil && !readerLeft(err) {
		return err
	}
	if losses != nil || file.path != "-" {
		return losses
	}
	if _, err = dockerCLI.Out().Write(content); !readerLeft(err) {
		return err
	}
	return nil
}

// replace writes the stack file, if it is one and may be replaced.
func replace(dockerCLI command.Cli, output *migration, file outputFile, content []byte, force, hasLosses bool) (written, error) {
	if file.path == "-" {
		return nothingWritten, nil
	}
	if err := mayReplace(dockerCLI, output, file, content, force); err != nil || hasLosses {
		return nothingWritten, err
	}
	if err := write(file, content); err != nil {
		return nothingWritten, err
	}
	if bytes.Equal(file.content, content) {
		return sameFile, nil
	}
	return changedFile, nil
}

// written says what became of the stack file.
type written int

const (
	nothingWritten written = iota
	changedFile
	sameFile
)

// compare is --diff and --check: it shows or tells whether content is what is there, and
// writes nothing. With --strict it fails on losses as migrate does.
func compare(dockerCLI command.Cli, output *migration, file outputFile, content []byte, options migrateOptions) error {
	same := bytes.Equal(file.content, content) || options.check && !options.diff && onlyImages(file, content)
	losses := checkLosses(output, options.strict)
	isJSON := forPrograms(options.format)
	if isJSON || losses != nil {
		if err := report(dockerCLI, output, file, options, nothingWritten); err != nil && !readerLeft(err) {
			return err
		}
	}
	if losses != nil {
		return losses
	}
	switch {
	case options.diff && !same:
		_, _ = fmt.Fprint(visibleWriter{dockerCLI.Out()}, difference(output, file, content))
	case options.diff || isJSON && same:
	default:
		to := screenOf(dockerCLI)
		to.Line(output.standing(file, content, to.Width()))
	}
	if options.check && !same {
		return pending()
	}
	return nil
}

// standing is the one line of --check, in about width columns. Of a file that somebody
// else wrote it names no keys.
func (m *migration) standing(file outputFile, content []byte, width int) string {
	switch {
	case bytes.Equal(file.content, content), onlyImages(file, content):
		text := file.shown + " is up to date"
		if n := len(m.kept); n > 0 {
			text += "; not available here: " + counted(n, "value")
		}
		return text
	case file.state == stackfile.Missing:
		return file.shown + " does not exist; docker secrets migrate writes it"
	case file.state == stackfile.Foreign:
		return file.shown + " was not written by docker secrets; name another file with -o"
	}
	const hint = " (see --diff)"
	keys := stackfile.ChangedKeys(file.content, content)
	if len(keys) == 0 {
		return file.shown + " is stale: comments or the order of keys" + hint
	}
	head := file.shown + " is stale: "
	text := head + fitted(keys, width-len(head)-len(hint))
	if len(text)+len(hint) > width {
		return text
	}
	return text + hint
}

// onlyImages tells whether content differs from what is there in nothing but what is known
// of images. This Engine may know one that another does not, and all services stay as they
// are: the stack file is not stale.
func onlyImages(file outputFile, content []byte) bool {
	changed := stackfile.ChangedKeys(file.content, content)
	return file.state == stackfile.Ours && len(changed) > 0 && !slices.ContainsFunc(changed, func(key string) bool { return !isImageKey(key) })
}

func isImageKey(path string) bool { return path == "x-images" || strings.HasPrefix(path, "x-images.") }

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
	return fmt.Errorf("--strict: %s on Swarm (see above); nothing was written", counted(losses, "loss"))
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
		_, _ = fmt.Fprint(visibleWriter{dockerCLI.Err()}, difference(output, file, content))
		return errors.New(file.shown + " was edited by hand (see above); make the change in the compose file, or overwrite it with --force")
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
	lines := output.redactor.Redact(udiff.Unified(file.shown, file.shown+" (migrated)", string(old), string(content)))
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
