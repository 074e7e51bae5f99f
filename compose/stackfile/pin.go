package stackfile

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// Pin says which object of the Swarm a secret or config of a stack file is.
type Pin struct {
	Block  string // secrets or configs
	Key    string // in that block
	Object string // what the Swarm calls it
}

// String is the pin as one line of advice: secrets.db_password.name: db_password_v2.
func (p Pin) String() string { return fmt.Sprintf("%s.%s.name: %s", p.Block, p.Key, p.Object) }

// Pinned returns content, the bytes of a stack file, with the pins set: the one
// name: line of each is edited or added, everything else stays byte for byte. What
// cannot be edited that way is refused, all of it together.
func Pinned(content []byte, pins []Pin) ([]byte, error) {
	var faults []error
	for _, pin := range pins {
		edited, err := pinned(content, pin)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s.%s: %w; write it by hand (name: %s), or deploy with --no-pin", pin.Block, pin.Key, err, pin.Object))
			continue
		}
		content = edited
	}
	return content, errors.Join(faults...)
}

// PinLayer is a stack file that does nothing but set pins, for docker stack deploy
// to merge last. Its version: must be that of the other files, "" for none: the
// docker CLI merges no others.
func PinLayer(version string, pins []Pin) []byte {
	var b bytes.Buffer
	if version != "" {
		fmt.Fprintf(&b, "version: %q\n", version)
	}
	pins = slices.Clone(pins)
	slices.SortFunc(pins, func(a, b Pin) int {
		return cmp.Or(-strings.Compare(a.Block, b.Block), strings.Compare(a.Key, b.Key))
	})
	block := ""
	for _, pin := range pins {
		if pin.Block != block {
			block = pin.Block
			fmt.Fprintf(&b, "%s:\n", block)
		}
		fmt.Fprintf(&b, "  %q: {external: true, name: %q}\n", pin.Key, pin.Object)
	}
	return b.Bytes()
}

func pinned(content []byte, pin Pin) ([]byte, error) {
	docs, err := document.Parse("", content)
	if err != nil || len(docs) != 1 {
		return nil, errors.New("the file is not one YAML document")
	}
	entry := document.Entry(document.Entry(docs[0], pin.Block), pin.Key)
	if entry == nil || entry.Kind != yaml.MappingNode || entry.Style&yaml.FlowStyle != 0 || len(entry.Content) == 0 {
		return nil, errors.New("name: cannot be added in this form")
	}
	lines := bytes.SplitAfter(content, []byte("\n"))
	if old := document.Entry(entry, "name"); old != nil {
		return replaceScalar(lines, old, pin.Object)
	}
	first := entry.Content[0]
	line := strings.Repeat(" ", first.Column-1) + "name: " + pin.Object + LineEnd(lines[first.Line-1])
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
	old := SourceText(node)
	if start > len(line) || !bytes.HasPrefix(line[start:], []byte(old)) {
		return nil, errors.New("name: cannot be edited in this form")
	}
	edited := append([]byte{}, line[:start]...)
	edited = append(edited, text...)
	edited = append(edited, line[start+len(old):]...)
	lines[node.Line-1] = edited
	return bytes.Join(lines, nil), nil
}

// SourceText is how a scalar stands in its line, where it has no escapes; in any
// other form it is not found there.
func SourceText(node *yaml.Node) string {
	switch node.Style {
	case yaml.DoubleQuotedStyle:
		return `"` + node.Value + `"`
	case yaml.SingleQuotedStyle:
		return "'" + node.Value + "'"
	default:
		return node.Value
	}
}

// LineEnd is what ends line: "\r\n", else "\n".
func LineEnd(line []byte) string {
	if bytes.HasSuffix(line, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}
