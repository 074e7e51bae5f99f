package screen

import (
	"strings"
	"unicode/utf8"
)

// wrap returns spans as lines of at most width columns, broken at blanks. All lines but
// the first start with hang blanks. A word that fits only without them, such as a path, has
// a line of its own, so that it can be copied; one that is wider than width is broken where
// a name is made of parts.
func wrap(spans []Span, width, hang int) [][]Span {
	l := layout{width: width, hang: min(hang, width/2)}
	for _, span := range spans {
		for i, line := range strings.Split(span.Text, "\n") {
			if i > 0 {
				l.breakLine()
			}
			l.text(line, span.Style)
		}
	}
	return append(l.lines, l.line)
}

// layout is the text so far.
type layout struct {
	width, hang int
	lines       [][]Span
	line        []Span
	used        int // columns of line
	blanks      int // not written yet: they may end the line
	atStart     bool
}

// text adds a text without line ends: its blanks where they are, and breaks at them.
func (l *layout) text(text string, style Style) {
	for text != "" {
		word := strings.TrimLeft(text, " ")
		l.blanks += len(text) - len(word)
		if end := strings.IndexByte(word, ' '); end >= 0 {
			text, word = word[end:], word[:end]
		} else {
			text = ""
		}
		if word != "" {
			l.word(word, style)
		}
	}
}

// word adds a word with the blanks before it, on a new line if it does not fit.
func (l *layout) word(word string, style Style) {
	columns := utf8.RuneCountInString(word)
	isWhole := columns <= l.width
	if l.blanks > 0 && (l.used > l.hang || isWhole && !l.atStart) && l.used+l.blanks+columns > l.width {
		l.breakLine()
	}
	if l.atStart && isWhole && l.used+columns > l.width {
		l.line, l.used = nil, 0
	}
	if !l.atStart && l.blanks > 0 {
		l.add(strings.Repeat(" ", l.blanks), l.between(style))
	}
	l.blanks = 0
	for l.used+columns > l.width {
		head := breakable(word, l.width-l.used)
		l.add(head, style)
		l.breakLine()
		word = word[len(head):]
		columns = utf8.RuneCountInString(word)
	}
	l.add(word, style)
}

// between is the style of blanks before a word of style: the same within a text of one style.
func (l *layout) between(style Style) Style {
	if last := len(l.line) - 1; last >= 0 && l.line[last].Style == style {
		return style
	}
	return Normal
}

func (l *layout) add(text string, style Style) {
	if text == "" {
		return
	}
	if last := len(l.line) - 1; last >= 0 && l.line[last].Style == style {
		l.line[last].Text += text
	} else {
		l.line = append(l.line, Span{Text: text, Style: style})
	}
	l.used += utf8.RuneCountInString(text)
	l.atStart = false
}

func (l *layout) breakLine() {
	l.lines = append(l.lines, l.line)
	l.line, l.used, l.blanks, l.atStart = nil, 0, 0, true
	if l.hang > 0 {
		l.line = []Span{{Text: strings.Repeat(" ", l.hang)}}
		l.used = l.hang
	}
}

// breakable returns the head of word that fits into columns, up to a character at which
// names and paths are made of parts if there is one in its second half.
func breakable(word string, columns int) string {
	if columns <= 0 {
		return ""
	}
	runes := []rune(word)
	if len(runes) <= columns {
		return word
	}
	head := string(runes[:columns])
	if at := strings.LastIndexAny(head, "/._-,:#?&="); at >= len(head)/2 {
		return head[:at+1]
	}
	return head
}
