package shell

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// ReadSeals returns text, which a shell runs, with every seal read from its file
// at run time; file gives that of a secret. What is in the place of a seal is
// quoted as its place asks, so that the value is one text whatever is in it. Every
// other byte stays as it is. ok is false when a seal is where a shell expands
// nothing: in a here-document with a quoted end.
func ReadSeals(text string, file func(secret string) File) (read string, ok bool) {
	if !seal.Has(text) {
		return text, true
	}
	var out strings.Builder
	copied, ok := 0, true
	scan(text, hereText, func(p part) {
		if p.kind != sealed && p.kind != beforeSeal {
			return
		}
		ok = ok && p.place != quotedHere
		out.WriteString(text[copied:p.from])
		copied = p.to
		if p.kind == sealed {
			out.WriteString(fileOf(file(seal.Whole(p.text)), p.place))
		} else {
			out.WriteString(escapedFor(p))
		}
	})
	return out.String() + text[copied:], ok
}

// fileOf is what reads file, for a place. In a comment it is the path, which nobody
// runs.
func fileOf(file File, in place) string {
	read := file.Read()
	switch in {
	case double, quotedBraces, hereText, quotedHere, arithmetic:
		return read
	case single:
		return `'"` + read + `"'`
	case ansi:
		return `'"` + read + `"$'`
	case comment:
		return file.Path
	case code, subshell, substitution, braces, pattern:
	}
	return `"` + read + `"`
}

// escapedFor is what a backslash or '$' before a value becomes: the '$' is one of
// the text's, and so is the backslash between double quotes. Elsewhere the value
// needs no backslash.
func escapedFor(p part) string {
	if p.text == "$" || p.place.isQuoted() {
		return `\` + p.text
	}
	return ""
}
