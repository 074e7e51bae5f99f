package scalar

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// credentials are those of text, at a place, that are written out. A seal is none; what
// is written beside one is a part of the same secret.
func credentials(text string, at position) []verdict.Span {
	var all []verdict.Span
	for _, s := range verdict.Credentials(text) {
		if len(written(text[s.Start:s.End])) > 0 {
			all = append(all, s)
		}
	}
	if len(all) == 0 && seal.Has(text) && !isMade(at.keys) {
		all = glued(text, minGlued)
	}
	return all
}

// written are the stretches of text beside its seals that have a letter or a digit. A
// text without a seal is all written.
func written(text string) []string {
	var all []string
	for piece := range pieces(text) {
		if strings.ContainsFunc(piece, isWord) {
			all = append(all, piece)
		}
	}
	return all
}

// pieces yields the stretches of text beside its seals, and where they begin.
func pieces(text string) func(yield func(piece string, start int) bool) {
	return func(yield func(piece string, start int) bool) {
		for start := 0; ; {
			before, rest, found := strings.Cut(text[start:], seal.Open)
			if !yield(before, start) || !found {
				return
			}
			_, rest, _ = strings.Cut(rest, seal.Close)
			start = len(text) - len(rest)
		}
	}
}

// minGlued is the length in bytes from which what is joined to a seal is more than a
// flag or a prefix: half of a password.
const minGlued = 6

// glued are the words of text of atLeast bytes that are joined to a seal: literalpw-<seal>.
func glued(text string, atLeast int) []verdict.Span {
	var all []verdict.Span
	for piece, start := range pieces(text) {
		end := start + len(piece)
		if end < len(text) {
			head := strings.TrimRightFunc(piece, isJoined)
			all = addGlued(all, text, start+len(head), end, atLeast)
		}
		if start > 0 {
			tail := strings.TrimLeftFunc(piece, isJoined)
			all = addGlued(all, text, start, end-len(tail), atLeast)
		}
	}
	return all
}

func addGlued(all []verdict.Span, text string, start, end, atLeast int) []verdict.Span {
	word := strings.Trim(text[start:end], "-_.")
	if len(word) < atLeast || strings.HasPrefix(text[start:end], "-") && start > 0 && text[start-1] == ' ' {
		return all // a flag with its value
	}
	if n := len(all); n > 0 && all[n-1].Start == start {
		return all
	}
	return append(all, verdict.Span{Start: start, End: end, Rule: "value:part-of-secret"})
}

func isWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r >= 0x80
}

func isJoined(r rune) bool { return isWord(r) || strings.ContainsRune("-_.", r) }

// isMade tells whether what is at keys becomes a template, whose text was judged when it
// was made.
func isMade(keys []string) bool {
	last := keys[len(keys)-1]
	return strings.HasPrefix(last, "x-") || last == "content"
}
