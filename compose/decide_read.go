package compose

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// decisionFile is a compose file as one list of its x-docker-secrets sees it.
type decisionFile struct {
	root, key, block, list *yaml.Node // key, block and list are nil where there is none
	names                  []string   // what the list holds
	rest                   string     // everything else, written so that it can be compared
}

// readDecisionFile is false for a file that no line can be added to: not one
// document, not a mapping in block form, or decisions that something else shares.
func readDecisionFile(content []byte, key string) (decisionFile, bool) {
	docs, err := document.Parse("", content)
	if err != nil || len(docs) != 1 || !isBlockMapping(docs[0]) || ownEntry(docs[0], "<<") >= 0 {
		return decisionFile{}, false
	}
	f := decisionFile{root: docs[0]}
	if i := ownEntry(f.root, writtenKey); i >= 0 {
		f.key, f.block = f.root.Content[i], f.root.Content[i+1]
		if !f.isPlainNull() && !isBlockMapping(f.block) {
			return decisionFile{}, false
		}
		if i := ownEntry(f.block, key); i >= 0 {
			f.list = f.block.Content[i+1]
		}
	}
	if f.list != nil {
		if f.list.Kind != yaml.SequenceNode || f.list.Anchor != "" || f.list.Tag != "!!seq" {
			return decisionFile{}, false
		}
		for _, item := range f.list.Content {
			f.names = append(f.names, item.Value)
		}
	}
	var b strings.Builder
	f.describe(&b, f.root, key)
	f.rest = b.String()
	return f, true
}

// isPlainNull tells whether nothing at all stands after x-docker-secrets: in its
// line.
func (f decisionFile) isPlainNull() bool {
	return f.block.Kind == yaml.ScalarNode && f.block.Tag == "!!null" && f.block.Value == "" && f.block.Anchor == ""
}

func isBlockMapping(node *yaml.Node) bool {
	return node.Kind == yaml.MappingNode && node.Style&yaml.FlowStyle == 0 && node.Anchor == "" && node.Tag == "!!map" && len(node.Content) > 0
}

// ownEntry is the index of key in a mapping's content, -1 for none. Aliases and
// merges are not followed.
func ownEntry(node *yaml.Node, key string) int {
	if node.Kind != yaml.MappingNode {
		return -1
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return i
		}
	}
	return -1
}

// describe writes node without comments, and the root without the list called key.
func (f decisionFile) describe(b *strings.Builder, node *yaml.Node, key string) {
	fmt.Fprintf(b, "%d %q %q %q(", node.Kind, node.Tag, node.Anchor, node.Value)
	for _, child := range node.Content {
		if child == f.block {
			f.describeBlock(b, key)
		} else if child != f.key {
			f.describe(b, child, key)
		}
	}
	b.WriteString(")")
}

// describeBlock writes what x-docker-secrets has but for the list called key.
func (f decisionFile) describeBlock(b *strings.Builder, key string) {
	for i := 0; i+1 < len(f.block.Content); i += 2 {
		if f.block.Content[i].Value != key {
			f.describe(b, f.block.Content[i], key)
			f.describe(b, f.block.Content[i+1], key)
		}
	}
}
