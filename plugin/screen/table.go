package screen

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	gap       = 2 // blanks between columns
	minColumn = 8
)

// Column is the head of a column, and the style of what is below it.
type Column struct {
	Head  string
	Style Style
	Max   int // of the first column: a cell that is wider has a line of its own; 0 for none
}

// Table writes rows below columns. Cells that do not fit are wrapped in their column,
// the widest columns first. Every row has as many cells as there are columns.
func (s *Screen) Table(columns []Column, rows [][]string) {
	var head []string
	for _, c := range columns {
		head = append(head, c.Head)
	}
	if s.visible != nil {
		for i, row := range rows {
			rows[i] = slices.Clone(row)
			for j, cell := range row {
				rows[i][j] = s.visible(cell)
			}
		}
	}
	widths := columnWidths(append([][]string{head}, rows...), columns[0].Max, s.width)
	s.row(widths, head, make([]Column, len(columns)))
	for _, row := range rows {
		if utf8.RuneCountInString(row[0]) > widths[0] && columns[0].Max > 0 {
			s.Print(0, Span{Text: row[0], Style: columns[0].Style})
			row = append([]string{""}, row[1:]...)
		}
		s.row(widths, row, columns)
	}
}

// columnWidths returns what each column may have, so that all fit into width. Cells of the
// first one that are wider than high do not count, unless high is 0.
func columnWidths(rows [][]string, high, width int) []int {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			if n := utf8.RuneCountInString(cell); i > 0 || high == 0 || n <= high {
				widths[i] = max(widths[i], n)
			}
		}
	}
	for {
		total := gap * (len(widths) - 1)
		for _, w := range widths {
			total += w
		}
		widest := slices.Index(widths, slices.Max(widths))
		if total <= width || widths[widest] <= minColumn {
			return widths
		}
		widths[widest]--
	}
}

// row writes one row, of as many lines as its highest cell.
func (s *Screen) row(widths []int, cells []string, columns []Column) {
	wrapped := make([][][]Span, len(cells))
	height := 1
	for i, cell := range cells {
		wrapped[i] = wrap([]Span{{Text: cell, Style: columns[i].Style}}, widths[i], 0)
		height = max(height, len(wrapped[i]))
	}
	for n := range height {
		var line []Span
		for i, lines := range wrapped {
			used := 0
			if n < len(lines) {
				line = append(line, lines[n]...)
				used = columnsOf(lines[n])
			}
			if i+1 < len(wrapped) {
				line = append(line, Span{Text: strings.Repeat(" ", widths[i]-used+gap)})
			}
		}
		s.write(s.render(line))
	}
}
