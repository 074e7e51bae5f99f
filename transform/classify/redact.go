package classify

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// minRedacted is the length in bytes from which Redact replaces a value. A shorter
// one is part of too many words.
const minRedacted = 4

const redacted = "[redacted]"

// Redact replaces the value of every secret in text, each line of one, and every other
// form and part of one, also where the same letters are there by chance. It is for text
// that did not come from this program. It leaves references to a secret manager,
// because the stack file names them too.
func (s Sealing) Redact(text string) string { return s.Redactor()(text) }

// Redactor returns Redact for many texts: the forms of all values are made once.
func (s Sealing) Redactor() func(text string) string {
	forms := s.forms()
	held := verdict.NewFinder(forms)
	return func(text string) string {
		if !held.Found(text) {
			return text
		}
		for _, form := range forms {
			text = strings.ReplaceAll(text, form.Reveal(), redacted)
		}
		return text
	}
}

// forms returns what Redact replaces, the longest first.
func (s Sealing) forms() []secret.Value {
	var forms []secret.Value
	for _, known := range s.values {
		value := known.Value.Reveal()
		if _, managed := secret.Managed(value); managed || len(value) < minRedacted {
			continue
		}
		forms = append(forms, known.Value, secret.NewValue(strings.ReplaceAll(value, "$", "$$")))
		for line := range strings.Lines(value) {
			if line = strings.TrimSpace(line); len(line) >= minEncoded {
				forms = append(forms, secret.NewValue(line))
			}
		}
	}
	forms = append(forms, s.Disguises()...)
	slices.SortStableFunc(forms, func(a, b secret.Value) int { return b.Len() - a.Len() })
	return forms
}

// RedactByShape replaces what looks like a credential in text, which may hold any that
// somebody wrote.
func RedactByShape(text string) string {
	var b strings.Builder
	end := 0
	for _, span := range verdict.Credentials(text) {
		b.WriteString(text[end:span.Start] + redacted)
		end = span.End
	}
	return b.String() + text[end:]
}
