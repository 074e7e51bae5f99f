package verdict

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// Distinctive reports whether v can be searched for, and replaced, wherever its text is.
// A password like "postgres" cannot: the same word is an image, a user and a database of
// the same application, and to replace it everywhere would break more than it hides. Such
// a value is too common: where else it is can be reported only.
func Distinctive(v secret.Value) bool {
	text := v.Reveal()
	switch {
	case len(text) < 6 || Weak(v) || isOrdinary(text):
		return false
	case len(text) < 8:
		return isMixed(text) && turns(text) >= 3
	}
	switch letter, digit, other := kinds(text); {
	case letter && digit || other || len(text) >= 24:
		return true
	case digit:
		return len(text) >= 16 && isVaried(text)
	}
	return strings.Trim(text, letters) == "" && !isWordy(text)
}

// kinds returns which kinds of characters text has, not counting those that join words.
func kinds(text string) (letter, digit, other bool) {
	bare := strings.Trim(text, "-_./")
	digit = strings.ContainsAny(bare, "0123456789")
	letter = strings.ContainsAny(bare, letters)
	other = strings.Trim(bare, letters+"0123456789-_./") != ""
	return letter, digit, other
}

// isVaried reports whether v has five characters or more that differ: 16 digits that are
// no round number.
func isVaried(v string) bool {
	seen := map[rune]bool{}
	for _, r := range v {
		seen[r] = true
	}
	return len(seen) >= 5
}

// isOrdinary reports whether v is of a kind that is no credential in itself, however it
// is called: addresses, paths, numbers, versions, dates, names of classes.
func isOrdinary(v string) bool {
	return isSwitch(v) || isQuantity(v) && len(v) < 16 || isPath(v) || isPlainURL(v) || ordinaryText().MatchString(v)
}

//nolint:gochecknoglobals // a table, never written
var ordinaryText = lazyregexp.New(`^(?:` + strings.Join([]string{
	`(?:[A-Za-z][\w.-]*|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\]):\d{2,5}(?:[,; ]+(?:[\w.-]+):\d{2,5})*`, // host:port
	`(?:[A-Za-z][A-Za-z0-9_]*:)?[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}`,                       // e-mail
	`(?:User|Group):[\w.-]+(?:;(?:User|Group):[\w.-]+)*`,                                               // principals of Kafka
	`v?\d+(?:\.\d+)+(?:[-+][a-z0-9.]+)?`, `\d{4}-\d{2}-\d{2}(?:[T ][\d:.Z+-]+)?`,                       // version, date
	`[a-z]\w*(?:\.[A-Za-z]\w*){2,}`, // class, domain
}, "|") + `)$`)

// ByNameOnly reports whether f, the verdict about v, has no other reason than the name,
// and v looks like something else: a list of hosts, an e-mail address, a class. Then the
// verdict holds for that variable, and other variables with the same text are no copies
// of a secret.
func ByNameOnly(f transform.Finding, v secret.Value) bool {
	stage, _, _ := strings.Cut(f.Rule, ":")
	return (stage == "name" || stage == "image") && isOrdinary(v.Reveal())
}

// Finder finds out whether a text contains any of many values, in one pass over it. It
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

// Found reports whether text contains one of the values.
func (f Finder) Found(text string) bool { return f.found(text) }
