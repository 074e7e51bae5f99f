package transform

import "strings"

// A seal stands for a secret's value: the secret's name between two marks from
// Unicode's plane 16, which is for private use. Text of people does not hold
// them, and YAML carries them unharmed.
const (
	sealOpen  = "\U0010F0E0"
	sealClose = "\U0010F0E1"
)

// SealOf is the seal of the secret name.
func SealOf(name string) string { return sealOpen + name + sealClose }

// HasSeal tells whether a seal stands in text.
func HasSeal(text string) bool { return strings.Contains(text, sealOpen) }

// WholeSeal is the secret whose seal text is, all of it, or "".
func WholeSeal(text string) string {
	rest, ok := strings.CutPrefix(text, sealOpen)
	if !ok {
		return ""
	}
	name, tail, ok := strings.Cut(rest, sealClose)
	if !ok || tail != "" {
		return ""
	}
	return name
}

// ReplaceSeals returns text with what with makes of each seal's secret.
func ReplaceSeals(text string, with func(name string) string) string {
	if !HasSeal(text) {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, sealOpen)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, tail, _ := strings.Cut(rest, sealClose)
		b.WriteString(with(name))
		text = tail
	}
}

// Seals are the secrets whose seals stand in text, in order.
func Seals(text string) []string {
	var found []string
	ReplaceSeals(text, func(name string) string {
		found = append(found, name)
		return ""
	})
	return found
}
