package screen

import (
	"io"
	"strings"

	"github.com/docker/cli/cli/streams"
)

// wrappedHang is by how much the further lines of a wrapped line are indented.
const wrappedHang = 2

// Wrapper returns a writer to out that breaks lines at words where they are wider than the
// terminal. Where there is no terminal lines stay as they are, so that programs find them.
// Every write has whole lines, or the beginning of one that nothing follows.
func Wrapper(out *streams.Out) io.Writer {
	s := New(out, nil)
	if !s.terminal {
		return out
	}
	return wrapper{s}
}

type wrapper struct{ s *Screen }

// Write returns the length of text when all of it is written.
func (w wrapper) Write(text []byte) (int, error) {
	var b strings.Builder
	for i, line := range strings.Split(string(text), "\n") {
		if i > 0 {
			b.WriteString("\n")
		}
		indented := len(line) - len(strings.TrimLeft(line, " "))
		for j, part := range wrap([]Span{{Text: line}}, w.s.width, indented+wrappedHang) {
			if j > 0 {
				b.WriteString("\n")
			}
			for _, span := range part {
				b.WriteString(w.s.paint(span))
			}
		}
		if line != "" && strings.HasSuffix(line, " ") && len(line) < w.s.width {
			b.WriteString(line[len(strings.TrimRight(line, " ")):]) // after a question
		}
	}
	if _, err := io.WriteString(w.s.w, b.String()); err != nil {
		return 0, err
	}
	return len(text), nil
}
