package editor

import (
	"bytes"
	"regexp"

	"go.yaml.in/yaml/v4"
)

// properties matches the anchor and the tag before a value.
var properties = regexp.MustCompile(`^(?:[&!][^\s,\[\]{}]*(?:\s+|$))*`)

// token returns the offsets of a scalar or an alias in the content, without its anchor
// and tag; for an empty list, those of the opening bracket. ok is false for a block
// scalar and for plain text of several lines. A wrong answer does no harm, because the
// result of an edit is read again.
func (f file) token(node *yaml.Node) (start, end int, ok bool) {
	at, ok := f.offset(node)
	if !ok {
		return 0, 0, false
	}
	before := properties.Find(f.content[at:])
	rest := f.content[at+len(before):]
	length := -1
	switch {
	case node.Kind == yaml.SequenceNode:
		length = prefixed(rest, "[")
	case node.Kind == yaml.AliasNode:
		length = prefixed(rest, "*"+node.Value)
	case node.Kind != yaml.ScalarNode || node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
	case node.Style&yaml.DoubleQuotedStyle != 0:
		length = quoted(rest, '"')
	case node.Style&yaml.SingleQuotedStyle != 0:
		length = quoted(rest, '\'')
	case node.Value == "": // it begins and ends where its key or its anchor ends
		before, length = bytes.TrimSpace(before), 0
	default:
		length = prefixed(rest, node.Value)
	}
	start = at + len(before)
	return start, start + length, length >= 0
}

// prefixed returns the length of prefix, or -1 if text does not begin with it.
func prefixed(text []byte, prefix string) int {
	if !bytes.HasPrefix(text, []byte(prefix)) {
		return -1
	}
	return len(prefix)
}

// quoted returns the length of the quoted scalar at the start of text, or -1 if there
// is none.
func quoted(text []byte, quote byte) int {
	if len(text) == 0 || text[0] != quote {
		return -1
	}
	for i := 1; i < len(text); i++ {
		switch {
		case quote == '"' && text[i] == '\\':
			i++
		case text[i] == quote && quote == '\'' && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return -1
}
