package stackfile

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// Format is the number of the stack file's format, which the header says. It goes up when
// an older docker secrets would misread a file. A file without a number has format 0;
// older ones are read, and migrate writes them anew in this one. Format 2 has anchors and
// merges.
const Format = 2

// ErrNewer is what errors about a file of a newer format are.
var ErrNewer = errors.New("upgrade docker secrets")

// headerFormat finds the number, in whatever else a newer format has in its header.
var headerFormat = lazyregexp.New(`^# (?:.*, )?format ([0-9]+)\b`) //nolint:gochecknoglobals // never written

// CheckFormat returns an error, which is ErrNewer, if content, the bytes of the stack file
// that is shown as path, has a newer format than this program reads.
func CheckFormat(path string, content []byte) error {
	number := formatOf(content)
	if n, err := strconv.Atoi(number); err == nil && n <= Format {
		return nil
	}
	return fmt.Errorf("%s: a newer docker secrets made it, in format %s; this one reads up to format %d: %w", path, number, Format, ErrNewer)
}

// formatOf returns the number in the comments that content begins with, "0" if they are
// not our header, or have none.
func formatOf(content []byte) string {
	made := false
	for line := range bytes.Lines(content) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) > 0 && line[0] != '#' {
			break
		}
		made = made || bytes.HasPrefix(line, []byte(headerMark))
		if found := headerFormat().FindSubmatch(line); made && found != nil {
			return string(found[1])
		}
	}
	return "0"
}
