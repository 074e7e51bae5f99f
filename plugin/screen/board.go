package screen

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Board is a few lines that are drawn again in place, which only a terminal can.
type Board struct {
	s     *Screen
	size  func() (height, width int)
	drawn int
}

// NewBoard returns a board below what s has written. size asks how large the terminal is
// now; it may have changed.
func NewBoard(s *Screen, size func() (height, width int)) *Board { return &Board{s: s, size: size} }

// Draw replaces what was drawn by lines. Each is cut at the width of the terminal: a line
// that wraps would be two when the next drawing goes up. Of more lines than the terminal
// has, the last ones are only counted.
func (b *Board) Draw(lines [][]Span) {
	height, width := b.size()
	if width <= 0 {
		width = b.s.width
	}
	if room := height - 2; height > 2 && len(lines) > room {
		hidden := len(lines) - room + 1
		lines = append(lines[:room-1:room-1], []Span{{Text: fmt.Sprintf("… %d more", hidden), Style: Dim}})
	}
	var out strings.Builder
	if b.drawn > 0 {
		fmt.Fprintf(&out, "\x1b[%dA", b.drawn)
	}
	for _, line := range lines {
		out.WriteString("\x1b[2K" + b.s.render(cut(b.s.shown(line), width-1)) + "\n")
	}
	out.WriteString("\x1b[J")
	b.drawn = len(lines)
	_, _ = io.WriteString(b.s.w, out.String())
}

// End leaves what was drawn: the next drawing is below it.
func (b *Board) End() { b.drawn = 0 }

// Cut writes one line, with what is beyond the width left out.
func (s *Screen) Cut(spans ...Span) { s.write(s.render(cut(s.shown(spans), s.width))) }

// cut returns spans without what is beyond width columns, and an ellipsis for it.
func cut(spans []Span, width int) []Span {
	if columnsOf(spans) <= width {
		return spans
	}
	var short []Span
	room := width - 1
	for _, span := range spans {
		runes := []rune(span.Text)
		n := min(room, len(runes))
		short = append(short, Span{Text: string(runes[:n]), Style: span.Style})
		room -= n
	}
	return append(short, Span{Text: "…"})
}

// columnsOf returns how many columns spans take.
func columnsOf(spans []Span) int {
	n := 0
	for _, span := range spans {
		n += utf8.RuneCountInString(span.Text)
	}
	return n
}
