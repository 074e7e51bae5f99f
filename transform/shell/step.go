package shell

import "strings"

// inCode takes one step where a shell reads commands.
func (s *scanner) inCode() {
	switch c := s.text[s.pos]; {
	case c == '\'':
		s.begin(single)
	case c == '"':
		s.begin(double)
	case c == '#' && !s.now().inWord:
		s.comment()
	case c == ' ' || c == '\t' || c == '\r':
		s.take(1, blank)
	case c == '\n':
		s.take(1, separator)
		s.hereDocuments()
	case c == '(':
		s.take(1, separator)
		s.enter(subshell)
	case c == ')':
		s.parenthesis()
	case s.sees("<<<"):
		s.take(3, blank)
	case s.sees("<<") && s.endFollows():
		s.hereBegins()
	case s.sees("<&") || s.sees(">&"):
		s.take(2, blank)
	case c == '<' || c == '>':
		s.take(1, blank)
	case c == ';' || c == '&' || c == '|':
		s.take(1, separator)
	default:
		s.take(1, letter)
	}
}

// begin enters the place that the next byte opens.
func (s *scanner) begin(in place) {
	s.take(1, mark)
	s.enter(in)
}

// parenthesis reads a ")". If none is open, it ends a pattern of a case, or the text is
// no script.
func (s *scanner) parenthesis() {
	s.endWord()
	if l := s.now(); l.cases > 0 || len(s.levels) == 1 {
		s.take(1, separator)
		return
	}
	s.leave(1)
}

// comment passes over a comment and emits its seals.
func (s *scanner) comment() {
	s.enter(comment)
	for s.pos < len(s.text) && s.text[s.pos] != '\n' {
		if n := s.sealLength(s.pos); n > 0 {
			s.take(n, sealed)
		} else {
			s.pos++
		}
	}
	s.levels = s.levels[:len(s.levels)-1]
}

// inSingle takes one step where only the end and seals have a meaning.
func (s *scanner) inSingle() {
	if s.sees("'") && s.now().place != quotedHere {
		s.leave(1)
		return
	}
	s.take(1, letter)
}

// inText takes one step between double quotes, in ${…} or in a here-document.
func (s *scanner) inText() {
	in := s.now().place
	switch c := s.text[s.pos]; {
	case c == '"' && in == double:
		s.leave(1)
	case c == '"' && in != hereText:
		s.begin(double)
	case c == '}' && in.isBraces():
		s.leave(1)
	case c == '\'' && (in == braces || in == pattern):
		s.begin(single)
	case in == braces && strings.IndexByte(" \t\n", c) >= 0:
		s.take(1, blank)
	default:
		s.take(1, letter)
	}
}

// inArithmetic takes one step in $((…)), where quotes have no meaning.
func (s *scanner) inArithmetic() {
	switch {
	case s.sees("("):
		s.begin(arithmetic)
	case s.sees(")"):
		s.leave(1)
	default:
		s.take(1, letter)
	}
}

// backslash reads a backslash and what it acts on.
func (s *scanner) backslash() {
	next := s.text[s.pos+1:]
	switch in := s.now().place; {
	case next == "":
		s.take(1, letter)
	case s.sealLength(s.pos+1) > 0:
		s.take(1, beforeSeal)
	case !in.isEscapable(next[0]):
		s.take(1, letter)
	case next[0] == '\n' && in != ansi:
		s.pos += 2
	default:
		s.take(1, mark)
		s.take(1, letter)
	}
}
