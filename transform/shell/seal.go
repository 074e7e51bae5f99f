package shell

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// ReadSeals returns text, which a shell runs, with every seal read from its file
// at run time. What stands for a seal is quoted as its place asks, so that the
// value is one text whatever is in it. ok is false when a seal stands where a
// shell expands nothing: in a here-document with a quoted end.
func ReadSeals(text string, path func(secret string) string) (read string, ok bool) {
	if !seal.Has(text) {
		return text, true
	}
	s := shellScan{text: text, path: path, in: []byte{inCode}, ok: true}
	for s.pos < len(s.text) {
		s.step()
	}
	return s.out.String(), s.ok
}

// Where a shell is in its text. Code is at the top, in ( ) and in $( ).
const (
	inCode       = '('
	inBackquotes = '`'
	inSingle     = '\''
	inAnsi       = '$' // $'…'
	inDouble     = '"'
	inBraces     = '{' // ${…}
	inQuotedBrac = '}' // ${…} in double quotes
)

type shellScan struct {
	text  string
	pos   int
	in    []byte // the innermost last
	path  func(secret string) string
	out   strings.Builder
	heres []hereDocument // begun on this line
	ok    bool
}

type hereDocument struct {
	end    string
	quoted bool
	tabs   bool // <<- takes tabs off
}

func (s *shellScan) now() byte { return s.in[len(s.in)-1] }

func (s *shellScan) enter(where byte) { s.in = append(s.in, where) }

// leave goes one level out; the outermost stays, as in "a) …" of a case.
func (s *shellScan) leave() {
	if len(s.in) > 1 {
		s.in = s.in[:len(s.in)-1]
	}
}

// take writes the next n bytes as they are.
func (s *shellScan) take(n int) {
	n = min(n, len(s.text)-s.pos)
	s.out.WriteString(s.text[s.pos : s.pos+n])
	s.pos += n
}

func (s *shellScan) sees(prefix string) bool { return strings.HasPrefix(s.text[s.pos:], prefix) }

func (s *shellScan) step() {
	switch {
	case s.sees(seal.Open):
		s.seal()
	case s.now() == inSingle || s.now() == inAnsi:
		s.inQuotes()
	case s.sees(`\` + seal.Open):
		s.escapedSeal()
	case s.sees(`\`):
		s.take(2)
	case s.sees("$(") || s.sees("${"):
		s.expansion()
	case s.sees("`") && s.now() == inBackquotes:
		s.leave()
		s.take(1)
	case s.sees("`"):
		s.enter(inBackquotes)
		s.take(1)
	case s.now() == inDouble || s.now() == inBraces || s.now() == inQuotedBrac:
		s.inText()
	default:
		s.inCommand()
	}
}

// seal writes what reads the file, for the place that the scan is in.
func (s *shellScan) seal() {
	name, rest, _ := strings.Cut(s.text[s.pos+len(seal.Open):], seal.Close)
	s.pos = len(s.text) - len(rest)
	cat := CatOf(s.path(name))
	switch s.now() {
	case inDouble, inQuotedBrac:
	case inSingle:
		cat = `'"` + cat + `"'`
	case inAnsi:
		cat = `'"` + cat + `"$'`
	default:
		cat = `"` + cat + `"`
	}
	s.out.WriteString(cat)
}

// escapedSeal drops a backslash before a value, which now needs none. Between
// double quotes it stood for itself.
func (s *shellScan) escapedSeal() {
	if s.now() == inDouble || s.now() == inQuotedBrac {
		s.out.WriteString(`\\`)
	}
	s.pos++
}

func (s *shellScan) inQuotes() {
	switch {
	case s.now() == inAnsi && s.sees(`\`+seal.Open):
		s.pos++
		return
	case s.now() == inAnsi && s.sees(`\`):
		s.take(2)
		return
	case s.sees("'"):
		s.leave()
	}
	s.take(1)
}

func (s *shellScan) expansion() {
	switch {
	case s.sees("$("):
		s.enter(inCode)
	case s.now() == inDouble || s.now() == inQuotedBrac:
		s.enter(inQuotedBrac)
	default:
		s.enter(inBraces)
	}
	s.take(2)
}

// inText goes on between double quotes or in ${…}.
func (s *shellScan) inText() {
	switch {
	case s.sees(`"`) && s.now() == inDouble, s.sees("}") && s.now() != inDouble:
		s.leave()
	case s.sees(`"`):
		s.enter(inDouble)
	case s.sees("'") && s.now() == inBraces:
		s.enter(inSingle)
	}
	s.take(1)
}

func (s *shellScan) inCommand() {
	switch {
	case s.sees("'"):
		s.enter(inSingle)
	case s.sees("$'"):
		s.enter(inAnsi)
		s.take(1)
	case s.sees(`"`):
		s.enter(inDouble)
	case s.sees("("):
		s.enter(inCode)
	case s.sees(")"):
		s.leave()
	case s.sees("#") && s.wordStarts():
		s.comment()
		return
	case s.sees("<<<"):
		s.take(2)
	case s.sees("<<") && s.endFollows():
		s.hereBegins()
		return
	case s.sees("\n"):
		s.take(1)
		s.hereDocuments()
		return
	}
	s.take(1)
}

func (s *shellScan) wordStarts() bool {
	return s.pos == 0 || strings.IndexByte(" \t\n;&|(", s.text[s.pos-1]) >= 0
}

// endFollows tells whether "<<" begins a here-document: in arithmetic a number
// follows, $((1<<2)).
func (s *shellScan) endFollows() bool {
	rest := strings.TrimLeft(s.text[s.pos+2:], " \t-")
	return rest != "" && (rest[0] < '0' || rest[0] > '9') && !strings.HasPrefix(rest, seal.Open)
}

// comment names the file where a seal stood: nobody runs it.
func (s *shellScan) comment() {
	line, _, _ := strings.Cut(s.text[s.pos:], "\n")
	s.out.WriteString(seal.Replace(line, s.path))
	s.pos += len(line)
}

// hereBegins notes a here-document, whose text follows the line.
func (s *shellScan) hereBegins() {
	s.take(2)
	here := hereDocument{tabs: s.sees("-")}
	if here.tabs {
		s.take(1)
	}
	for s.sees(" ") || s.sees("\t") {
		s.take(1)
	}
	word := s.text[s.pos:]
	if end := strings.IndexAny(word, " \t\n;&|)<>"+seal.Open); end >= 0 {
		word = word[:end]
	}
	here.end = strings.NewReplacer(`'`, "", `"`, "", `\`, "").Replace(word)
	here.quoted = here.end != word
	s.take(len(word))
	if here.end != "" {
		s.heres = append(s.heres, here)
	}
}

// hereDocuments takes the texts of the here-documents begun on the line before.
// Quotes mean nothing in them.
func (s *shellScan) hereDocuments() {
	for _, here := range s.heres {
		for s.pos < len(s.text) {
			line, _, found := strings.Cut(s.text[s.pos:], "\n")
			s.pos += len(line)
			s.ok = s.ok && !(here.quoted && seal.Has(line))
			s.out.WriteString(seal.Replace(line, func(name string) string { return CatOf(s.path(name)) }))
			if found {
				s.take(1)
			}
			if here.tabs {
				line = strings.TrimLeft(line, "\t")
			}
			if line == here.end {
				break
			}
		}
	}
	s.heres = nil
}
