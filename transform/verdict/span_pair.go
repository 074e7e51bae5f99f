package verdict

import (
	"iter"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// pair is a name and its value in a text.
type pair struct {
	name       string
	sign       int // where '=' or ':' is
	start, end int // of the value, without quotes
	quoted     bool
}

// pairs yields each NAME=value and NAME: value of text, in order, those within a value
// too. Quotes, also escaped ones, belong to neither.
func pairs(text string) iter.Seq[pair] {
	return func(yield func(pair) bool) {
		for from := 0; ; {
			i := strings.IndexAny(text[from:], "=:")
			if i < 0 {
				return
			}
			at := from + i
			p, ok := pairAt(text, at)
			if ok && !yield(p) {
				return
			}
			from = at + 1
		}
	}
}

// pairAt returns the pair whose sign is at; false if there is none.
func pairAt(text string, at int) (pair, bool) {
	after := at + 1
	switch next := byteAt(text, after); {
	case text[at] == ':' && next == '=', text[at] == '=' && next == '>':
		after++
	case next == '=' || next == '~' || next == ':' || text[at] == ':' && strings.HasPrefix(text[after:], "//"):
		return pair{}, false
	}
	before := byteAt(text, at-1)
	if strings.IndexByte("=!<>:", before) >= 0 {
		return pair{}, false
	}
	if text[at] == ':' && before == ' ' && strings.IndexByte(`"'`, byteAt(text, after)) >= 0 {
		return pair{}, false // :'name' is a variable of psql
	}
	name, begin := nameBefore(text, at)
	if name == "" || isExpansion(text[:begin]) {
		return pair{}, false // ${NAME:-text} is shellDefaults' subject
	}
	p := pair{name: name, sign: at}
	p.start, p.end, p.quoted = valueAfter(text, after, begin, text[at])
	return p, p.end > p.start
}

// byteAt returns the byte at i, 0 outside of text.
func byteAt(text string, i int) byte {
	if i < 0 || i >= len(text) {
		return 0
	}
	return text[i]
}

// isExpansion reports whether the "${" of an expansion is the end of before.
func isExpansion(before string) bool {
	return strings.HasSuffix(before, "${") || strings.HasSuffix(before, "\x00{")
}

// nameBefore returns the name that ends before at, and where it begins.
func nameBefore(text string, at int) (name string, begin int) {
	end := at
	for end > 0 && (text[end-1] == ' ' || text[end-1] == '\t') {
		end--
	}
	for end > 0 && strings.IndexByte("]\"'\\", text[end-1]) >= 0 {
		end--
	}
	begin = end
	for begin > 0 && isNameByte(text[begin-1]) {
		begin--
	}
	return strings.TrimLeft(text[begin:end], "-.$"), begin
}

func isNameByte(b byte) bool {
	return isAlphanumeric(b) || b == '_' || b == '-' || b == '.' || b == '$'
}

// valueAfter returns the range of the value that begins after from.
func valueAfter(text string, from, nameStart int, sign byte) (start, end int, quoted bool) {
	for from < len(text) && (text[from] == ' ' || text[from] == '\t') {
		from++
	}
	if sign == ':' && from < len(text) && (text[from] == '|' || text[from] == '>') {
		start, end = blockAfter(text, from)
		return start, end, false
	}
	if start, end, quoted = quotedAfter(text, from); quoted {
		return start, end, true
	}
	if end = expansionEnd(text, from); end > from {
		return from, end, false
	}
	if lineStart(text, nameStart) {
		if end = lineEnd(text, from, sign); end > from {
			return from, end, false
		}
	}
	return from, bareEnd(text, from), false
}

// bareEnd returns the end of the unquoted value that begins at from. A mark that
// separates pairs ends it only before another pair: passwords have such marks too.
func bareEnd(text string, from int) int {
	end := from
	for end < len(text) {
		if strings.IndexByte(" \t\r\n\"'}])<>`|", text[end]) >= 0 {
			break
		}
		if strings.IndexByte(";,&", text[end]) >= 0 && separates(text[end+1:]) {
			break
		}
		end++
	}
	for end > from && text[end-1] == '\\' {
		end--
	}
	return end
}

// separates reports whether rest, what follows a ';', ',' or '&', is another pair or
// nothing.
func separates(rest string) bool {
	i := 0
	for i < len(rest) && isNameByte(rest[i]) {
		i++
	}
	if i == 0 {
		return rest == "" || strings.IndexByte(" \t\r\n\"'}])<>`|;&,", rest[0]) >= 0
	}
	words := strings.TrimLeft(rest[i:], " \t")
	return words != "" && (words[0] == '=' || words[0] == ':' || words != rest[i:] && adoKey().MatchString(rest))
}

// expansionEnd returns the end of the {{ … }}, $( … ) or ${ … } that begins at from, 0
// for none.
func expansionEnd(text string, from int) int {
	for _, marks := range [][2]string{{"{{", "}}"}, {"$(", ")"}, {"${", "}"}} {
		if strings.HasPrefix(text[from:], marks[0]) {
			if i := strings.Index(text[from:], marks[1]); i >= 0 {
				return from + i + len(marks[1])
			}
		}
	}
	return 0
}

// quotedAfter returns the range between quotes, which may be tripled (TOML) or escaped
// (JSON in JSON).
func quotedAfter(text string, from int) (start, end int, quoted bool) {
	i := from
	for i < len(text) && text[i] == '\\' {
		i++
	}
	if i >= len(text) || text[i] != '"' && text[i] != '\'' {
		return 0, 0, false
	}
	mark := text[from : i+1]
	if tripled := strings.Repeat(mark, 3); strings.HasPrefix(text[from:], tripled) {
		mark = tripled
	}
	start = from + len(mark)
	for end = start; end < len(text); end++ {
		if strings.HasPrefix(text[end:], mark) {
			return start, end, true
		}
		if text[end] == '\\' && mark == `"` {
			end++
		}
		if end < len(text) && text[end] == '\n' && len(mark) < 3 {
			return 0, 0, false // not closed on its line: an apostrophe
		}
	}
	return 0, 0, false
}

// blockAfter returns the range of the first line of a YAML block scalar whose header is
// at from.
func blockAfter(text string, from int) (start, end int) {
	header, rest, found := strings.Cut(text[from:], "\n")
	if !found || strings.Trim(header, "|>+-0123456789 \r") != "" {
		return from, from
	}
	line, _, _ := strings.Cut(rest, "\n")
	start = from + len(header) + 1
	return trimmed(text, start, start+len(line))
}

// lineStart reports whether nothing but indentation, a list's dash or a shell's "export"
// is before begin on its line.
func lineStart(text string, begin int) bool {
	line := text[strings.LastIndexByte(text[:begin], '\n')+1 : begin]
	switch strings.Trim(line, " \t") {
	case "", "-", "export", "ENV", "set", "SET", "-D":
		return true
	}
	return false
}

// lineEnd returns the end of a value that goes to the end of its line. It returns 0 if
// the line has another pair, or if words follow the value in a text of one line.
func lineEnd(text string, from int, sign byte) int {
	end := len(text)
	if i := strings.IndexByte(text[from:], '\n'); i >= 0 {
		end = from + i
	}
	for _, comment := range []string{" #", "\t#", " ;", " //"} {
		if i := strings.Index(text[from:end], comment); i >= 0 {
			end = from + i
		}
	}
	start, end := trimmed(text, from, end)
	line := strings.TrimSuffix(text[start:end], ";")
	end = start + len(line)
	blank := strings.ContainsAny(line, " \t")
	oneLine := strings.IndexByte(strings.TrimSpace(text), '\n') < 0
	if anotherPair().MatchString(line) || blank && (oneLine || sign != '=' && sign != ':') || strings.ContainsAny(line, "{}<>") {
		return 0
	}
	return end
}

//nolint:gochecknoglobals // a table, never written
var adoKey = lazyregexp.New(`^[A-Za-z]+(?: [A-Za-z]+){1,3} ?=`) // ;User Id=

//nolint:gochecknoglobals // a table, never written
var anotherPair = lazyregexp.New(`[;,&\s]\s*["']?[\w.-]+["']?\s*[=:]`)
