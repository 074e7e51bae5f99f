package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// LineNumber finds the line in an error of a parser.
var LineNumber = regexp.MustCompile(`\bline (\d+)`)

// Parse reads every YAML document of content. shown is the file's name
// in errors. The error is a *LimitError for a file that is too large to be held.
func Parse(shown string, content []byte) ([]*yaml.Node, error) {
	if err := checkContent(shown, content); err != nil {
		return nil, err
	}
	docs, err := parse(shown, content)
	if err != nil {
		return nil, err
	}
	if err := checkNodes(shown, docs); err != nil {
		return nil, err
	}
	return docs, nil
}

func parse(shown string, content []byte) ([]*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var docs []*yaml.Node
	for {
		var doc yaml.Node
		err := decoder.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return nil, yamlError(shown, err)
		}
		if len(doc.Content) > 0 {
			doc.Content[0].HeadComment = joinComments(doc.HeadComment, doc.Content[0].HeadComment)
			doc.Content[0].FootComment = joinComments(doc.Content[0].FootComment, doc.FootComment)
			docs = append(docs, doc.Content[0])
		}
	}
}

func joinComments(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n\n" + b
}

// yamlError keeps the line of a parser's error, and its text where that is one
// of the scanner's fixed phrases: the others quote the file.
func yamlError(shown string, err error) error {
	where := shown
	if m := LineNumber.FindStringSubmatch(err.Error()); m != nil {
		where += ":" + m[1]
	}
	for _, phrase := range []string{
		"could not find expected ':'", "did not find expected key", "did not find expected '-' indicator",
		"mapping values are not allowed in this context", "found character that cannot start any token",
		"found unexpected end of stream", "did not find expected ',' or ']'", "did not find expected ',' or '}'",
		"exceeded max depth of 10000", "unknown anchor", "block sequence entries are not allowed in this context", "found a tab character",
	} {
		if strings.Contains(err.Error(), phrase) {
			return fmt.Errorf("%s: not valid YAML: %s", where, phrase)
		}
	}
	return fmt.Errorf("%s: not valid YAML", where)
}

// Follow goes through aliases.
func Follow(node *yaml.Node) *yaml.Node {
	for node != nil && node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	return node
}

// Sequence returns the items of a list, through aliases; nil for what is no list.
func Sequence(node *yaml.Node) []*yaml.Node {
	if node = Follow(node); node == nil || node.Kind != yaml.SequenceNode {
		return nil
	}
	return node.Content
}
