package stackfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

// manyServices is a file of more services than a piece has. comment stands above one of
// them, or at the end of one for foot.
func manyServices(above, foot int) string {
	var b strings.Builder
	b.WriteString("# head\n\nx-stack: app\nservices: # all\n")
	for i := range 3*pieceLen + 7 {
		if i == above {
			b.WriteString("  # above\n")
		}
		fmt.Fprintf(&b, "  s%03d: # line\n    image: nginx:%d # the image\n    command: [\"a\", \"b c\"]\n    labels:\n      # of a label\n      text: |\n        one\n\n        two\n      long: %s\n", i, i, strings.Repeat("word ", 40))
		if i == foot {
			b.WriteString("    # foot\n\n")
		}
	}
	return b.String() + "networks:\n  # of a network\n  front: {}\nsecrets:\n  a: {external: true}\n"
}

// Services that are encoded in pieces must be the bytes that they are in one.
func TestEncodeInPieces(t *testing.T) {
	for name, text := range map[string]string{
		"no comment between": manyServices(-1, -1), "a comment within a piece": manyServices(3, -1),
		"a comment at a piece": manyServices(pieceLen, -1), "a comment after a piece": manyServices(-1, pieceLen-1),
		"few services": "services:\n  a:\n    image: b\n", "no services": "x-stack: app\n",
		"nothing below": strings.Split(manyServices(-1, -1), "networks:")[0],
	} {
		t.Run(name, func(t *testing.T) {
			var root yaml.Node
			if err := yaml.Unmarshal([]byte(text), &root); err != nil {
				t.Fatal(err)
			}
			want, err := encodeWhole(root.Content[0])
			if err != nil {
				t.Fatal(err)
			}
			got, err := encode(root.Content[0])
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(manyServices(-1, -1)), &root); err != nil {
		t.Fatal(err)
	}
	if got := len(pieces(root.Content[0])); got != 5 {
		t.Errorf("%d pieces, want 4 of services and one of what follows", got)
	}
}
