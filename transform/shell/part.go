package shell

// place is how a shell reads its text at one point.
type place byte

const (
	code         place = iota
	subshell           // ( … )
	substitution       // $( … )
	arithmetic         // each ( … ) of $(( … ))
	single             // ' … '
	ansi               // $' … '
	double             // " … "
	braces             // ${ … }
	quotedBraces       // ${ … } between double quotes, where ' is a letter
	pattern            // ${name# … } between double quotes, where ' quotes
	hereText           // a here-document
	quotedHere         // a here-document with a quoted end: a shell expands nothing in it
	comment
)

// isCode reports whether a shell reads commands there.
func (p place) isCode() bool { return p == code || p == subshell || p == substitution }

// isBraces reports whether a "}" ends the place.
func (p place) isBraces() bool { return p == braces || p == quotedBraces || p == pattern }

// isQuoted reports whether a shell reads the text there as between double quotes.
func (p place) isQuoted() bool {
	return p == double || p == quotedBraces || p == hereText || p == arithmetic
}

// isEscapable reports whether a backslash acts on c there.
func (p place) isEscapable(c byte) bool {
	switch c {
	case '$', '`', '\\', '\n':
		return true
	case '"':
		return p != hereText
	case '}':
		return !p.isQuoted() || p.isBraces()
	}
	return !p.isQuoted()
}

// part is a piece of a script.
type part struct {
	kind     kind
	place    place
	from, to int    // its bytes in the script
	text     string // the same without the backslashes that backquotes ask for
}

type kind byte

const (
	letter     kind = iota // of a word
	mark                   // a quote, brace or backslash: in a word, but none of its text
	expansion              // a '$' or '`' that a shell acts on
	opens                  // a script begins that is run for the word before it
	closes                 // that script ends, and the word goes on
	blank                  // ends a word; "<" and ">" do too
	separator              // ends a command
	sealed                 // a seal
	beforeSeal             // a backslash or '$' that would act on the seal behind it
)
