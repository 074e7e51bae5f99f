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

// Finder tells whether a text contains any of many values, in one pass over it. It
// keeps them in a closure, as secret.Value does.
type Finder struct{ found func(text string) bool }

// NewFinder finds values, but for empty ones.
func NewFinder(values []secret.Value) Finder {
	var pairs []string
	for _, value := range values {
		if text := value.Reveal(); text != "" {
			pairs = append(pairs, text, "")
		}
	}
	replacer := strings.NewReplacer(pairs...)
	// Every value is replaced by nothing, so a text that contains one becomes shorter.
	return Finder{found: func(text string) bool { return len(replacer.Replace(text)) != len(text) }}
}

// Found tells whether text contains one of the values.
func (f Finder) Found(text string) bool { return f.found(text) }
