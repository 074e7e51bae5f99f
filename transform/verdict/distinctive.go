package verdict

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Distinctive tells whether v can be recognised wherever its text stands. A
// password like "postgres" cannot: the same word is an image, a user and a
// database of the same application, and to replace it everywhere would break
// more than it hides.
func Distinctive(v secret.Value) bool {
	text := v.Reveal()
	if len(text) < 8 || Weak(v) {
		return false
	}
	var letter, digit, other bool
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digit = true
		case r == '-' || r == '_' || r == '.' || r == '/':
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			letter = true
		default:
			other = true
		}
	}
	return letter && digit || other || len(text) >= 24
}

// Finder tells whether any of many texts stands in another, in one pass over it.
type Finder struct{ replacer *strings.Replacer }

// NewFinder finds texts, none of them empty.
func NewFinder(texts []string) Finder {
	pairs := make([]string, 0, 2*len(texts))
	for _, text := range texts {
		pairs = append(pairs, text, "")
	}
	return Finder{replacer: strings.NewReplacer(pairs...)}
}

// Found compares lengths, because every text is replaced by nothing.
func (f Finder) Found(in string) bool { return len(f.replacer.Replace(in)) != len(in) }
