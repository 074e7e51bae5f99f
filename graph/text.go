package graph

import (
	"fmt"
	"io"
	"strings"
)

// colors are those of the marks, dark enough for white letters on them.
//
//nolint:gochecknoglobals // a table, never written
var colors = map[Mark]string{Old: "#9a6700", Weak: "#cf222e", Shared: "#8250df", Unused: "#59636e", Unread: "#cf222e"}

// label returns the lines of a box: its name, the version, the marks.
func (n node) label() []string {
	lines := []string{n.name}
	if n.detail != "" {
		lines = append(lines, n.detail)
	}
	if len(n.marks) > 0 {
		lines = append(lines, joined(n.marks))
	}
	return lines
}

func joined(marks []Mark) string {
	words := make([]string, len(marks))
	for i, mark := range marks {
		words[i] = string(mark)
	}
	return strings.Join(words, ", ")
}

// Mermaid writes g for Markdown pages that draw it themselves.
func Mermaid(w io.Writer, g Graph) error {
	d := g.draw()
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	shapes := map[column][2]string{sourceColumn: {"[/", "/]"}, secretColumn: {"([", "])"}, serviceColumn: {"[", "]"}}
	escape := strings.NewReplacer(`&`, "#amp;", `"`, "#quot;", `<`, "#lt;", `>`, "#gt;", "\n", " ", "#", "#35;")
	for i, n := range d.nodes {
		lines := n.label()
		for j := range lines {
			lines[j] = escape.Replace(lines[j])
		}
		shape := shapes[n.column]
		fmt.Fprintf(&b, "  n%d%s\"%s\"%s\n", i, shape[0], strings.Join(lines, "<br>"), shape[1])
	}
	for _, e := range d.edges {
		fmt.Fprintf(&b, "  n%d --> n%d\n", e.from, e.to)
	}
	for i, n := range d.nodes {
		if len(n.marks) > 0 {
			fmt.Fprintf(&b, "  style n%d stroke:%s,stroke-width:2px\n", i, colors[n.marks[0]])
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// DOT writes g for Graphviz.
func DOT(w io.Writer, g Graph) error {
	d := g.draw()
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"Helvetica\"];\n", dotText(g.Title))
	shapes := map[column]string{sourceColumn: "folder", secretColumn: "box", serviceColumn: "component"}
	for i, n := range d.nodes {
		fmt.Fprintf(&b, "  n%d [label=%s, shape=%s", i, dotText(strings.Join(n.label(), "\n")), shapes[n.column])
		if len(n.marks) > 0 {
			fmt.Fprintf(&b, ", color=\"%s\", penwidth=2", colors[n.marks[0]])
		}
		b.WriteString("];\n")
	}
	for _, c := range []column{sourceColumn, secretColumn, serviceColumn} {
		b.WriteString("  {rank=same;")
		for i, n := range d.nodes {
			if n.column == c {
				fmt.Fprintf(&b, " n%d;", i)
			}
		}
		b.WriteString("}\n")
	}
	for _, e := range d.edges {
		fmt.Fprintf(&b, "  n%d -> n%d;\n", e.from, e.to)
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// dotText quotes text for DOT.
func dotText(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}
