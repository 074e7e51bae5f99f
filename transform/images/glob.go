package images

import (
	"fmt"
	"strings"
)

// CheckGlob fails if pattern cannot match what its author means. Only '*' and '?' are
// special: a character class that looks as if it worked would leave a secret where it is.
func CheckGlob(pattern string) error {
	switch {
	case pattern == "":
		return fmt.Errorf("%q: an empty pattern matches no variable; write VARIABLE or SERVICE.VARIABLE", pattern)
	case strings.ContainsAny(pattern, "[]{}\\=, \t\r\n"):
		return fmt.Errorf("%q: a pattern is VARIABLE or SERVICE.VARIABLE, in which only * and ? are special", pattern)
	}
	return nil
}

// GlobWeight returns the number of literal characters in pattern.
func GlobWeight(pattern string) int {
	return len(pattern) - strings.Count(pattern, "*") - strings.Count(pattern, "?")
}

// GlobMatch reports whether pattern matches all of text, in time proportional to the
// product of the two lengths at worst.
func GlobMatch(pattern, text string) bool {
	p, t := 0, 0
	star, mark := -1, 0 // the last '*' seen, and where its text ended when tried last
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
