package verdict

import "strings"

// inDefaults returns the credentials of a text in which a shell has defaults of its own,
// as postgres://app:${PASSWORD:-x}@db: it judges text as it is when no variable is set,
// and the defaults by the names of their variables. ok is false for other texts.
func inDefaults(text string) (found []Span, ok bool) {
	if !hasExpansion(text) {
		return nil, false
	}
	expanded, words := withDefaults(text)
	if len(words) == 0 {
		return nil, false
	}
	for _, s := range allSpans(expanded) {
		for _, w := range words {
			if s.Start == w.at {
				s.End = max(s.End, w.at+w.length) // a password with an @ or a / in it
			}
		}
		s.Start, s.End = original(s.Start, words), original(s.End-1, words)+1
		found = append(found, s)
	}
	for start, end := range shellDefaults(text) {
		found = append(found, Span{Start: start, End: end, Rule: "value:shell-default"})
	}
	return found, true
}

// word is a default: where it is in the expanded text, and by how much that is less than
// in the text as it is written.
type word struct{ at, length, before, after int }

// withDefaults returns text with each ${NAME:-WORD} replaced by WORD.
func withDefaults(text string) (string, []word) {
	var b strings.Builder
	var words []word
	end := 0
	for _, m := range defaultText().FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(text[end:m[0]])
		w := word{at: b.Len(), length: m[5] - m[4], before: m[4] - b.Len()}
		b.WriteString(text[m[4]:m[5]])
		w.after = m[1] - b.Len()
		words = append(words, w)
		end = m[1]
	}
	b.WriteString(text[end:])
	return b.String(), words
}

// original is the offset in the text as it is written of the byte at offset in the
// expanded one.
func original(offset int, words []word) int {
	shift := 0
	for _, w := range words {
		switch {
		case offset < w.at:
			return offset + shift
		case offset < w.at+w.length:
			return offset + w.before
		}
		shift = w.after
	}
	return offset + shift
}
