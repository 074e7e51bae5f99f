package stackfile

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// canonical is node as a text that equal nodes have in common, whatever their comments
// and forms.
func canonical(node *yaml.Node) string {
	var b strings.Builder
	writeCanonical(&b, node)
	return b.String()
}

func writeCanonical(b *strings.Builder, node *yaml.Node) {
	b.WriteString(strconv.Itoa(int(node.Kind)) + node.Tag + strconv.Quote(node.Value) + "(")
	for _, child := range node.Content {
		writeCanonical(b, child)
	}
	b.WriteString(")")
}

// lineCount is about how many lines an entry with this value has.
func lineCount(value *yaml.Node) int {
	switch {
	case value.Kind == yaml.ScalarNode && value.Style == yaml.LiteralStyle:
		return 1 + strings.Count(value.Value, "\n")
	case len(value.Content) == 0 || value.Style&yaml.FlowStyle != 0:
		return 1
	}
	lines := 1
	for i, child := range value.Content {
		if value.Kind == yaml.SequenceNode || i%2 == 1 {
			lines += lineCount(child)
		}
	}
	return lines
}
