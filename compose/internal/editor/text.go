package editor

import (
	"regexp"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// bare matches text that needs no quotes unless YAML reads it as another type.
var bare = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// Scalar returns text as a YAML scalar on one line: plain, or in single quotes where
// plain text would be read as something else.
func Scalar(text string) string {
	if bare.MatchString(text) && !document.Ambiguous(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// List returns the lines of a block list at path, one line for each key and each item.
// The first key is indented by indent blanks.
func List(indent int, path, items []string) string {
	if len(path) == 0 {
		return itemLines(indent, items)
	}
	return strings.Repeat(" ", indent) + Scalar(path[0]) + ":\n" + List(indent+2, path[1:], items)
}

func itemLines(indent int, items []string) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString(strings.Repeat(" ", indent) + "- " + Scalar(item) + "\n")
	}
	return b.String()
}

// scalars returns items as they are written between brackets.
func scalars(items []string) string {
	all := make([]string, len(items))
	for i, item := range items {
		all[i] = Scalar(item)
	}
	return strings.Join(all, ", ")
}
