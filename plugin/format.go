package plugin

import (
	"fmt"

	"github.com/spf13/cobra"
)

// outputFormat is a value of --format of deploy, rotate, push and migrate. (ls and diff
// use the formats of the docker CLI.)
type outputFormat string

// The formats: for people on stderr, for programs on stdout.
const (
	textFormat outputFormat = "text"
	jsonFormat outputFormat = "json"
)

// isJSON reports whether f is for programs; known is false if f is not a format. It is
// the one place that knows all formats, so that none is printed as text by mistake.
func (f outputFormat) isJSON() (is, known bool) {
	switch f {
	case textFormat:
		return false, true
	case jsonFormat:
		return true, true
	}
	return false, false
}

// checkFormat returns a usage error if the --format of cmd is not a format. All commands
// with an outputFormat call it before they do anything.
func checkFormat(cmd *cobra.Command, format string) error {
	if _, known := outputFormat(format).isJSON(); !known {
		return usageError(cmd, fmt.Sprintf("--format %s: write text or json", format))
	}
	return nil
}

// forPrograms reports whether format, which checkFormat accepted, is JSON.
func forPrograms(format string) bool {
	is, _ := outputFormat(format).isJSON()
	return is
}
