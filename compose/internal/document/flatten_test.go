package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// What Flatten writes out must be what a YAML decoder reads, whatever is merged in which
// order.
func TestFlattenIsWhatADecoderReads(t *testing.T) {
	const text = `
x-env: &env {A: 1, B: 2}
x-more: &more
  <<: *env
  B: 3
  C: 4
x-list: &list [a, b]
services:
  one: {environment: *env}
  two: {environment: {<<: *env, B: own}, command: *list}
  three: {environment: {B: own, <<: [*more, *env], D: 5}}
  four: &four
    environment:
      <<: {A: inline}
  five:
    <<: *four
  six: {"<<": text}
`
	docs, err := Parse("", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var want, got map[string]any
	if err := docs[0].Decode(&want); err != nil {
		t.Fatal(err)
	}
	Flatten(docs[0])
	if err := written(docs[0]).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// written is node with its aliases written out, and fails to decode if a merge is left.
func written(node *yaml.Node) *yaml.Node {
	copied := *Follow(node)
	copied.Anchor, copied.Content = "", nil
	for _, child := range Follow(node).Content {
		if IsMerge(child) {
			child = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "a merge"}
		}
		copied.Content = append(copied.Content, written(child))
	}
	return &copied
}
