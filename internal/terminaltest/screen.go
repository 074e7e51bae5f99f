package terminaltest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Screen is what a terminal shows, with the lines that have left it at the top.
type Screen struct {
	height, width int
	lines         [][]cell
	wrapped       []int // lines that went on in the next because they were too wide
	row, column   int
	style         string
	rest          string // of a sequence that is not complete
}

type cell struct {
	char  rune
	style string // the parameter of SGR, "" for none
}

// NewScreen returns an empty screen.
func NewScreen(height, width int) *Screen {
	return &Screen{height: height, width: width, lines: [][]cell{nil}}
}

// sequence matches a control sequence at the beginning of a text.
var sequence = regexp.MustCompile(`^\x1b\[([0-9;]*)([A-Za-z])`)

// Write shows text. A control sequence that it does not know is shown as text.
func (s *Screen) Write(text string) {
	text = s.rest + text
	s.rest = ""
	for text != "" {
		if text[0] == '\x1b' {
			found := sequence.FindStringSubmatch(text)
			if found != nil && s.control(found[1], found[2]) {
				text = text[len(found[0]):]
				continue
			}
			if found == nil && len(text) < 8 {
				s.rest = text
				return
			}
		}
		if !utf8.FullRuneInString(text) {
			s.rest = text
			return
		}
		char, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		s.put(char)
	}
}

// control does what a control sequence says.
func (s *Screen) control(argument, command string) bool {
	switch command {
	case "A":
		n, _ := strconv.Atoi(argument)
		s.row = max(s.row-n, len(s.lines)-s.height, 0) // lines above the terminal cannot be reached
	case "K":
		s.lines[s.row] = nil
	case "J":
		s.lines = s.lines[:s.row+1]
		s.lines[s.row] = s.lines[s.row][:min(s.column, len(s.lines[s.row]))]
	case "m":
		s.style = strings.TrimPrefix(argument, "0")
	default:
		return false
	}
	return true
}

func (s *Screen) put(char rune) {
	switch char {
	case '\r':
		s.column = 0
		return
	case '\n':
		s.down()
		return
	}
	if s.column == s.width {
		s.wrapped = append(s.wrapped, s.row)
		s.down()
		s.column = 0
	}
	line := s.lines[s.row]
	for len(line) <= s.column {
		line = append(line, cell{char: ' '})
	}
	line[s.column] = cell{char, s.style}
	s.lines[s.row] = line
	s.column++
}

func (s *Screen) down() {
	s.row++
	if s.row == len(s.lines) {
		s.lines = append(s.lines, nil)
	}
}

// Wrapped reports whether a line was wider than the terminal.
func (s *Screen) Wrapped() bool { return len(s.wrapped) > 0 }

// wrapMark is at the end of a line that was wider than the terminal.
const wrapMark = "↩"

// Text returns the lines. Where a style begins that has a name, {NAME} is in the text, and
// {} where it ends.
func (s *Screen) Text(names map[string]string) string {
	var lines []string
	for row, line := range s.lines {
		text := marked(line, names)
		if slices.Contains(s.wrapped, row) {
			text += wrapMark
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

// marked is the text of a line, with the names of styles.
func marked(line []cell, names map[string]string) string {
	var b strings.Builder
	style := ""
	change := func(to string) {
		if style != "" && to != style {
			b.WriteString("{}")
		}
		if to != "" && to != style {
			b.WriteString("{" + to + "}")
		}
		style = to
	}
	for _, c := range line {
		change(names[c.style])
		b.WriteRune(c.char)
	}
	change("")
	return b.String()
}

// Coloured reports whether a character has a style.
func (s *Screen) Coloured() bool {
	return slices.ContainsFunc(s.lines, func(line []cell) bool {
		return slices.ContainsFunc(line, func(c cell) bool { return c.style != "" })
	})
}

// Styles are names for the colours of package plugin/screen.
func Styles() map[string]string {
	return map[string]string{"1": "bold", "2": "dim", "31": "red", "32": "green", "33": "yellow"}
}
