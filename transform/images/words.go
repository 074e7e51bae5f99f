package images

import "strings"

// WordSet is the set of the words in a text: they stand between blanks and line ends.
func WordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}
