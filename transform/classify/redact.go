package classify

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Redactor returns what takes the value and every part of each secret out of a text, and
// the values of more. It leaves references to a secret manager, because the stack file
// names them too.
func (s Sealing) Redactor(more ...secret.Value) verdict.Redactor {
	values := append(more, s.parts...)
	for _, known := range s.values {
		if _, managed := secret.Managed(known.Value.Reveal()); !managed {
			values = append(values, known.Value)
		}
	}
	return verdict.NewRedactor(values)
}

// RedactByShape replaces what looks like a credential in text, which may hold any that
// somebody wrote.
func RedactByShape(text string) string {
	var b strings.Builder
	end := 0
	for _, span := range verdict.Credentials(text) {
		b.WriteString(text[end:span.Start] + secret.Value{}.String())
		end = span.End
	}
	return b.String() + text[end:]
}
