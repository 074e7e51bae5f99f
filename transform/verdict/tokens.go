package verdict

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// Tokens returns the credentials in text that nothing but their own shape tells: the
// tokens of known issuers, and private keys. It is for texts of any kind, such as the
// source of a program, in which most of what Credentials finds would be no credential.
// The result is sorted and without overlaps.
func Tokens(text string) []Span {
	var found []Span
	for _, f := range certainFinders {
		if (f.rule != "value:vendor-token" && f.rule != "value:private-key") || !f.may(text) {
			continue
		}
		for start, end := range f.find(text) {
			if isReal(f.rule, text[start:end]) {
				found = append(found, Span{Start: start, End: end, Rule: f.rule})
			}
		}
	}
	return withoutOverlaps(found)
}

// isReal reports whether token, which rule found in the source of a program, is not an
// example or a pattern for one: a key has a body.
func isReal(rule, token string) bool {
	if rule == "value:private-key" {
		return keyBody().MatchString(token)
	}
	return !isPlaceholder(token) && !strings.Contains(strings.ToLower(token), "example")
}

//nolint:gochecknoglobals // never written
var keyBody = lazyregexp.New(`[A-Za-z0-9+/]{60}`)
