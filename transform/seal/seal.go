package seal

import "strings"

// A seal stands for a secret's value: the secret's name between two marks from
// Unicode's plane 16, which is for private use. Text of people does not hold
// them, and YAML carries them unharmed.
const (
	Open  = "\U0010F0E0"
	Close = "\U0010F0E1"
)

// Of is the seal of the secret name.
func Of(name string) string { return Open + name + Close }

// Has tells whether a seal stands in text.
func Has(text string) bool { return strings.Contains(text, Open) }

// Whole is the secret whose seal text is, all of it, or "".
func Whole(text string) string {
	rest, ok := strings.CutPrefix(text, Open)
	if !ok {
		return ""
	}
	name, tail, ok := strings.Cut(rest, Close)
	if !ok || tail != "" {
		return ""
	}
	return name
}

// Replace returns text with what with makes of each seal's secret.
func Replace(text string, with func(name string) string) string {
	if !Has(text) {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, Open)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, tail, _ := strings.Cut(rest, Close)
		b.WriteString(with(name))
		text = tail
	}
}

// Names are the secrets whose seals stand in text, in order.
func Names(text string) []string {
	var found []string
	Replace(text, func(name string) string {
		found = append(found, name)
		return ""
	})
	return found
}
