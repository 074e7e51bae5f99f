package shell

import "strings"

// dollar reads a '$'.
func (s *scanner) dollar() {
	in, next := s.now().place, s.text[s.pos+1:]
	switch {
	case s.sealLength(s.pos+1) > 0:
		s.take(1, beforeSeal)
	case isArithmetic(next):
		s.take(1, expansion)
		s.begin(arithmetic)
	case strings.HasPrefix(next, "("):
		s.take(1, expansion)
		s.take(1, opens)
		s.enter(substitution)
	case strings.HasPrefix(next, "{"):
		s.take(1, expansion)
		s.take(1, letter)
		s.enter(bracesIn(in, next[1:]))
	case strings.HasPrefix(next, "'") && !in.isQuoted():
		s.take(1, expansion)
		s.begin(ansi)
	case strings.HasPrefix(next, "$"): // the shell's own number, whatever follows
		s.take(1, expansion)
		s.take(1, expansion)
	case expands(in, next):
		s.take(1, expansion)
	default:
		s.take(1, letter)
	}
}

// isArithmetic reports whether "$" before text begins $((…)). As in bash it does not when
// the inner parenthesis ends alone, $((a) | (b)).
func isArithmetic(text string) bool {
	depth := 0
	for i := 0; i < len(text) && strings.HasPrefix(text, "(("); i++ {
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if text[i] == ')' && depth == 1 {
			return strings.HasPrefix(text[i+1:], ")")
		}
	}
	return false
}

// bracesIn returns the place that a "${" before text begins, in the place in.
func bracesIn(in place, text string) place {
	if !in.isQuoted() {
		return braces
	}
	name := 0
	for name < len(text) && (IsNameByte(text[name]) || strings.IndexByte("@*", text[name]) >= 0) {
		name++
	}
	if name > 0 && name < len(text) && strings.IndexByte("#%/", text[name]) >= 0 {
		return pattern
	}
	return quotedBraces
}

// expands reports whether a shell acts on a "$" before text: alone it is a letter.
func expands(in place, text string) bool {
	if text == "" {
		return false
	}
	return IsNameByte(text[0]) || strings.IndexByte("@*#?-!", text[0]) >= 0 || text[0] == '"' && !in.isQuoted()
}

// backquotes reads `…`. A shell takes backslashes off the script in it before it
// reads that.
func (s *scanner) backquotes() {
	inQuotes := s.now().place == double || s.now().place == quotedBraces
	s.take(1, expansion)
	s.take(0, opens)
	inner := scanner{here: s.here, emit: s.emit}
	var text strings.Builder
	for ; s.pos < len(s.text) && s.text[s.pos] != '`'; s.pos++ {
		inner.starts = append(inner.starts, s.source(s.pos))
		if next := s.text[s.pos+1:]; s.sees(`\`) && next != "" && (strings.IndexByte("$`\\", next[0]) >= 0 || inQuotes && next[0] == '"') {
			s.pos++
		}
		text.WriteByte(s.text[s.pos])
	}
	inner.starts = append(inner.starts, s.source(s.pos))
	inner.text = text.String()
	inner.run(code)
	s.take(min(1, len(s.text)-s.pos), closes)
}
