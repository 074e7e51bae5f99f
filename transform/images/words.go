package images

import "strings"

// WordSet returns the set of the words in a text, which blanks and line ends separate.
func WordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}
