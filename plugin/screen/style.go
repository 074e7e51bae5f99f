package screen

import "strings"

// Style is a colour as the docker CLI and compose use it.
type Style string

// The styles; the text is the parameter of the terminal's SGR sequence.
const (
	Normal Style = ""
	Bold   Style = "1"
	Dim    Style = "2"
	Red    Style = "31"
	Green  Style = "32"
	Yellow Style = "33"
)

// Span is text of one style.
type Span struct {
	Text  string
	Style Style
}

// NoBreak is a blank at which no line is broken.
const NoBreak = "\u00a0"

func (s *Screen) paint(span Span) string {
	span.Text = strings.ReplaceAll(span.Text, NoBreak, " ")
	if !s.colour || span.Style == Normal || span.Text == "" {
		return span.Text
	}
	return "\x1b[" + string(span.Style) + "m" + span.Text + "\x1b[0m"
}
