package editor

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// linesOf returns the lines after which a new entry may fit in a block mapping, the
// best first, counted from 1: the line of its first key, the line above, and the same
// for each other key. The first key of a stack file's secret is usually external:, and
// people expect the pin below it.
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

// indent returns how many blanks precede each key of a block mapping. A key after a
// question mark has a greater column than the others.
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
