package shell

import "strings"

// Expansion stands in a Word's text for a '$' or '`' which a shell would
// act on, so that no expansion is taken for a literal.
const Expansion = 0

// Word is a word as a program gets it, and where its bytes come from.
type Word struct {
	Number int    // of the word in the command
	Text   string // quotes and backslashes removed
	Whole  bool   // no shell has read it: text is the word itself
	origin []int  // where each byte of text stands in the word as given; nil: at the same place
}

// WholeWord is word number of a command, as the program gets it without a shell.
func WholeWord(number int, text string) Word {
	return Word{Number: number, Text: text, Whole: true}
}

// Source gives the bytes of the given word that text[from:to] comes from.
func (w Word) Source(from, to int) (start, end int) {
	if w.origin == nil {
		return from, to
	}
	return w.origin[from], w.origin[to-1] + 1
}

// Commands reads script like a shell: simple commands and their words.
// Keywords are words like any other; redirections and expansions are not
// followed.
func Commands(script Word) [][]Word {
	l := lexer{script: script}
	for l.pos < len(script.Text) {
		l.step()
	}
	l.endCommand()
	return l.commands
}

// Program returns the name of the program that a command runs: its first word that is
// no keyword or assignment, "true" when there is none.
func Program(command []Word) string {
	for _, word := range command {
		if !isKeyword(word.Text) && !strings.Contains(word.Text, "=") {
			return word.Text
		}
	}
	return "true"
}

type lexer struct {
	script   Word
	pos      int
	text     []byte
	origin   []int
	started  bool
	words    []Word
	commands [][]Word
}

// take appends b, read at the current position, to the word.
func (l *lexer) take(b byte) {
	at, _ := l.script.Source(l.pos, l.pos+1)
	l.text, l.origin, l.started = append(l.text, b), append(l.origin, at), true
}

func (l *lexer) endWord() {
	if l.started {
		l.words = append(l.words, Word{Number: l.script.Number, Text: string(l.text), origin: l.origin})
	}
	l.text, l.origin, l.started = nil, nil, false
}

func (l *lexer) endCommand() {
	l.endWord()
	if len(l.words) > 0 {
		l.commands = append(l.commands, l.words)
	}
	l.words = nil
}

// step reads one element at the current position and moves behind it.
func (l *lexer) step() {
	switch b := l.script.Text[l.pos]; {
	case b == '\'':
		l.single()
	case b == '"':
		l.double()
	case b == '\\':
		l.pos++
		l.escaped()
	case b == ' ' || b == '\t' || b == '\r':
		l.endWord()
	case b == '#' && !l.started:
		l.comment()
	case strings.IndexByte("\n;&|()", b) >= 0:
		l.endCommand()
	case b == '<' || b == '>':
		l.endWord()
	case b == '$' || b == '`':
		l.take(Expansion)
	default:
		l.take(b)
	}
	l.pos++
}

// escaped takes the byte behind a backslash, unless it is a line's end.
func (l *lexer) escaped() {
	if l.pos < len(l.script.Text) && l.script.Text[l.pos] != '\n' {
		l.take(l.script.Text[l.pos])
	}
}

func (l *lexer) single() {
	l.started = true
	for l.pos++; l.pos < len(l.script.Text) && l.script.Text[l.pos] != '\''; l.pos++ {
		l.take(l.script.Text[l.pos])
	}
}

func (l *lexer) double() {
	l.started = true
	for l.pos++; l.pos < len(l.script.Text) && l.script.Text[l.pos] != '"'; l.pos++ {
		switch b := l.script.Text[l.pos]; {
		case b == '\\' && l.pos+1 < len(l.script.Text) && strings.IndexByte("$`\"\\\n", l.script.Text[l.pos+1]) >= 0:
			l.pos++
			l.escaped()
		case b == '$' || b == '`':
			l.take(Expansion)
		default:
			l.take(b)
		}
	}
}

// comment moves to the end of the line, which ends the command too.
func (l *lexer) comment() {
	for l.pos+1 < len(l.script.Text) && l.script.Text[l.pos+1] != '\n' {
		l.pos++
	}
}
