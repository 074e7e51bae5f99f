package editor

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// linesOf are the numbers of lines after which an entry may be added to a block
// mapping, the best first: below its first line, on top of it, and likewise for each
// other entry. The first line of a stack file's secret is external: as a rule, which
// the pin belongs to.
func linesOf(mapping *yaml.Node) []int {
	var lines []int
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		first := mapping.Content[i].Line
		if mapping.Content[i+1].Kind == yaml.ScalarNode {
			lines = append(lines, first)
		}
		lines = append(lines, first-1)
	}
	return lines
}

// indent is how many blanks stand before each key of a block mapping. A key behind a
// question mark stands further in.
func indent(mapping *yaml.Node) int {
	columns := make([]int, 0, len(mapping.Content)/2)
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		columns = append(columns, mapping.Content[i].Column)
	}
	return slices.Min(columns) - 1
}

func isLast(parent, node *yaml.Node) bool {
	return parent.Content[len(parent.Content)-1] == node
}
