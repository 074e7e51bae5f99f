package compose

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// decisionList is what is to be added to one of the lists in x-docker-secrets.
type decisionList struct {
	key   string
	names []string // as they stand in the file: "$" is doubled
}

func decisionLists(decisions verdict.Policy) []decisionList {
	lists := []decisionList{{"secret", slices.Clone(decisions.Secret)}, {"plain", slices.Clone(decisions.Plain)}}
	for _, list := range lists {
		for i, name := range list.names {
			list.names[i] = strings.ReplaceAll(name, "$", "$$")
		}
	}
	return lists
}

// decisionText is a block of its own that holds decisions.
func decisionText(decisions verdict.Policy) string {
	var b strings.Builder
	b.WriteString(writtenKey + ":\n")
	for _, list := range decisionLists(decisions) {
		if len(list.names) > 0 {
			b.WriteString(list.block("  ", "\n"))
		}
	}
	return b.String()
}

// block is the list with its key, indented.
func (l decisionList) block(indent, end string) string {
	return indent + l.key + ":" + end + l.items(indent+"  ", end)
}

func (l decisionList) items(indent, end string) string {
	var b strings.Builder
	for _, name := range l.names {
		b.WriteString(indent + "- " + decisionScalar(name) + end)
	}
	return b.String()
}

// bareName is text that YAML takes for nothing but itself.
var bareName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*\.[A-Za-z0-9_.-]+$`)

func decisionScalar(name string) string {
	if bareName.MatchString(name) {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", "''") + "'"
}

// inserted is lines with text after the first at of them, nil if there are fewer.
func inserted(lines [][]byte, at int, text, end string) []byte {
	if at > len(lines) {
		return nil
	}
	head, tail := bytes.Join(lines[:at], nil), bytes.Join(lines[at:], nil)
	if !bytes.HasSuffix(head, []byte("\n")) {
		head = append(head, end...)
	}
	return slices.Concat(head, []byte(text), tail)
}

// intoFlow is lines with names at the end of a list in brackets, nil if its last
// item is not found.
func intoFlow(lines [][]byte, list *yaml.Node, names []string) []byte {
	last, source, text := list, "[", ""
	if n := len(list.Content); n > 0 {
		last, source, text = list.Content[n-1], stackfile.SourceText(list.Content[n-1]), ", "
	}
	if last.Line > len(lines) {
		return nil
	}
	line, start := lines[last.Line-1], last.Column-1
	if start > len(line) || !bytes.HasPrefix(line[start:], []byte(source)) {
		return nil
	}
	scalars := make([]string, len(names))
	for i, name := range names {
		scalars[i] = decisionScalar(name)
	}
	text += strings.Join(scalars, ", ")
	at := start + len(source)
	return slices.Concat(bytes.Join(lines[:last.Line-1], nil), line[:at], []byte(text), line[at:], bytes.Join(lines[last.Line:], nil))
}
