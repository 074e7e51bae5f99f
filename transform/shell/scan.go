package shell

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// scan reads script as a shell does and gives its parts to emit, in order. What is in
// no part is a comment, an escaped line end, or the end of a here-document. Any text
// can be read: what is open at the end ends there, and a ")" too many ends a command.
//
// here is the place as which here-documents are read: hereText is what a shell does,
// code finds the commands in them.
func scan(script string, here place, emit func(part)) {
	s := scanner{text: script, here: here, emit: emit}
	s.run(code)
}

type scanner struct {
	text   string
	pos    int
	starts []int // where each byte of text begins in the script; nil: at the same place
	here   place
	emit   func(part)
	levels []level        // the innermost last
	begun  []hereDocument // on this line
}

// level is a place within those before it.
type level struct {
	place   place
	inWord  bool
	word    int  // where the word begins
	started bool // the command has a word that is no keyword; in ${…} a word has ended
	cases   int  // "case" without its "esac": a ")" ends a pattern
}

// run reads the rest of text, which is in one place.
func (s *scanner) run(in place) {
	s.enter(in)
	for s.pos < len(s.text) {
		s.step()
	}
	for len(s.levels) > 1 {
		s.leave(0)
	}
	s.endWord()
}

func (s *scanner) now() *level { return &s.levels[len(s.levels)-1] }

func (s *scanner) enter(in place) { s.levels = append(s.levels, level{place: in}) }

// leave leaves the innermost place, after the n bytes that end it.
func (s *scanner) leave(n int) {
	s.endWord()
	was := *s.now()
	s.levels = s.levels[:len(s.levels)-1]
	switch {
	case was.place == substitution:
		s.take(n, closes)
	case was.place == subshell:
		s.take(n, separator)
	case was.place.isBraces() && !was.started:
		s.take(n, letter)
	default:
		s.take(n, mark)
	}
}

func (s *scanner) sees(prefix string) bool { return strings.HasPrefix(s.text[s.pos:], prefix) }

// take emits the next n bytes.
func (s *scanner) take(n int, kind kind) {
	l := s.now()
	switch kind {
	case blank:
		s.endWord()
		l.started = l.started || l.place.isBraces()
	case separator:
		s.endWord()
		l.started = false
	default:
		if !l.inWord {
			l.inWord, l.word = true, s.pos
		}
	}
	end := s.pos + n
	s.emit(part{kind: kind, place: l.place, from: s.source(s.pos), to: s.source(end), text: s.text[s.pos:end]})
	s.pos = end
}

// source returns the byte of the script at which text[at] begins.
func (s *scanner) source(at int) int {
	if s.starts == nil {
		return at
	}
	return s.starts[at]
}

// endWord notes a word that changes how the following commands are read.
func (s *scanner) endWord() {
	l := s.now()
	if !l.inWord {
		return
	}
	l.inWord = false
	if l.started || !l.place.isCode() {
		return
	}
	word := s.text[l.word:s.pos]
	l.started = !isKeyword(word)
	switch word {
	case "case":
		l.cases++
	case "esac":
		l.cases = max(0, l.cases-1)
	}
}

func (s *scanner) step() {
	switch in := s.now().place; {
	case s.sealLength(s.pos) > 0:
		s.take(s.sealLength(s.pos), sealed)
	case in == single || in == quotedHere:
		s.inSingle()
	case s.sees(`\`):
		s.backslash()
	case in == ansi:
		s.inSingle()
	case s.sees("$"):
		s.dollar()
	case s.sees("`"):
		s.backquotes()
	case in == arithmetic:
		s.inArithmetic()
	case in.isCode():
		s.inCode()
	default:
		s.inText()
	}
}

// sealLength returns the length of the seal that begins at text[at], 0 for none.
func (s *scanner) sealLength(at int) int {
	if !strings.HasPrefix(s.text[at:], seal.Open) {
		return 0
	}
	before, _, closed := strings.Cut(s.text[at:], seal.Close)
	if !closed {
		return 0
	}
	return len(before) + len(seal.Close)
}
