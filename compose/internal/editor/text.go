package editor

import (
	"regexp"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// bare is text that needs no quotes, unless it is a word or a number of YAML's.
var bare = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// Scalar is text as one line of YAML reads it back: plain, or in single quotes.
func Scalar(text string) string {
	if bare.MatchString(text) && !document.Ambiguous(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// List is the lines of a list at the end of path, a key a line, all of it indented by
// indent blanks.
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

// scalars is items as they stand between brackets.
func scalars(items []string) string {
	all := make([]string, len(items))
	for i, item := range items {
		all[i] = Scalar(item)
	}
	return strings.Join(all, ", ")
}
