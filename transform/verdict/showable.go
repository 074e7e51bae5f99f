package verdict

import (
	"strings"
	"unicode"
)

// Showable reports whether text, which somebody wrote as a name or a path, can be shown
// in a message: it is made of words and of the punctuation of names and paths, and
// nothing in it looks like a credential or made by a machine. In doubt the answer is no.
func Showable(text string) bool {
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" ._/~+-:,()[]*", r) {
			return false
		}
	}
	return !hasGeneratedPart(text) && len(Credentials(text)) == 0
}
