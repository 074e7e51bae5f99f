package shell

import "strings"

// Expansion is in a Word's text instead of a '$' or '`' that a shell would act on, so
// that no expansion is read as a literal.
const Expansion = 0

// Word is a word as a program gets it, and where its bytes come from.
type Word struct {
	Number int    // of the word in the command
	Text   string // quotes and backslashes removed
	Whole  bool   // no shell has read it: text is the word itself
	origin []int  // where each byte of text is in the word as given; nil: at the same place
}

// WholeWord returns word number of a command, as the program gets it without a shell.
func WholeWord(number int, text string) Word {
	return Word{Number: number, Text: text, Whole: true}
}

// Source returns the range of bytes in the given word that text[from:to] comes from.
func (w Word) Source(from, to int) (start, end int) {
	if w.origin == nil {
		return from, to
	}
	return w.origin[from], w.origin[to-1] + 1
}

// Commands returns the simple commands of script as their words. A command within a word
// or a here-document comes before the one around it. Keywords and the files of
// redirections are words like any other. The result of an expansion is not known: the
// word has Expansion and its text, or Expansion alone for $(…) and `…`.
func Commands(script Word) [][]Word {
	r := wordReader{script: script, open: make([]command, 1)}
	scan(script.Text, code, r.read)
	r.endCommand()
	return r.commands
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

type wordReader struct {
	script   Word
	open     []command // the innermost last
	commands [][]Word
}

// command is a command and a word of it that have not ended.
type command struct {
	words  []Word
	text   []byte
	origin []int
	inWord bool
}

func (r *wordReader) now() *command { return &r.open[len(r.open)-1] }

func (r *wordReader) read(p part) {
	switch p.kind {
	case letter, sealed:
		if p.place != comment {
			r.add(p.text, p.to)
		}
	case expansion:
		r.add(string(rune(Expansion)), p.to)
	case mark, beforeSeal:
		r.now().inWord = true
	case opens:
		r.open = append(r.open, command{})
	case closes:
		r.endCommand()
		r.open = r.open[:len(r.open)-1]
	case blank:
		r.endWord()
	case separator:
		r.endCommand()
	}
}

// add appends text, which ends before byte to of the script, to the word.
func (r *wordReader) add(text string, to int) {
	c := r.now()
	c.inWord = true
	c.text = append(c.text, text...)
	for at := to - len(text); at < to; at++ {
		start, _ := r.script.Source(at, at+1)
		c.origin = append(c.origin, start)
	}
}

func (r *wordReader) endWord() {
	c := r.now()
	if c.inWord {
		c.words = append(c.words, Word{Number: r.script.Number, Text: string(c.text), origin: c.origin})
	}
	c.text, c.origin, c.inWord = nil, nil, false
}

func (r *wordReader) endCommand() {
	r.endWord()
	c := r.now()
	if len(c.words) > 0 {
		r.commands = append(r.commands, c.words)
	}
	c.words = nil
}
