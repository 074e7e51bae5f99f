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
func (s Sealing) Redact(text string) string {
	var forms []string
	for _, known := range s.values {
		value := known.Value.Reveal()
		if _, managed := secret.Managed(value); managed || len(value) < minRedacted {
			continue
		}
		forms = append(forms, value)
		forms = append(forms, strings.ReplaceAll(value, "$", "$$"))
		for line := range strings.Lines(value) {
			if line = strings.TrimSpace(line); len(line) >= minEncoded {
				forms = append(forms, line)
			}
		}
	}
	for _, other := range s.Disguises() {
		forms = append(forms, other.Reveal())
	}
	slices.SortStableFunc(forms, func(a, b string) int { return len(b) - len(a) })
	for _, form := range forms {
		text = strings.ReplaceAll(text, form, redacted)
	}
	return text
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
