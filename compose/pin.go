package compose

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Pin sets name: of one secret or config (kind "secrets" or "configs") in the
// stack file at path: the one line is edited or added, everything else stays byte
// for byte. What cannot be edited that way is refused.
func Pin(path, kind, key, name string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return fileError(path, err)
	}
	pinned, err := pinned(content, kind, key, name)
	if err != nil {
		return fmt.Errorf("%s: %s.%s: %w; write it by hand: name: %s", path, kind, key, err, name)
	}
	return Write(path, pinned)
}

func pinned(content []byte, kind, key, name string) ([]byte, error) {
	docs, err := parseDocuments("", content)
	if err != nil || len(docs) != 1 {
		return nil, fmt.Errorf("the file is not one YAML document")
	}
	entry := entryOf(entryOf(docs[0], kind), key)
	if entry == nil || entry.Kind != yaml.MappingNode || entry.Style&yaml.FlowStyle != 0 || len(entry.Content) == 0 {
		return nil, fmt.Errorf("name: cannot be added in this form")
	}
	lines := bytes.SplitAfter(content, []byte("\n"))
	if old := entryOf(entry, "name"); old != nil {
		return replaceScalar(lines, old, name)
	}
	first := entry.Content[0]
	line := strings.Repeat(" ", first.Column-1) + "name: " + name + lineEnd(lines[first.Line-1])
	at := first.Line // after the entry's first line, which is external: as a rule
	if value := entry.Content[1]; value.Kind != yaml.ScalarNode {
		at = first.Line - 1
	}
	lines = append(lines[:at], append([][]byte{[]byte(line)}, lines[at:]...)...)
	return bytes.Join(lines, nil), nil
}

// replaceScalar puts text in the place of a scalar that stands on one line.
func replaceScalar(lines [][]byte, node *yaml.Node, text string) ([]byte, error) {
	line := lines[node.Line-1]
	start := node.Column - 1
	old := node.Value
	switch node.Style {
	case yaml.DoubleQuotedStyle:
		old = `"` + old + `"`
	case yaml.SingleQuotedStyle:
		old = "'" + old + "'"
	}
	if start > len(line) || !bytes.HasPrefix(line[start:], []byte(old)) {
		return nil, fmt.Errorf("name: cannot be edited in this form")
	}
	edited := append([]byte{}, line[:start]...)
	edited = append(edited, text...)
	edited = append(edited, line[start+len(old):]...)
	lines[node.Line-1] = edited
	return bytes.Join(lines, nil), nil
}

func lineEnd(line []byte) string {
	if bytes.HasSuffix(line, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}
