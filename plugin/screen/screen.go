// Package screen writes text for people, no wider than their terminal: lines wrapped at
// words, tables, and colour where colour is wanted. It does not know what the text says.
package screen

import (
	"bufio"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/docker/cli/cli/streams"
)

// DefaultWidth is the width where there is no terminal, and minWidth the narrowest that
// text is fitted into.
const (
	DefaultWidth = 80
	minWidth     = 40
)

// Screen is where people read.
type Screen struct {
	w        io.Writer
	width    int
	colour   bool
	terminal bool
	lines    int
	visible  func(string) string // of every text; nil for text as it is
}

// New returns the screen of a stream: as wide as its terminal, and with colour there
// unless NO_COLOR is set to something. visible makes of a text what may be shown.
func New(out *streams.Out, visible func(string) string) *Screen {
	s := &Screen{w: out, width: DefaultWidth, terminal: out.IsTerminal(), visible: visible}
	if s.terminal {
		if _, width := out.GetTtySize(); width > 0 {
			s.width = int(width) //nolint:gosec // columns
		}
		s.colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" //nolint:forbidigo // the user's wish
	}
	s.width = max(s.width, minWidth)
	return s
}

// Plain returns a screen without a terminal, for text that goes into a file or a test.
func Plain(w io.Writer, width int) *Screen { return &Screen{w: w, width: width} }

// To returns the screen with w as the way to the same terminal.
func (s *Screen) To(w io.Writer) *Screen {
	other := *s
	other.w = w
	return &other
}

// Buffer holds what is written back until flush is called: one write for a whole report.
func (s *Screen) Buffer() (flush func()) {
	out := s.w
	buffer := bufio.NewWriter(out)
	s.w = buffer
	return func() {
		_ = buffer.Flush()
		s.w = out
	}
}

// Width returns the number of columns.
func (s *Screen) Width() int { return s.width }

// IsTerminal reports whether the screen can be drawn over.
func (s *Screen) IsTerminal() bool { return s.terminal }

// Lines returns how many lines were written.
func (s *Screen) Lines() int { return s.lines }

// Blank writes an empty line.
func (s *Screen) Blank() { s.write("") }

func (s *Screen) write(line string) {
	s.lines++
	_, _ = io.WriteString(s.w, line+"\n")
}

// Print writes spans as one paragraph. All lines but the first are indented by hang
// blanks. Line ends in a span stay.
func (s *Screen) Print(hang int, spans ...Span) {
	for _, line := range wrap(s.shown(spans), s.width, hang) {
		s.write(s.render(line))
	}
}

// Line writes text as one paragraph.
func (s *Screen) Line(text string) { s.Print(0, Span{Text: text}) }

// shown returns spans with texts that may be shown.
func (s *Screen) shown(spans []Span) []Span {
	if s.visible == nil {
		return spans
	}
	spans = slices.Clone(spans)
	for i := range spans {
		spans[i].Text = s.visible(spans[i].Text)
	}
	return spans
}

func (s *Screen) render(line []Span) string {
	var b strings.Builder
	for _, span := range line {
		b.WriteString(s.paint(span))
	}
	return strings.TrimRight(b.String(), " ")
}
