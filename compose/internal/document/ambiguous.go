package document

import (
	"regexp"
	"strings"
)

// numeric is everything that YAML 1.1 takes for a number, a time or a date, and
// some more: "22:22" is one there, and CLIs up to 27 read 1.1.
var numeric = regexp.MustCompile(`^[-+.]?[0-9][0-9a-fA-FxXoO_:.,+\-TtZz ]*$`)

// Ambiguous tells whether text, written plain, may be read as something else than
// text by a YAML 1.1 or 1.2 parser.
func Ambiguous(text string) bool {
	switch strings.ToLower(text) {
	case "", "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", ".inf", "-.inf", "+.inf", ".nan", "<<", "=":
		return true
	}
	return numeric.MatchString(text)
}
